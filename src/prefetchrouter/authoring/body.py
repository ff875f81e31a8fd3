"""The body of a rule: features, helper functions and nested routers, turned into one rule body."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from prefetchrouter.authoring.arguments import no_result
from prefetchrouter.authoring.criteria import Exact
from prefetchrouter.authoring.rewrites import RulePath
from prefetchrouter.authoring.route import Route
from prefetchrouter.errors import Diagnostic, FeatureError, PatternError, shown
from prefetchrouter.likely_mistakes.markers import misspelled_marker
from prefetchrouter.likely_mistakes.parameters import listed_parameters
from prefetchrouter.regex import portable
from prefetchrouter.rules.condition_json import MAX_DEPTH, Warn
from prefetchrouter.rules.features import Features, features_from, reserved_headers, rewrite_warnings
from prefetchrouter.rules.features.kept import once_for_each
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.rules.rule import Apply, Chain, Group, Rule
from prefetchrouter.rules.typed.features_dict import FeaturesDict
from prefetchrouter.rules.walk import levels
from prefetchrouter.source import Source


class Nested(ABC):
    """A router nested in a rule."""

    @abstractmethod
    def nested_rules(self) -> tuple[Rule, ...]:
        """Return its rules, in order, for use inside another rule."""

    @property
    @abstractmethod
    def noted(self) -> tuple[Diagnostic, ...]:
        """The warnings of each of its rules for itself."""


Helper: TypeAlias = Callable[[Route], "Route | tuple[Route | None, ...] | None"]
RuleBody: TypeAlias = FeaturesDict | Features | Helper | Nested
"""What a rule does: a mapping of features, a `Features` model, a function of a `Route`, or a nested router.

See `docs/features.md` and `docs/helpers.md`.
"""


def to_rule(
    bodies: tuple[object, ...],
    sections: Mapping[str, Any],
    criteria: object,
    source: Source | None,
    warn: Warn,
) -> Rule:
    """Return the one rule that bodies and section keywords make.

    Args:
        bodies: Features, helper functions and routers; all apply, in order.
        sections: Features given as keywords; they belong to the first body.
        criteria: The criteria of the rule, from which helpers take its path.
        source: The call that made the rule.
        warn: Called with each warning.

    Raises:
        RuleError: Not a valid rule body, or invalid features.

    Example:
        >>> to_rule(({"comment": "note"},), {}, "/", None, print).features.comment
        'note'
    """
    first, *others = bodies
    rules = _rules(first, sections, criteria, source, warn)
    for body in others:
        rules += _rules(body, {}, criteria, source, warn)
    if rules and isinstance(rules[0], Chain):
        rules.insert(0, Apply(features=features_from({}), source=source))
    return rules[0] if len(rules) == 1 else Group(rules=tuple(rules), source=source)


def _rules(
    body: object, sections: Mapping[str, Any], criteria: object, source: Source | None, warn: Warn
) -> list[Rule]:
    if body is not None and isinstance(body, Nested):
        if sections:
            raise _error(
                "a router and section keywords in one call", hint="give the features a body to themselves"
            )
        for warning in body.noted:
            warn(warning)
        rules = body.nested_rules()
        if levels(rules) > MAX_DEPTH - 2:  # with the rule and its list
            raise _error(f"rules are nested more than {MAX_DEPTH} deep", hint="write flatter rules")
        return list(rules)
    features = _features(body, sections, criteria, warn)
    for warning in _warnings(features):
        warn(warning)
    return [Apply(features=features, source=source)]


@once_for_each
def _warnings(features: Features) -> tuple[Diagnostic, ...]:
    return (
        *reserved_headers(features),
        *rewrite_warnings(features),
        *listed_parameters(features),
        *misspelled_marker(features.comment),
    )


def _features(body: object, sections: Mapping[str, Any], criteria: object, warn: Warn) -> Features:
    match body:
        case None if sections:
            return features_from(sections)
        case None:
            raise _error(
                "a rule without features", hint='write features, as in caching={"max_age": "1h"}, or {}'
            )
        case Features() if not sections:
            return body
        case Features():
            raise _error("a Features model and section keywords in one call", hint="write one or the other")
        case dict() | Mapping():
            twice = [name for name in sections if name in body]
            if twice:
                raise _error(
                    f"{shown(twice[0])} is in the mapping and also a keyword", hint="write it in one of them"
                )
            return features_from({**body, **sections} if sections else body)
        case _ if callable(body):
            route = Route(rule_path(criteria), query_names=_captured(criteria))
            return _written_by(body, route, sections, warn)  # pyright: ignore[reportArgumentType]
        case _:
            raise _error(
                f"{shown(body)} is not something that a rule can lead to",
                expected="a mapping of features, a Features model, a function of the route, or a Router",
            )


def _written_by(helper: Helper, route: Route, sections: Mapping[str, Any], warn: Warn) -> Features:
    returned = helper(route)
    results = returned if isinstance(returned, tuple | list) else [returned]
    if not all(result is None or isinstance(result, Route) for result in results):
        raise _error(
            f"a helper returned {no_result(returned)}",
            expected="calls on the route, whose results it may return",
            hint="to give features as they are, write the mapping itself; a helper is a plain function",
        )
    for warning in route.warnings:
        warn(warning)
    twice = [name for name in sections if name in route.features]
    if twice:
        raise _error(f"{shown(twice[0])} is written by the helper and as a keyword")
    try:
        return features_from({**route.features, **sections})
    except FeatureError as error:
        raise FeatureError(*(_placed(found, route) for found in error.diagnostics)) from None


def _placed(found: Diagnostic, route: Route) -> Diagnostic:
    """Return the problems of features, each at the last helper call that wrote its section."""
    return found.at(route.lines.get(str(found.path[0]))) if found.path else found


def rule_path(criteria: object) -> RulePath | None:
    """Return the path that rewrites start from, or None if criteria do not name exactly one.

    Example:
        >>> rule_path({"path": "/a/:id", "method": "GET"}).text
        '/a/:id'
    """
    match criteria.get("path") if isinstance(criteria, Mapping) else criteria:
        case str(text) if _is_pattern(text):
            return RulePath.pattern(text)
        case Exact(text=text):
            return RulePath.exact(text)
        case re.Pattern() as regex:
            return RulePath.regex(portable(regex).source)
        case _:
            return None


def _is_pattern(text: str) -> bool:
    """Return whether criteria accept the text; otherwise they report it, and rewrites need not repeat it."""
    try:
        PathPattern(text)
    except PatternError:
        return False
    return True


def _captured(criteria: object) -> tuple[str, ...]:
    query = criteria.get("query") if isinstance(criteria, Mapping) else None
    if not isinstance(query, Mapping):
        return ()
    return tuple(
        str(name) for name, value in query.items() if isinstance(value, str) and value.startswith(":")
    )


def _error(message: str, *, expected: str | None = None, hint: str | None = None) -> FeatureError:
    return FeatureError.of("rule-body", message, expected=expected, hint=hint)
