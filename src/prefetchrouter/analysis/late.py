"""Features that come too late: they act before there is a response, and a condition on one chooses them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prefetchrouter.catalog import keys
from prefetchrouter.catalog.feature_specs import FEATURES
from prefetchrouter.errors import Diagnostic
from prefetchrouter.rules.conditions import Condition, Variable
from prefetchrouter.rules.features import Features, Section, items
from prefetchrouter.rules.features.rewrite_checks import leads_to_its_source
from prefetchrouter.rules.rule import Apply, Chain, Group, Rule
from prefetchrouter.rules.walk import comparisons

_INSTEAD: dict[str, str] = {
    keys.url.url_redirect: 'write response={{"set_status_code": {code}}}, '
    'headers={{"set_response_headers": {{"location": "{destination}"}}}}',
    keys.origin.origin_failover_codes: "write it in a rule for the request: it names the statuses itself",
}
_OTHERWISE = "write it in a rule for the request"


def late_features(rules: Iterable[Rule]) -> Iterator[Diagnostic]:
    """Yield a warning for each feature that a condition on the response chooses too late.

    Args:
        rules: The rules.

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().catch(404, origin={"set_origin": "archive"})
        >>> [found.message for found in late_features(router.rules)]
        ['origin.set_origin under a condition on the response comes too late to have an effect']
    """
    for rule in rules:
        if _asks_response_somewhere(rule):
            yield from _of(rule, is_after=False)


def _asks_response_somewhere(rule: Rule) -> bool:
    match rule:
        case Apply():
            return False
        case Group(rules=rules):
            return any(map(_asks_response_somewhere, rules))
        case Chain(branches=branches, otherwise=otherwise):
            for branch in branches:
                if asks_response(branch.condition) or _asks_response_somewhere(branch.rule):
                    return True
            return otherwise is not None and _asks_response_somewhere(otherwise)


def asks_response(condition: Condition) -> bool:
    """Return whether a condition can be decided only once there is a response.

    Example:
        >>> from prefetchrouter import Router
        >>> asks_response(Router().catch(404, {}).rules[0].branches[0].condition)
        True
    """
    for test in comparisons(condition):
        for operand in test.operands:
            if isinstance(operand, Variable) and _is_of_response(operand):
                return True
    return False


def _is_of_response(variable: Variable) -> bool:
    if variable.namespace == "variable":
        from prefetchrouter.evaluation.variable_values import is_late

        return is_late(str(variable.name))
    return variable.namespace.startswith("response")


def _of(rule: Rule, *, is_after: bool) -> Iterator[Diagnostic]:
    match rule:
        case Apply():
            if is_after:
                yield from _in(rule)
        case Group(rules=rules):
            for member in rules:
                yield from _of(member, is_after=is_after)
        case Chain(branches=branches, otherwise=otherwise):
            for branch in branches:
                is_after = is_after or asks_response(branch.condition)
                yield from _of(branch.rule, is_after=is_after)
            if otherwise is not None:
                yield from _of(otherwise, is_after=is_after)


def _in(apply: Apply) -> Iterator[Diagnostic]:
    for name in _names(apply.features):
        if FEATURES[name].phase == "request":
            yield Diagnostic(
                "no-effect",
                f"{name} under a condition on the response comes too late to have an effect",
                apply.source,
                hint=_cure(name, apply.features),
                severity="warning",
            )


def _names(features: Features) -> Iterator[str]:
    for section, part in items(features):
        if isinstance(part, Section) and section in Section.sections:
            yield from (f"{section}.{name}" for name, value in items(part) if not _is_idle(name, value))
        else:
            yield section


def _is_idle(name: str, value: object) -> bool:
    """Return whether a rewrite leads each path to itself, as `Route.redirect` writes one."""
    return name == "url_rewrite" and isinstance(value, tuple) and all(map(leads_to_its_source, value))


def _cure(name: str, features: Features) -> str:
    redirect = features.url.url_redirect if features.url is not None else None
    if (
        name == keys.url.url_redirect
        and redirect is not None
        and redirect.source is None
        and redirect.destination
    ):
        return _INSTEAD[name].format(code=redirect.code or 302, destination=redirect.destination)
    if name == keys.url.url_redirect:
        return _INSTEAD[name].format(code=302, destination="/home")
    return _INSTEAD.get(name, _OTHERWISE)
