"""Rules to and from JSON: the exported form that an edge takes, and the raw form that people write.

The exported form differs from the raw one in three features: a text ``max_age`` is a mapping by
status, a text ``edge_function`` is an object, and ``set_response_body`` is base64.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from prefetchrouter.errors import RuleSetError, did_you_mean, shown
from prefetchrouter.rules.condition_json import MAX_DEPTH, Warn, condition_from_json, condition_to_json
from prefetchrouter.rules.features import Features, features_from
from prefetchrouter.rules.features.fields import facts_of
from prefetchrouter.rules.features.section import Section, items, written
from prefetchrouter.rules.rule import Apply, Branch, Chain, Group, HasRules, Rule
from prefetchrouter.source import Source

Form = Literal["exported", "raw"]

EDGE_FUNCTION_VERSION = 2


def rule_to_json(rule: Rule, form: Form = "exported") -> Any:
    """Return a rule as plain lists and mappings, in the order it was written.

    Example:
        >>> rule_to_json(rule_from_json({"caching": {"max_age": "1h"}}))
        {'caching': {'max_age': {'200': '1h'}}}
    """
    return rule_data(rule, exported_features if form == "exported" else written)


def rule_data(rule: Rule, features_data: Callable[[Features], Any]) -> Any:
    """Return a rule as plain lists and mappings, with features as a function returns them.

    Example:
        >>> rule_data(rule_from_json([{}, {"comment": "a"}]), lambda features: features.comment)
        [None, 'a']
    """
    match rule:
        case Apply(features=features):
            return features_data(features)
        case Group(rules=rules):
            return [rule_data(member, features_data) for member in rules]
        case Chain(branches=branches, otherwise=otherwise, comment=comment):
            parts: list[Any] = []
            for branch in branches:
                parts += condition_to_json(branch.condition), rule_data(branch.rule, features_data)
            if otherwise is not None:
                parts.append(rule_data(otherwise, features_data))
            return {"if": parts} if comment is None else {"if": parts, "comment": comment}


def exported_features(features: Features) -> dict[str, Any]:
    """Return features as plain data in the form that an edge takes.

    Example:
        >>> exported_features(Features(edge_function="./a.js"))
        {'edge_function': {'js_path': './a.js', 'version': 2}}
    """
    return {name: exported_part(name, part) for name, part in items(features)}


def exported_part(name: str, part: object) -> Any:
    """Return a section, or a feature beside the sections, as plain data in the form that an edge takes.

    Example:
        >>> exported_part("comment", "a note")
        'a note'
    """
    data = written(part)
    match name:
        case "response" if "set_response_body" in data:
            text = data["set_response_body"]
            return {**data, "set_response_body": base64.b64encode(text.encode()).decode()}
        case "edge_function" if isinstance(data, str):
            return {"js_path": data, "version": EDGE_FUNCTION_VERSION}
        case _ if name in CODES_FROM:
            return with_codes(name, data)
        case _:
            return data


CODES_FROM: Final = {
    section: codes
    for section, model in Section.sections.items()
    if (
        codes := {
            name: facts.codes_from
            for name, field in model.model_fields.items()
            if name not in Section.sections and (facts := facts_of(field)).codes_from is not None
        }
    )
}
"""By section, the features of which a text is exported as a mapping, each with that of its other codes."""


def with_codes(section: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the features of a section with a text ``max_age`` as the mapping by status that an edge takes.

    Example:
        >>> with_codes("caching", {"max_age": "1h", "cacheable_status_codes": [404]})["max_age"]
        {'200': '1h', '404': '1h'}
    """
    for name, codes_from in CODES_FROM.get(section, {}).items():
        value = values.get(name)
        if isinstance(value, str):
            codes = ("200", *map(str, values.get(codes_from, ())))
            values = {**values, name: dict.fromkeys(codes, value)}
    return values


