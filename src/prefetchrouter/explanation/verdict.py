"""Is the page prefetched? What browsers do by the manifest, what rules say, and where the two differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from prefetchrouter.browser.links import logging_out
from prefetchrouter.browser_view.evaluation import evaluate_in_browser
from prefetchrouter.browser_view.filter import LISTED_FEATURES, Filtered, Omission, filter_rules
from prefetchrouter.catalog import keys
from prefetchrouter.catalog.feature_specs import split_key
from prefetchrouter.evaluation import Decision, Evaluator, Value
from prefetchrouter.explanation.doubts import prefetch_doubts
from prefetchrouter.explanation.near import NearMiss, near_misses
from prefetchrouter.http.message import Request
from prefetchrouter.http_cache.outcome import PrefetchOutcome
from prefetchrouter.http_cache.reasons import Explained
from prefetchrouter.rules.property_settings import unsupported_conditions
from prefetchrouter.rules.rule import Rule
from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.rules.walk import applied

_DECISIVE = (keys.caching.max_age, keys.caching.service_worker_max_age)


@dataclass(frozen=True, slots=True)
class PrefetchVerdict:
    """Whether a visitor's browser has the page before the click.

    Args:
        prefetched: Whether it has: browsers request the page, the edge answers, the service worker stores it.
        reason: Why, with the lines.
        asked_for: Whether browsers request it by themselves: what the manifest says, for a GET.
        agrees: Whether browsers decide as the rules do for this request.
        cure: What to do where the edge or the worker is what prevents it; None if nothing is known.
        near: Branches that would have made it prefetchable, and what kept them from applying.
        doubts: What keeps a prefetch from helping although the rules allow it.
        may_change: Unknown facts that would change what the rules say, each with its line.
        is_missing_a_feature: Whether rules match, and none of them sets what prefetching needs.
    """

    prefetched: bool
    reason: str
    asked_for: bool
    agrees: bool
    cure: str | None
    near: tuple[NearMiss, ...]
    doubts: tuple[str, ...]
    may_change: tuple[str, ...]
    is_missing_a_feature: bool


def verdict(
    evaluator: Evaluator,
    decision: Decision,
    in_browser: Decision,
    outcome: PrefetchOutcome,
    rules: Iterable[Rule] = (),
) -> PrefetchVerdict:
    """Return whether browsers prefetch the page, and why.

    Args:
        evaluator: The rules that concern the request.
        decision: What they make of it.
        in_browser: What browsers decide by the cache manifest.
        outcome: What the edge and the service worker make of a prefetch.
        rules: Where to look for rules that nearly applied.

    Example:
        >>> from prefetchrouter import Request, Router
        >>> from prefetchrouter.http_cache.outcome import prefetch_outcome
        >>> router = Router().get("/a", caching={"max_age": "1h"})
        >>> evaluator, request = Evaluator(router), Request("/a")
        >>> decision, in_browser = evaluator.evaluate(request), evaluate_in_browser(evaluator, request)
        >>> verdict(evaluator, decision, in_browser, prefetch_outcome(decision, decision)).reason
        'no matching rule sets caching.service_worker_max_age'
    """
    is_get = decision.request.method == "GET"
    by_manifest, by_rules = is_get and in_browser.prefetchable, decision.prefetchable
    word = logging_out(_target(decision.request)) if by_manifest else None
    by_browser = by_manifest and word is None
    problem = outcome.problem if by_browser else _not_followed(word)
    prefetched = by_browser and problem is None
    refusal = decision.prefetch_refusal if problem is None and not by_manifest else None
    return PrefetchVerdict(
        prefetched=prefetched,
        reason=_reason(decision, in_browser, by_manifest) if problem is None else str(problem),
        asked_for=by_browser,
        agrees=by_manifest is by_rules,
        cure=None if problem is None else problem.what_to_do,
        near=near_misses(rules, decision),
        doubts=(*prefetch_doubts(decision, in_browser), *outcome.doubts) if prefetched else (),
        may_change=tuple(
            f"{dependency.source}: {', '.join(dependency.facts)}"
            for dependency in decision.depends_on
            if evaluator.evaluate(decision.request, assuming=[dependency.branch]).prefetchable is not by_rules
        ),
        is_missing_a_feature=refusal is not None and refusal.missing is not None,
    )


def _target(request: Request) -> str:
    return f"{request.path}?{request.query}" if request.query else request.path


def _not_followed(word: str | None) -> Explained | None:
    """Return why the page's script leaves a link alone, or None if it does not."""
    if word is None:
        return None
    return Explained(
        f'links that log out are never prefetched: "{word}" is in its address',
        advice="where it does not log out, set ignorePatterns in the options of the page's script",
    )


