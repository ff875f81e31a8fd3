"""An explanation as plain data, for programs: the same content as the page."""

from __future__ import annotations

import math
from typing import Any

from prefetchrouter.browser_view.filter import Filtered, Omission
from prefetchrouter.catalog import keys
from prefetchrouter.evaluation import Decision, Dependency, Value
from prefetchrouter.explanation.explanation import Explanation
from prefetchrouter.explanation.forecast import Chance
from prefetchrouter.explanation.speculated_text import browser_data, speculated_data
from prefetchrouter.freshness.mechanisms import WINDOW
from prefetchrouter.http_cache.reasons import explained
from prefetchrouter.http_cache.storage import NotStorable, StoragePolicy
from prefetchrouter.report.build_report import listing
from prefetchrouter.report.describe import describe_condition
from prefetchrouter.report.diagnostic_lines import diagnostics_json
from prefetchrouter.rules.features.section import written
from prefetchrouter.source import Source


def explanation_data(found: Explanation) -> dict[str, Any]:
    """Return an explanation as dicts, lists, text, numbers and booleans; times are in seconds.

    Example:
        >>> from prefetchrouter import Request, Router
        >>> from prefetchrouter.explanation import explain
        >>> explanation_data(explain(Router(), Request("/a")))["prefetched"]["reason"]
        'no rule matches'
    """
    decision, verdict = found.decision, found.verdict
    return {
        "request": {"method": decision.request.method, "url": decision.request.url},
        "prefetched": {
            "works": verdict.prefetched,
            "by_browsers": verdict.asked_for,
            "by_rules": decision.prefetchable,
            "reason": verdict.reason,
            "cure": verdict.cure,
            "since": [_omission(omission) for omission in found.differences],
            "nearly": [{"line": _line(miss.source), "when": miss.when} for miss in verdict.near],
            "doubts": list(verdict.doubts),
            "depends_on": list(verdict.may_change),
        },
        "click": {
            "edge_age": found.forecast.edge_age,
            "seconds_later": found.forecast.click,
            "mechanisms": [_chance(chance) for chance in found.forecast.chances],
        },
        "browser": browser_data(found.in_browser_version),
        "speculation": speculated_data(found.speculated),
        "advice": diagnostics_json(found.forecast.advice),
        "rules": [
            {
                "line": _line(rule.source),
                "when": rule.when or None,
                "branch": rule.branch,
                "comment": rule.comment,
                "by_response": rule.late,
            }
            for rule in found.applied
        ],
        "not_decided": [
            *(_dependency(dependency, "unknown") for dependency in decision.depends_on),
            *(_dependency(dependency, "response") for dependency in decision.awaiting_response),
        ],
        "values": [
            {**_value(value), "in_place_of": [_value(before) for before in value.overrode]}
            for value in decision.values.values()
        ],
        "manifest": [_listing(filtered) for filtered in found.manifest],
        "edge": {
            **_edge(decision),
            **_stored(found),
            "foreign_prefetch": found.foreign,
            "refuses_uncached_foreign_prefetches": found.guarded,
        },
        "headers": [list(pair) for pair in found.client_headers],
        "freshness": _freshness(found),
        "assumed": list(found.notes),
    }


def _chance(chance: Chance) -> dict[str, Any]:
    found = chance.found
    return {
        "name": chance.mechanism.name,
        "title": chance.mechanism.title,
        "rule": chance.mechanism.rule,
        "used": found.used,
        "from_http_cache": found.from_http_cache,
        "dead_link": found.is_dead,
        "seconds_left": None if math.isinf(found.seconds_left) else found.seconds_left,
        "request_at_click": found.request_at_click,
        "odds": round(chance.odds, 6),
        "reason": found.reason,
        "clauses": list(found.clauses),
    }


def _dependency(dependency: Dependency, on: str) -> dict[str, Any]:
    return {
        "line": _line(dependency.source),
        "condition": describe_condition(dependency.condition),
        "depends_on": on,
        "facts": list(dependency.facts),
    }


def _value(value: Value) -> dict[str, Any]:
    return {
        "key": value.key,
        "value": written(value.value),
        "line": _line(value.source),
        "has_effect": value.has_effect,
    }


def _listing(filtered: Filtered) -> dict[str, Any]:
    return {
        "line": _line(filtered.rule.source),
        "listed": listing(filtered),
        "left_out": [_omission(omission) for omission in filtered.omissions],
    }


def _omission(omission: Omission) -> dict[str, Any]:
    return {"line": _line(omission.source), "reason": omission.reason, "message": omission.message}


def _edge(decision: Decision) -> dict[str, Any]:
    stale, redirect, made = decision.stale_while_revalidate, decision.redirect, decision.synthetic
    uncached = decision.value(keys.response.allow_prefetching_uncached_content)
    return {
        "seconds_by_status": {str(status): ttl.seconds for status, ttl in decision.ttls.items()},
        "stale_while_revalidate": None if stale is None else stale.seconds,
        "cache_key": list(decision.cache_key),
        "refuses_uncached_prefetches": uncached is None or uncached.value is not True,
        "origin": decision.origin,
        "path": decision.path,
        "status": decision.status,
        "refused": decision.refusal and decision.refusal._asdict(),
        "redirect": redirect and {"status": redirect.status, "location": redirect.location},
        "synthetic": made and {"status": made.status, "body": made.body, "asks_origin": made.asks_origin},
    }


def _stored(found: Explanation) -> dict[str, Any]:
    """Return whether the edge stores the response: null where that is not known without it."""
    storage, response = found.outcome.storage, found.decision.request.response
    status = 200 if response is None else response.status
    why = explained(storage.reason, status) if isinstance(storage, NotStorable) else None
    is_stored = isinstance(storage, StoragePolicy)
    return {
        "stored": True if is_stored else None if why is None else False,
        "not_stored_because": why and why.sentence,
        "not_stored_clause": why and why.clause,
        "stored_if": why and why.what_to_do,
        "stored_seconds": storage.fresh if isinstance(storage, StoragePolicy) else None,
        "stale_seconds": storage.stale if isinstance(storage, StoragePolicy) else None,
        "stored_by": storage.basis if isinstance(storage, StoragePolicy) else None,
        "answers_prefetches": found.outcome.is_answered,
    }


def _freshness(found: Explanation) -> dict[str, Any]:
    forecast, layers = found.forecast, found.delivery.layers
    return {
        "lifetime": forecast.lifetime.seconds,
        "lifetime_from": forecast.lifetime.basis,
        "age_on_receipt": forecast.age,
        "age_sent": layers.age_sent,
        "worst_age": forecast.worst.seconds,
        "worst_age_sum": forecast.worst.sum,
        "worst_age_after_purge": forecast.after_purge.seconds,
        "speculation_rules_add": WINDOW,
        "prerender_adds": None,
    }


def _line(source: Source | None) -> str | None:
    return str(source) if source else None
