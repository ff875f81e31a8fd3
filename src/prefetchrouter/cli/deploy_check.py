"""``prefetchrouter deploy-check``: whether a live edge responds as the rules say."""

from __future__ import annotations

import argparse
import json
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from prefetchrouter.cli.option_values import number
from prefetchrouter.cli.parsing import add_choice

if TYPE_CHECKING:
    from prefetchrouter.rules.rule_set import RuleSet


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument
    add("url", metavar="URL", help="the edge, such as https://www.shop.example")
    add("--rules", default="routes.py", metavar="FILE", help="the routes file (default: routes.py)")
    add(
        "--path", action="append", default=[], metavar="PATH",
        help="also request this path of the site, such as that of a page that exists",
    )  # fmt: skip
    add("--host", metavar="NAME", help="the host to send, for an edge that does not have its name yet")
    add_choice(
        parser, "--scheme", "http", "https",
        help="the scheme that rules see (default: that of the URL; on this machine https)",
    )  # fmt: skip
    add("--most", type=_count, default=200, help="the largest number of requests (default: 200)")
    add(
        "--pause", type=number(0, 60, "a number of seconds from 0 to 60"), default=0.1, metavar="SECONDS",
        help="the time between two requests (default: 0.1)",
    )  # fmt: skip
    add("--ca", type=Path, metavar="FILE", help="trust this certificate authority, in PEM")


def run(options: argparse.Namespace) -> int:
    """Print what differs; the exit code is 1 when anything does."""
    from prefetchrouter.live_check.checking import check
    from prefetchrouter.live_check.live_client import LiveClient
    from prefetchrouter.live_check.live_site import LiveSite
    from prefetchrouter.live_check.report_data import report_data
    from prefetchrouter.live_check.report_text import report_text
    from prefetchrouter.report.table import Style

    rules = _rule_set(options.rules)
    paths = _paths(options.path)
    site = LiveSite.of(options.url, rules, host=options.host, scheme=options.scheme)
    client = LiveClient(site, pause=options.pause, context=_context(options.ca))
    report = check(rules, site, client.send, paths=paths, most=options.most)
    if options.format == "json":
        print(json.dumps(report_data(report), indent=2))
    else:
        print(report_text(report, Style.of()))
    return 1 if report else 0


def _rule_set(path: str) -> RuleSet:
    from prefetchrouter.cli.load_routes import load_routes
    from prefetchrouter.errors import LoadError, RuleError

    try:
        return load_routes(path).rule_set
    except RuleError as error:
        # Invalid rules are not a finding of this command: exit code 2, not 1.
        raise LoadError(*error.diagnostics) from None


def _paths(paths: list[str]) -> list[str]:
    from prefetchrouter.errors import PrefetchRouterError, shown
    from prefetchrouter.http.message import Request

    for path in paths:
        if not path.startswith("/") or path.startswith("//") or Request(path).refusal is not None:
            raise PrefetchRouterError.of(
                "command-line", f"--path {shown(path)} is not a path", expected='one such as "/products/2"'
            )
    return paths


def _context(authority: Path | None) -> ssl.SSLContext | None:
    from prefetchrouter.errors import PrefetchRouterError, shown

    if authority is None:
        return None
    try:
        return ssl.create_default_context(cafile=authority)
    except (OSError, ssl.SSLError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PrefetchRouterError.of(
            "command-line", f"--ca {shown(str(authority))} cannot be read: {reason}"
        ) from None


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:9]) <= 10_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 10,000")
    return int(text)
