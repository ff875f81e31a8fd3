"""Rule sets of Edgio and Layer0 as JSON: the same rules, as calls of the router."""

from __future__ import annotations

from typing import Any

from prefetchrouter.errors import LoadError, RuleSetError
from prefetchrouter.importing.imported import Imported, ImportedRule
from prefetchrouter.importing.python_source import Call, Expression
from prefetchrouter.rules.condition_json import condition_to_json
from prefetchrouter.rules.rule import Apply, Chain, Group, Rule
from prefetchrouter.rules.rule_json import rule_to_json
from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.source import Source


def read_edgio(text: str, file: str, imported: Imported) -> None:
    """Read a rule set.

    Args:
        text: Its JSON.
        file: Its name, for comments and messages.
        imported: Takes what is read.

    Raises:
        LoadError: It is not a rule set; all that is wrong with it is said.

    Example:
        >>> text = '[{"if": [{"==": [{"request": "path"}, "/a"]}, {"caching": {"max_age": {"200": "1h"}}}]}]'
        >>> read_edgio(text, "rules.json", imported := Imported())
        >>> imported.parts[0].criteria, imported.parts[0].sections
        ('/a', {'caching': {'max_age': {'200': '1h'}}})
    """
    try:
        rule_set = RuleSet.from_json(text)
    except RuleSetError as error:
        raise LoadError(*error.at(Source(file, 1)).diagnostics) from None
    around: dict[str, Any] = {name: each for name, each in rule_set.around_json().items() if name != "rules"}
    if around:
        imported.property_call = Call("Property", (), around)
    source = Source(file, 1)
    for rule in rule_set.rules:
        imported.parts += _calls(rule, source)


def _calls(rule: Rule, source: Source) -> list[ImportedRule]:
    match rule:
        case Apply():
            return [ImportedRule(source, None, sections=rule_to_json(rule, "raw"))]
        case Chain(branches=branches, otherwise=otherwise, comment=None) if all(
            isinstance(body, Apply)
            for body in (*(branch.rule for branch in branches), otherwise or branches[0].rule)
        ):
            only = len(branches) == 1 and otherwise is None
            calls = [
                ImportedRule(
                    source,
                    _criteria(condition_to_json(branch.condition)),
                    sections=rule_to_json(branch.rule, "raw"),
                    method="match" if only else ("elif_" if place else "if_"),
                )
                for place, branch in enumerate(branches)
            ]
            if otherwise is not None:
                calls.append(
                    ImportedRule(source, None, sections=rule_to_json(otherwise, "raw"), method="else_")
                )
            return calls
        case Chain() | Group():
            return [ImportedRule(source, rule_to_json(rule, "raw"), method="conditional")]


def _criteria(condition: Any) -> Expression:
    """The short form of a condition on the path, or the condition itself."""
    match condition:
        case {"==": [{"request": "path"}, str(text)]}:
            return text
        case {"===": [{"request": "path"}, str(text)]}:
            return Call("exact", (text,))
        case _:
            return Call("raw", (condition,))
