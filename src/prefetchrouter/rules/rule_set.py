"""`RuleSet`: the rules of a site with its origins and hostnames; JSON in, the same JSON out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, get_args

from prefetchrouter.errors import Diagnostic, RuleError, RuleSetError, did_you_mean, shown
from prefetchrouter.rules.features import Features
from prefetchrouter.rules.features.section import written
from prefetchrouter.rules.rule import HasRules, Rule
from prefetchrouter.rules.rule_json import CODES_FROM, Form, decoded_body, rule_from_json, rule_to_json
from prefetchrouter.rules.typed_property import UnsupportedConditions
from prefetchrouter.rules.walk import applied, distinct_features

if TYPE_CHECKING:
    from prefetchrouter.rules.property import Property

_AROUND = ("name", "origins", "hostnames", "foreign_prefetch", "encoded_slashes", "path_parameters", "facts")


@dataclass(frozen=True, kw_only=True)
class RuleSet:
    """A list of rules, and the origins and hostnames around it.

    Args:
        rules: In the order written; every matching rule contributes, later values win.
        property: Name, origins and hostnames, where the user gave them.
        form: How its JSON is written: ``"exported"`` (what an edge takes) or ``"raw"`` (what people write).

    Example:
        >>> RuleSet.from_json({"rules": [{"comment": "all"}]}).rules[0].features.comment
        'all'
    """

    rules: tuple[Rule, ...]
    property: Property | None = None
    form: Form = "exported"

    @cached_property
    def distinct_features(self) -> list[Features]:
        """The features of its rules, each object once: rules that write the same sections share them."""
        return distinct_features(self.rules)

    @cached_property
    def _numbers_by_features(self) -> dict[int, list[int]]:
        """The numbers of the rules that hold each features object, by the id of the object."""
        found: dict[int, list[int]] = {}
        for number, rule in enumerate(self.rules):
            for apply in applied(rule):
                found.setdefault(id(apply.features), []).append(number)
        return found

    def listing_by(self, unsupported_conditions: UnsupportedConditions | None) -> RuleSet:
        """Return the same rules with another way to make the cache manifest; the same rule set for None.

        Args:
            unsupported_conditions: As the setting of `Property`, which it overrides.
        """
        if unsupported_conditions is None:
            return self
        changed = {"unsupported_conditions": unsupported_conditions}
        property = _property({}) if self.property is None else self.property
        return replace(self, property=property.model_copy(update=changed))

    @classmethod
    def from_json(
        cls, document: str | bytes | Mapping[str, Any] | list[Any], form: Form | None = None
    ) -> Self:
        """Return the rule set that JSON describes.

        Args:
            document: The text, its bytes or the data of ``{"rules": [...]}`` with, perhaps, ``name``,
                ``origins`` and ``hostnames``; or only the list of rules.
            form: ``"exported"`` or ``"raw"``; inferred from the rules when not given.

        Raises:
            RuleError: It is not a rule set; `diagnostics` names each rule that is wrong.

        Example:
            >>> RuleSet.from_json('{"rules": [{"caching": {"max_age": "1h"}}]}').form
            'raw'
        """
        form = _checked(form)
        data = _parsed(document) if isinstance(document, str | bytes) else document
        if isinstance(data, list):
            data = {"rules": data}
        if not isinstance(data, Mapping) or not isinstance(data.get("rules"), list):
            raise _error(f"{shown(data)} is not a rule set", expected='{"rules": [...]}')
        unknown = [key for key in data if key not in ("rules", *_AROUND)]
        if unknown:
            raise _error(
                f"{shown(unknown[0])} is not a part of a rule set",
                expected="rules, " + ", ".join(_AROUND),
                hint=did_you_mean(unknown[0], ("rules", *_AROUND)),
            )
        around = {key: data[key] for key in data if key in _AROUND}
        form = form or form_of(data["rules"])
        return cls(
            rules=tuple(_rules(data["rules"], form)),
            property=_property(around) if around else None,
            form=form,
        )

    def to_json(self, form: Form | None = None) -> dict[str, Any]:
        """Return the document as plain lists and mappings, in the order written.

        Args:
            form: ``"exported"`` or ``"raw"``; the rule set's own when not given.

        Raises:
            RuleSetError: There is no such form.

        Example:
            >>> RuleSet.from_json([{"caching": {"max_age": "1h"}}]).to_json("exported")
            {'rules': [{'caching': {'max_age': {'200': '1h'}}}]}
        """
        form = _checked(form) or self.form
        return {**self.around_json(), "rules": [rule_to_json(rule, form) for rule in self.rules]}

    def around_json(self) -> dict[str, Any]:
        """Return the document without its rules: name, origins, hostnames and settings.

        Example:
            >>> from prefetchrouter import Property
            >>> RuleSet(rules=(), property=Property(name="shop")).around_json()
            {'name': 'shop'}
        """
        around: dict[str, Any] = written(self.property) if self.property is not None else {}
        around.pop("unsupported_conditions", None)  # it is for the manifest, not for an edge
        return around


def _checked(form: Form | None) -> Form | None:
    if form is not None and form not in get_args(Form):
        raise _error(f"{shown(form)} is not a form of rules", expected='"exported" or "raw"')
    return form


def form_of(rules: object) -> Form:
    """Return how rules are written: ``"raw"`` when anything in them is not as an edge takes it.

    Example:
        >>> form_of([{"caching": {"max_age": {"200": "1h"}}}])
        'exported'
    """
    return "raw" if any(_is_raw(features) for features in _objects(rules)) else "exported"


def _is_raw(features: Mapping[Any, Any]) -> bool:
    response = features.get("response")
    body = response.get("set_response_body") if isinstance(response, Mapping) else None
    return (
        any(
            isinstance(values := features.get(section), Mapping) and isinstance(values.get(name), str)
            for section, names in CODES_FROM.items()
            for name in names
        )
        or isinstance(features.get("edge_function"), str)
        or (body is not None and decoded_body(body) is None)
    )


def _objects(rules: object) -> Iterator[Mapping[Any, Any]]:
    pending = [rules]
    while pending:
        match pending.pop():
            case list(parts) | {"if": list(parts)}:
                pending += parts
            case Mapping() as features:
                yield features
            case _:
                pass


def _rules(rules: list[Any], form: Form) -> Iterator[Rule]:
    problems: list[Diagnostic] = []
    for number, rule in enumerate(rules):
        try:
            yield rule_from_json(rule, form)
        except RuleError as error:
            problems += error.inside("rules", number).diagnostics
    if problems:
        raise RuleSetError(*problems)


def _parsed(text: str | bytes) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise _error(f"line {error.lineno}, column {error.colno}: {error.msg}", expected="JSON") from None
    except UnicodeDecodeError:
        raise _error("the bytes are not UTF-8 text", expected="JSON") from None
    except RuleSetError:
        raise
    except (RecursionError, ValueError):
        raise _error("the JSON is nested too deep, or holds too long a number") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        name = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise _error(f"{shown(name)} appears twice in one object", hint="keep one of them")
    return found


def _error(message: str, *, expected: str | None = None, hint: str | None = None) -> RuleSetError:
    return RuleSetError.of("rule-set", message, expected=expected, hint=hint)


def features_of(rules: HasRules) -> list[Features]:
    """Return the features of rules, each object once; of a `RuleSet` they are collected once.

    Args:
        rules: A `Router` or a `RuleSet`.
    """
    return rules.distinct_features if isinstance(rules, RuleSet) else distinct_features(rules.rules)


def rules_with(rules: HasRules, wanted: Callable[[Features], bool]) -> list[Rule]:
    """Return the rules that hold features of a kind, in order; each features object is looked at once.

    Args:
        rules: A `Router` or a `RuleSet`.
        wanted: Whether features are of the kind.
    """
    rule_set = rules if isinstance(rules, RuleSet) else RuleSet(rules=rules.rules)
    found = [id(features) for features in rule_set.distinct_features if wanted(features)]
    if not found:
        return []
    numbers = {number for features in found for number in rule_set._numbers_by_features[features]}
    return [rule_set.rules[number] for number in sorted(numbers)]


def _property(around: Mapping[str, Any]) -> Property:
    from prefetchrouter.rules.property import Property  # most sites describe none, and it takes some time

    return Property(**around)


def property_of(rules: HasRules) -> Property | None:
    """Return the settings of the site that rules belong to; None for a `Router`, which has none.

    Args:
        rules: A `Router`, a `RuleSet` or an `Evaluator`.
    """
    found = getattr(rules, "property", None)
    if found is None:
        return None
    from prefetchrouter.rules.property import Property

    return found if isinstance(found, Property) else None
