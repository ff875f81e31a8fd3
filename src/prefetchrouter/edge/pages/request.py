"""One request with what happened to it, and its explanation by the rules."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from prefetchrouter.edge.logging.entry_data import entry_data
from prefetchrouter.edge.logging.exchange import Exchange
from prefetchrouter.edge.logging.request_log import LogEntry
from prefetchrouter.edge.logging.secrets import Secrets, shielded_fields, shielded_key
from prefetchrouter.edge.pages.rows import request_row
from prefetchrouter.edge.pages.sentences import sentences
from prefetchrouter.errors import PrefetchRouterError
from prefetchrouter.evaluation.request_key import without_own
from prefetchrouter.explanation import explain
from prefetchrouter.explanation.data import explanation_data
from prefetchrouter.freshness import spoken
from prefetchrouter.freshness.advice import percent
from prefetchrouter.http.masking import is_secret_name, masked_target
from prefetchrouter.http.message import Fact, Request
from prefetchrouter.rules.property_settings import facts_of
from prefetchrouter.rules.rule_set import RuleSet

_WORD = re.compile(r"[\w.-]+")
_OWN_VALUE = re.compile(r" \(here it is .*", re.S)


def page_data(entry: LogEntry, rules: RuleSet, facts: Mapping[str, Fact]) -> dict[str, Any]:
    """Return a request as plain data, with its headers and its explanation.

    Args:
        entry: The request.
        rules: The current rules.
        facts: Facts about each visitor.
    """
    exchange = entry.exchange
    return {
        **entry_data(entry),
        "sentences": _secrets(exchange).hidden_in(sentences(exchange)),
        "request_headers": [list(pair) for pair in shielded_fields(exchange.request.headers)],
        "response_headers": [list(pair) for pair in shielded_fields(exchange.headers)],
        "explanation": _explained(exchange, rules, facts),
    }


def page_texts(entry: LogEntry, rules: RuleSet, facts: Mapping[str, Fact]) -> dict[str, Any]:
    """Return the variables of the page of a request; arguments as of `page_data`."""
    data = page_data(entry, rules, facts)
    found = data["explanation"]
    if "problem" not in found:
        _add_texts(found)
    return {**request_row(entry), **data}


def _secrets(exchange: Exchange) -> Secrets:
    request = exchange.request
    return Secrets(request.headers, exchange.headers, target=request.target)


def _explained(exchange: Exchange, rules: RuleSet, facts: Mapping[str, Fact]) -> dict[str, Any]:
    request, trace = exchange.request, exchange.trace
    response = trace.origin_response
    try:
        explained = Request(
            request.url,
            request.method,
            dict(request.headers),
            facts={**request.address_fact(facts_of(rules.property)), **facts},
            response=response,
        )
        found = explanation_data(explain(rules, explained, edge_age=max(0.0, trace.age or 0.0)))
    except PrefetchRouterError as error:
        return {"problem": _secrets(exchange).hidden(str(error))}
    del found["headers"]  # the page lists the headers that were sent
    for miss in found["prefetched"]["nearly"]:
        if any(map(is_secret_name, _WORD.findall(miss["when"]))):
            miss["when"] = _OWN_VALUE.sub("", miss["when"])
    edge = found["edge"]
    edge["cache_key"] = [shielded_key(part) for part in edge["cache_key"]]
    path, _, query = edge["path"].partition("?")
    edge["path"] = masked_target(f"{path}?{rest}" if (rest := without_own(query)) else path)
    return _secrets(exchange).hidden_in(found)


def _add_texts(found: dict[str, Any]) -> None:
    for value in found["values"]:
        value["text"] = _text(value["value"])
        for before in value["in_place_of"]:
            before["text"] = _text(before["value"])
    for chance in found["click"]["mechanisms"]:
        left = chance["seconds_left"]
        chance["good_for"] = spoken(math.inf if left is None else left)
        chance["odds_text"] = percent(chance["odds"])
    found["click"]["text"] = spoken(found["click"]["seconds_later"])
    found["click"]["age_text"] = spoken(found["click"]["edge_age"])
    edge = found["edge"]
    edge["stored_text"] = _stored_text(edge)
    freshness = found["freshness"]
    freshness["lifetime_text"] = spoken(freshness["lifetime"])
    freshness["worst_text"] = spoken(freshness["worst_age"])


def _stored_text(edge: Mapping[str, Any]) -> str:
    if edge["stored"] is False:
        return f"no: {edge['not_stored_because']}"
    if edge["stored"] and edge["stored_by"] != "rule":
        times = [f"{spoken(max(0, edge['stored_seconds']))} by {edge['stored_by']}"]
    else:
        times = [f"{status}: {spoken(max(0, time))}" for status, time in edge["seconds_by_status"].items()]
    stale = edge["stale_seconds"] if edge["stored"] else edge["stale_while_revalidate"]
    if times and stale:
        times.append(f"then stale for {spoken(stale)}")
    return ", ".join(times) or "as the origin says, no rule sets it"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
