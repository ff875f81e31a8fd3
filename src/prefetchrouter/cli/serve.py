"""``prefetchrouter serve``: a site behind the rules, on this machine."""

from __future__ import annotations

import argparse
import re
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from prefetchrouter.cli.option_values import port
from prefetchrouter.cli.parsing import add_choice, add_strict, add_unsupported_conditions
from prefetchrouter.engines.programs import EMBEDDED, ENGINES, engine_named

if TYPE_CHECKING:
    from prefetchrouter.edge.limits import Limits
    from prefetchrouter.edge.running.settings import ServeSettings
    from prefetchrouter.errors import Diagnostic

EXTRA = frozenset(
    {
        "aiohappyeyeballs",
        "cryptography",
        "httptools",
        "starlette",
        "trustme",
        "uvicorn",
        "uvloop",
        "watchfiles",
    }
)
"""The packages that only this command needs."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `run` reads."""
    add = parser.add_argument
    add("routes", nargs="?", default="routes.py", help="the routes file (default: routes.py)")
    add_choice(
        parser, "--engine", EMBEDDED, *ENGINES, default=EMBEDDED,
        help="the program that serves: the target for it is built and started (default: embedded)",
    )  # fmt: skip
    add(
        "--origin", action="append", default=[], metavar="[NAME=]URL|FOLDER",
        help="the location of an origin; without a name, of all others",
    )  # fmt: skip
    add(
        "--example",
        action="store_true",
        help="use the example shop for all origins that are not given",
    )
    _add_address(parser.add_argument_group("address"))
    _add_request_facts(parser.add_argument_group("the request as rules see it"))
    _add_behaviour(parser.add_argument_group("serving"))
    _add_output(parser.add_argument_group("output"))


def _add_address(where: argparse._ArgumentGroup) -> None:
    where.add_argument("--port", type=port(), default=8080, help="0 picks a free one (default: 8080)")
    where.add_argument(
        "--listen", default="127.0.0.1", metavar="ADDRESS",
        help="the address to listen on (default: 127.0.0.1, for this machine only)",
    )  # fmt: skip
    where.add_argument("--https", action="store_true", help="serve HTTPS, with a certificate for localhost")
    where.add_argument("--certificate", type=Path, metavar="FILE", help="your own certificate, in PEM")
    where.add_argument("--key", type=Path, metavar="FILE", help="its key (default: in the same file)")


def _add_request_facts(request: argparse._ArgumentGroup) -> None:
    add_choice(
        request, "--scheme", "http", "https", default="https",
        help="the scheme, whatever the browser uses (default: https)",
    )  # fmt: skip
    request.add_argument(
        "--host",
        metavar="NAME",
        help="the host instead of localhost (default: the property's first hostname)",
    )
    request.add_argument(
        "--alias", action="append", default=[], metavar="NAME",
        help="another name of the site, such as that of a tunnel",
    )  # fmt: skip
    request.add_argument(
        "--fact", action="append", default=[], metavar="NAME=VALUE",
        help="a fact about every visitor, such as location.country=DE",
    )  # fmt: skip


def _add_behaviour(how: argparse._ArgumentGroup) -> None:
    how.add_argument(
        "--without", action="append", default=[], metavar="FEATURE",
        help="serve without this feature, which the edge does not support",
    )  # fmt: skip
    how.add_argument(
        "--cache-size", metavar="SIZE", help="the size of the cache, such as 64MiB (default: 256MiB)"
    )
    add_choice(
        how, "--cache-status", "on", "debug", "off", default="on",
        help="the response header Cache-Status; debug adds the cache key and the rule (default: on)",
    )  # fmt: skip
    add_strict(how)
    how.add_argument(
        "--allow-slow-regexes", action="store_true",
        help="serve although a regular expression could take exponential time on some request",
    )  # fmt: skip
    add_unsupported_conditions(how)
    how.add_argument(
        "--navigation", metavar="FILE",
        help="what `learn` has learned: pages prefetch the likely links first, as with `build --navigation`",
    )  # fmt: skip
    flag = argparse.BooleanOptionalAction
    how.add_argument(
        "--inject", action=flag,
        help="put the script tag, with its overlay, into pages for browsers on this machine"
        " (default: with --origin, unless --listen names another address)",
    )  # fmt: skip
    how.add_argument(
        "--warm", action=flag,
        help="let prefetches by browsers on this machine fetch what is not stored"
        " (default: as --inject, and with --example)",
    )  # fmt: skip
    how.add_argument("--no-reload", action="store_true", help="do not reload the routes file when it changes")