def _reason(decision: Decision, in_browser: Decision, by_browser: bool) -> str:
    against = decision.not_prefetchable_because
    if by_browser and against is None:
        return ", ".join(
            _stated(value) for value in decision.values.values() if value.key.startswith(_DECISIVE)
        )
    if by_browser:
        return f"browsers go by the manifest alone, but the rules say no for this request: {against}"
    if against is None:
        return f"browsers go by the manifest alone: there {in_browser.not_prefetchable_because}"
    return against


def _stated(value: Value) -> str:
    _section, name, *status = split_key(value.key)
    code = "" if status in ([], ["200"]) else f" for {status[0]}"
    return f"{name}{code} {value.value}" + (f" ({value.source})" if value.source else "")


def manifest_view(rules: Iterable[Rule], decision: Decision, in_browser: Decision) -> tuple[Filtered, ...]:
    """Return what the manifest shows of the rules that apply to the URL, here or in the browser.

    Args:
        rules: The rules.
        decision: What they make of the request.
        in_browser: What browsers decide by the cache manifest.

    Example:
        >>> from prefetchrouter import Request, Router, evaluate
        >>> router = Router().get("/a", caching={"max_age": "1h"}, comment="cache-manifest-ignore")
        >>> decision, in_browser = evaluate(router, Request("/a")), evaluate_in_browser(router, Request("/a"))
        >>> view = manifest_view(router.rules, decision, in_browser)
        >>> [found.listed for found in view]
        [None]
    """
    here = {id(matched.rule) for matched in decision.rules}
    there = {matched.source for matched in in_browser.rules}

    def is_concerned(rule: Rule) -> bool:
        parts = list(applied(rule))
        if any(id(part) in here for part in parts):
            return True
        # The rules of a loop share their line, so that a line alone proves nothing.
        return (
            any(part.source in there for part in parts)
            and evaluate_in_browser(_alone(rule, decision), decision.request).matches
        )

    concerned = [rule for rule in rules if is_concerned(rule)]
    return tuple(filter_rules(concerned, unsupported_conditions(decision.site)))


def differences(manifest: Iterable[Filtered], decision: Decision) -> tuple[Omission, ...]:
    """Return what the manifest leaves out of the rules that decide differently there than here.

    Args:
        manifest: What `manifest_view` returned.
        decision: What the rules make of the request.

    Example:
        >>> from prefetchrouter import Request, Router, evaluate
        >>> router = Router().match("/a", caching={"max_age": "1h"}, comment="cache-manifest-ignore")
        >>> decision, in_browser = evaluate(router, Request("/a")), evaluate_in_browser(router, Request("/a"))
        >>> view = manifest_view(router.rules, decision, in_browser)
        >>> [found.message for found in differences(view, decision)]
        ['hidden by "cache-manifest-ignore"']
    """
    found: list[Omission] = []
    for filtered in manifest:
        alone, request = _alone(filtered.rule, decision), decision.request
        if _listed(alone.evaluate(request)) != _listed(evaluate_in_browser(alone, request)):
            found += (omission for omission in filtered.omissions if omission.reason != "features")
    return tuple(found)


def _alone(rule: Rule, decision: Decision) -> Evaluator:
    """Return what evaluates one rule of a site without the others."""
    return Evaluator(RuleSet(rules=(rule,), property=decision.site))


def _listed(decision: Decision) -> dict[str, object]:
    """Return what decides prefetching, by its key."""
    return {key: decision.get(key) for key in LISTED_FEATURES}