def rule_from_json(
    data: object,
    form: Form = "exported",
    *,
    source: Source | None = None,
    warn: Warn | None = None,
) -> Rule:
    """Return the rule that JSON describes.

    Args:
        data: A features object, ``{"if": [...]}``, or a list of these.
        form: How it was written; see the module.
        source: Where the user wrote it, remembered by every part.
        warn: Given for a rule that is being written now; see `condition_from_json`.

    Raises:
        RuleSetError: It has not the form of a rule.
        RuleError: A condition or feature in it is wrong.

    Example:
        >>> rule_from_json({"if": [{"==": [{"request": "path"}, "/a"]}, {}]}).branches[0].rule.features
        Features()
    """
    return _Reader(form, source, warn).rule(data, depth=0)


class _Reader:
    """Reads rules of one form; every part gets the same source."""

    def __init__(self, form: Form, source: Source | None, warn: Warn | None) -> None:
        self._form = form
        self._source = source
        self._warn = warn

    def rule(self, data: object, depth: int) -> Rule:
        if depth > MAX_DEPTH:
            raise _error(f"rules are nested more than {MAX_DEPTH} deep")
        if isinstance(data, list | tuple):
            return Group(rules=tuple(self.rule(member, depth + 1) for member in data), source=self._source)
        if not isinstance(data, Mapping):
            raise _error(
                f"{shown(data)} is not a rule", expected='features, {"if": [...]}, or a list of these'
            )
        if "if" in data:
            return self._chain(data, depth)
        features = features_from(self._decoded(data) if self._form == "exported" else data)
        return Apply(features=features, source=self._source)

    def _chain(self, data: Mapping[Any, Any], depth: int) -> Chain:
        unknown = [key for key in data if key not in ("if", "comment")]
        if unknown:
            raise _error(
                f'{shown(unknown[0])} stands beside "if"', hint=did_you_mean(unknown[0], ["comment"])
            )
        parts, comment = data["if"], data.get("comment")
        if not isinstance(parts, list | tuple) or len(parts) < 2:
            raise _error(f'"if": {shown(parts)}', expected="a list: condition, rule, and so on")
        if comment is not None and not isinstance(comment, str):
            raise _error(f'"comment": {shown(comment)}', expected="text")
        branches = tuple(
            Branch(
                condition=condition_from_json(condition, self._warn),
                rule=self.rule(rule, depth + 1),
                source=self._source,
            )
            for condition, rule in zip(parts[::2], parts[1::2], strict=False)
        )
        otherwise = self.rule(parts[-1], depth + 1) if len(parts) % 2 else None
        return Chain(branches=branches, otherwise=otherwise, comment=comment, source=self._source)

    def _decoded(self, data: Mapping[Any, Any]) -> Mapping[Any, Any]:
        response = data.get("response")
        if not isinstance(response, Mapping) or "set_response_body" not in response:
            return data
        text = decoded_body(response["set_response_body"])
        if text is None:
            raise _error(
                f"response.set_response_body: {shown(response['set_response_body'])}",
                expected="base64 of UTF-8 text, as in every exported rule set",
                hint='read a rule set that people wrote with form="raw"',
            )
        return {**data, "response": {**response, "set_response_body": text}}


def decoded_body(value: object) -> str | None:
    """Return the text of an exported response body, or None if it is not base64 of UTF-8.

    Example:
        >>> decoded_body("aGk="), decoded_body("hello")
        ('hi', None)
    """
    if not isinstance(value, str):
        return None
    try:
        text = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    return text if base64.b64encode(text.encode()).decode() == value else None


def _error(message: str, *, expected: str | None = None, hint: str | None = None) -> RuleSetError:
    return RuleSetError.of("rule-set", message, expected=expected, hint=hint)


def compile_rules(router: HasRules) -> list[Any]:
    """Return the rules as plain lists and mappings, in the form that an edge takes.

    Args:
        router: A `Router` or a `RuleSet`.

    Example:
        >>> from prefetchrouter import Router
        >>> compile_rules(Router().match("/a", caching={"max_age": "1h"}))
        [{'if': [{'==': [{'request': 'path'}, '/a']}, {'caching': {'max_age': {'200': '1h'}}}]}]
    """
    return [rule_to_json(rule) for rule in router.rules]
