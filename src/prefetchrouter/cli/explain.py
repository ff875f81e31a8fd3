"""``prefetchrouter explain``: what one request gets and why, and whether a click can use a prefetch of it."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from prefetchrouter.cli.option_values import number, whole
from prefetchrouter.cli.parsing import add_choice, add_unsupported_conditions, utf8

if TYPE_CHECKING:
    from prefetchrouter.http.message import Request, Response
    from prefetchrouter.navigation.next_pages import NextLink
    from prefetchrouter.rules.rule_set import RuleSet
    from prefetchrouter.rules.typed_property import UnsupportedConditions

_seconds = number(-math.inf, math.inf, "a number of seconds")

MECHANISMS = (
    "firefox-link", "chromium-link", "speculation-rules", "prerender", "service-worker", "fetch",
    "safari-preload", "browser-cache", "chromium-link-window", "chromium-link-age-bug", "firefox-link-151",
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument
    add("url", type=utf8, metavar="URL", help="a URL, or only its path")
    add("routes", nargs="?", default="routes.py", help="the routes file (default: routes.py)")
    request = parser.add_argument_group("the request")
    request.add_argument("--method", default="GET", help="the method (default: GET)")
    request.add_argument(
        "--header", action="append", type=utf8, default=[], metavar="NAME:VALUE", help="a header"
    )
    request.add_argument(
        "--cookie", action="append", type=utf8, default=[], metavar="NAME=VALUE", help="a cookie"
    )
    request.add_argument(
        "--fact", action="append", type=utf8, default=[], metavar="NAME=VALUE",
        help="a fact about the visitor, such as location.country=DE",
    )  # fmt: skip
    request.add_argument(
        "--unknown", action="append", default=[], metavar="NAME",
        help="an unknown fact, such as device.* or request.header.accept-language",
    )  # fmt: skip
    response = parser.add_argument_group("the origin's response")
    response.add_argument(
        "--status", type=whole("a status code", digits=6), metavar="CODE", help="its status code"
    )
    response.add_argument(
        "--response-header", action="append", type=utf8, default=[], metavar="NAME:VALUE", help="a header"
    )
    add_unsupported_conditions(parser)
    parser.add_argument(
        "--full", action="store_true", help="also show manifest, headers, ages and what is assumed"
    )
    parser.add_argument(
        "--navigation",
        metavar="FILE",
        help="what `learn` has learned: also show where visitors go next, and what is prefetched of that",
    )
    prefetch = parser.add_argument_group("the prefetch")
    prefetch.add_argument(
        "--at", type=_seconds, default=0.0, metavar="SECONDS",
        help="the age of the stored response at the edge when it is prefetched (default: 0)",
    )  # fmt: skip
    prefetch.add_argument(
        "--click", type=_seconds, default=30.0, metavar="SECONDS",
        help="the time between prefetch and click (default: 30)",
    )  # fmt: skip
    prefetch.add_argument(
        "--browser", metavar="NAME@VERSION",
        help="a browser, such as safari@27.3, firefox@esr or chrome: only what it has",
    )  # fmt: skip
    add_choice(
        prefetch, "--mechanism", *MECHANISMS, action="append", metavar="NAME",
        help=f"a prefetch mechanism (default: all current ones): {', '.join(MECHANISMS)}",
    )  # fmt: skip
    prefetch.add_argument(
        "--worker-subtracts-age", action="store_true", help="assume a service worker that subtracts the age"
    )
    prefetch.add_argument(
        "--most-age", type=_seconds, metavar="SECONDS", help="warn when content can get older than this"
    )


def run(options: argparse.Namespace) -> int:
    """Print the explanation."""
    from prefetchrouter.explanation import explain
    from prefetchrouter.explanation.data import explanation_data
    from prefetchrouter.explanation.text import explanation_text
    from prefetchrouter.navigation.next_pages import next_data, next_text
    from prefetchrouter.report.table import Style, width_of

    rules = _rule_set(options.routes, options.unsupported_conditions)
    following = _next_links(options, rules)
    found = explain(
        rules,
        _request(options),
        edge_age=options.at,
        click=options.click,
        mechanisms=tuple(options.mechanism) if options.mechanism else None,
        worker_subtracts_age=options.worker_subtracts_age,
        most_age=options.most_age,
        browser=options.browser,
    )
    if options.format == "json":
        data = explanation_data(found)
        if following is not None:
            data["next"] = next_data(following)
        print(json.dumps(data, indent=2))
    else:
        print(explanation_text(found, Style.of(), width_of(), detail="full" if options.full else "folded"))
        if following is not None:
            print(f"\n{next_text(following)}")
    return 0


def _next_links(options: argparse.Namespace, rules: RuleSet) -> tuple[NextLink, ...] | None:
    if options.navigation is None:
        return None
    from prefetchrouter.navigation.navigation_file import Navigation
    from prefetchrouter.navigation.next_pages import next_links

    return next_links(Navigation.load(options.navigation), rules, options.url)


def _rule_set(path: str, unsupported: UnsupportedConditions | None) -> RuleSet:
    from prefetchrouter.cli.load_routes import load_routes
    from prefetchrouter.errors import LoadError, RuleError

    try:
        return load_routes(path, unsupported_conditions=unsupported).rule_set
    except RuleError as error:
        # Invalid rules are not a finding of this command: exit code 2, not 1.
        raise LoadError(*error.diagnostics) from None


def _request(options: argparse.Namespace) -> Request:
    from prefetchrouter.http.message import Request

    return Request(
        options.url,
        method=options.method,
        headers=_joined(_pairs(options.header, ":", "--header")),
        cookies=dict(_pairs(options.cookie, "=", "--cookie")),
        facts=dict(_pairs(options.fact, "=", "--fact")),
        unknown=tuple(options.unknown),
        response=_response(options),
    )


def _response(options: argparse.Namespace) -> Response | None:
    from prefetchrouter.http.message import Response

    headers: dict[str, list[str]] = {}
    for name, value in _pairs(options.response_header, ":", "--response-header"):
        headers.setdefault(name, []).append(value)
    if options.status is None and not headers:
        return None
    return Response(200 if options.status is None else options.status, headers)


def _joined(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return headers by name; repeated ones are joined (RFC 9110, section 5.3)."""
    joined: dict[str, str] = {}
    for name, value in headers:
        joined[name.lower()] = f"{joined[name.lower()]}, {value}" if name.lower() in joined else value
    return joined


def _pairs(texts: Iterable[str], separator: str, option: str) -> list[tuple[str, str]]:
    from prefetchrouter.errors import RequestError, shown

    pairs = []
    for text in texts:
        name, found, value = text.partition(separator)
        if not found or not name.strip():
            raise RequestError.of("request", f"{option} {shown(text)}", expected=f"NAME{separator}VALUE")
        pairs.append((name.strip(), value.strip()))
    return pairs