def _add_output(shows: argparse._ArgumentGroup) -> None:
    shows.add_argument(
        "--pages", action="store_true",
        help="serve pages that show each request, to this machine only (implied by --example)",
    )  # fmt: skip
    shows.add_argument(
        "--pages-port", type=port(), metavar="PORT",
        help="the port of these pages (default: the one after --port)",
    )  # fmt: skip
    shows.add_argument(
        "--access-log", type=Path, metavar="FILE", help="write a line for each request to this file"
    )
    add_choice(
        shows, "--access-log-format", "combined", "json", default="combined",
        help="the format of these lines (default: combined)",
    )  # fmt: skip
    shows.add_argument(
        "--beacons", type=Path, metavar="FILE", help="write the beacons of page views to this file"
    )
    shows.add_argument(
        "--beacon-path", type=_beacon_path, default="/__edgio__/view", metavar="PATH",
        help="the path that pages send them to (default: /__edgio__/view)",
    )  # fmt: skip
    shows.add_argument("--quiet", action="store_true", help="print no line for each request")


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl+C or a termination signal."""
    from prefetchrouter.errors import PrefetchRouterError, ServeError

    try:
        settings = settings_of(options)
    except PrefetchRouterError as error:
        raise ServeError(*error.diagnostics) from None
    try:
        from prefetchrouter.edge.clients.server import run as run_loop
        from prefetchrouter.edge.running.serving import serve
        from prefetchrouter.engines.run_program import serve as serve_with
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in EXTRA:
            raise
        raise ServeError.of(
            "serve", f"serve needs {error.name}, which is not installed",
            hint='pip install "prefetchrouter[serve]"',
        ) from None  # fmt: skip
    try:
        if options.engine == EMBEDDED:
            return run_loop(lambda: serve(settings, sys.stdout))
        engine = engine_named(options.engine)
        return run_loop(lambda: serve_with(engine, settings, sys.stdout))
    except ServeError as error:
        raise ServeError(*(_with_hint(found, options) for found in error.diagnostics)) from None


def _with_hint(found: Diagnostic, options: argparse.Namespace) -> Diagnostic:
    """Return a diagnostic; if the routes file is missing, with a hint how to get one for this site."""
    if found.code != "file-not-found":
        return found
    if options.example:
        return replace(found, hint="prefetchrouter init --example writes the rules of the shop")
    if options.routes == "routes.py" and options.origin and "=" not in options.origin[0]:
        hint = f"prefetchrouter init --origin {shlex.quote(options.origin[0])} writes rules for its pages"
        return replace(found, hint=hint)
    return found


def settings_of(options: argparse.Namespace) -> ServeSettings:
    """Return the settings that the options say.

    Raises:
        PrefetchRouterError: An option has an invalid value.
    """
    from prefetchrouter.edge.running.settings import EXAMPLE_SITE, ServeSettings
    from prefetchrouter.errors import ServeError

    if options.key is not None and options.certificate is None:
        raise ServeError.of("serve", "--key without --certificate", expected="both")
    origins = {"": str(EXAMPLE_SITE)} if options.example else {}
    given = _origins(options.origin)
    is_local = options.engine == EMBEDDED and _is_this_machine(options.listen)
    is_preview = bool(given) and is_local
    navigation = None
    if options.navigation is not None:
        from prefetchrouter.navigation import Navigation

        navigation = Navigation.load(options.navigation)
    return ServeSettings(
        routes=options.routes,
        origins={**origins, **given},
        listen=options.listen,
        port=options.port,
        https=options.https or options.certificate is not None,
        certificate=options.certificate,
        key=options.key,
        scheme=options.scheme,
        host=_host("--host", options.host),
        aliases=tuple(filter(None, (_host("--alias", name) for name in options.alias))),
        facts=_facts(options.fact),
        without=tuple(options.without),
        limits=_limits(options.cache_size),
        cache_status=options.cache_status,
        allow_slow_regexes=options.allow_slow_regexes,
        pages=options.pages or options.pages_port is not None or options.example,
        pages_port=options.pages_port,
        access_log=options.access_log,
        access_log_format=options.access_log_format,
        beacons=options.beacons,
        beacon_path=options.beacon_path,
        navigation=navigation,
        inject=is_preview if options.inject is None else options.inject,
        warm=is_preview or (options.example and is_local) if options.warm is None else options.warm,
        quiet=options.quiet,
        reload=not options.no_reload,
        form=options.format,
        debug=options.debug,
        strict=options.strict,
        unsupported_conditions=options.unsupported_conditions,
    )


def _is_this_machine(listen: str) -> bool:
    from prefetchrouter.edge.hosts import is_local_name

    return is_local_name(listen) or is_local_name(f"[{listen}]")


def _origins(texts: list[str]) -> dict[str, str]:
    """Return origins by name; a text without a name is the default, under the empty name."""
    from prefetchrouter.errors import ServeError, shown

    origins: dict[str, str] = {}
    for text in texts:
        name, found, place = text.partition("=")
        if not found or "/" in name or ":" in name:
            name, place = "", text
        if name in origins:
            said = f"--origin {name}" if name else "--origin without a name"
            raise ServeError.of("serve", f"{said} is given twice: {shown(origins[name])} and {shown(place)}")
        origins[name] = place
    return origins


def _limits(cache_size: str | None) -> Limits:
    from prefetchrouter.edge.limits import Limits
    from prefetchrouter.errors import PrefetchRouterError, ServeError, shown
    from prefetchrouter.rules.size import Size

    if cache_size is None:
        return Limits()
    try:
        return Limits(cache_bytes=Size(cache_size).bytes)
    except PrefetchRouterError:
        problem = f"--cache-size: {shown(cache_size)} is not a size"
        raise ServeError.of("serve", problem, expected='a whole number and a unit, such as "64MiB"') from None


def _host(option: str, text: str | None) -> str | None:
    from prefetchrouter.errors import ServeError, shown

    if text is not None and not re.fullmatch(r"[A-Za-z0-9._-]+(?::[0-9]+)?", text):
        raise ServeError.of("serve", f"{option} {shown(text)}", expected='a name such as "www.shop.example"')
    return text.lower() if text else None


def _facts(texts: list[str]) -> dict[str, str]:
    from prefetchrouter.errors import ServeError, shown
    from prefetchrouter.rules.header_syntax import bad_in_value

    facts = {}
    for text in texts:
        name, found, value = text.partition("=")
        if not found or not name.strip():
            raise ServeError.of("serve", f"--fact {shown(text)}", expected="NAME=VALUE")
        bad = bad_in_value(value.strip())
        if bad is not None:
            raise ServeError.of(
                "serve", f"--fact {shown(text)} contains {bad!a}", expected="text on one line"
            )
        facts[name.strip()] = value.strip()
    return facts


def _beacon_path(text: str) -> str:
    if not re.fullmatch(r"/[A-Za-z0-9._~/-]{1,200}", text) or "//" in text:
        raise argparse.ArgumentTypeError(f"{text!r} is not a path such as /__edgio__/view")
    return text
