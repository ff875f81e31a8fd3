"""Prints a rule set's document: a change of one rule is a change of one line."""

from __future__ import annotations

import json
from json.encoder import encode_basestring_ascii

from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.rules.rule_text import RuleWriter


def document_text(rule_set: RuleSet) -> str:
    """Return a rule set's document as the text of a file: one rule a line, one trailing newline.

    Example:
        >>> from prefetchrouter.rules.property import Property
        >>> rules = RuleSet.from_json([{"comment": "a"}, {}]).rules
        >>> print(document_text(RuleSet(rules=rules, property=Property(name="shop"))), end="")
        {
        "name": "shop",
        "rules": [
        {"comment": "a"},
        {}
        ]
        }
    """
    parts = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in rule_set.around_json().items()]
    rules = ",\n".join(map(RuleWriter(_encoded), rule_set.rules))
    parts.append(f'"rules": [\n{rules}\n]' if rules else '"rules": []')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _encoded(value: object) -> str:
    return encode_basestring_ascii(value) if isinstance(value, str) else json.dumps(value)
