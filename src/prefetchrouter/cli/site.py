"""``prefetchrouter site``: a folder of static files becomes a site that prefetches, on any web server."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from prefetchrouter.cli.option_values import port

if TYPE_CHECKING:
    from prefetchrouter.authoring.loader import Routes
    from prefetchrouter.static_site import CopiedSite, StaticSite

_MOST_NAMED = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("folder", help="the folder with the pages, such as public")
    parser.add_argument("routes", nargs="?", default="routes.py", help="the routes file (default: routes.py)")
    parser.add_argument(
        "--out", metavar="FOLDER",
        help="where the copy for your web server goes (default: dist/site); may be the folder itself",
    )  # fmt: skip
    parser.add_argument(
        "--base", type=_base, default="", metavar="PATH",
        help="the path below which the site is served, such as /docs (default: /)",
    )  # fmt: skip
    parser.add_argument("--port", type=port(), default=8000, help="0 picks a free one (default: 8000)")
    parser.add_argument("--no-serve", action="store_true", help="write the files, and serve nothing")


def run(options: argparse.Namespace) -> int:
    """Write routes if there are none, lay out the site, and serve it until Ctrl+C."""
    from prefetchrouter.cli.load_routes import load_routes
    from prefetchrouter.static_site import StaticSite, write_copy

    folder, routes_file = Path(options.folder), Path(options.routes)
    out = Path(options.out) if options.out is not None else Path("dist") / "site"
    site = StaticSite.of(folder, options.base, (out, routes_file))
    proposed = None if routes_file.exists() else _propose(site, routes_file)
    routes = load_routes(str(routes_file))
    copied = write_copy(site, _own_files(routes), out)
    summary = _summary(site, routes, copied, out)
    summary["proposed"] = proposed
    if options.no_serve:
        print(json.dumps(summary, indent=2) if options.format == "json" else _text(summary, routes_file))
        return 0
    return _serve(options, site, routes, summary)


def _propose(site: StaticSite, routes_file: Path) -> int:
    """Write a routes file with proposed rules; return how many there are."""
    from prefetchrouter.output.writing import write_all
    from prefetchrouter.static_site import proposed_routes_text, proposed_rules

    paths = site.page_paths()
    rules = proposed_rules(paths, site.base)
    endings = {Path(name).suffix[1:].lower() for name in site.links.values() if name not in site.pages}
    count = len(site.pages)
    title = f"Rules for the {count:,} page{'s' * (count != 1)} of {site.folder.as_posix()}"
    write_all({routes_file.name: proposed_routes_text(rules, title, endings).encode()}, routes_file.parent)
    return len(rules)


def _own_files(routes: Routes) -> dict[str, str]:
    """Return the text of what pages request of the browser part, by its path on the site."""
    from prefetchrouter.browser_view import filter_rules
    from prefetchrouter.rules.property_settings import unsupported_conditions
    from prefetchrouter.targets.site_files import site_files

    rule_set = routes.rule_set
    filtered = filter_rules(rule_set.rules, unsupported_conditions(rule_set.property))
    return {path: file.text for path, file in site_files(filtered, rule_set.property).items()}


def _summary(site: StaticSite, routes: Routes, copied: CopiedSite, out: Path) -> dict[str, Any]:
    from prefetchrouter.evaluation import Evaluator
    from prefetchrouter.http.message import Request

    evaluator = Evaluator(routes.rule_set)
    paths = site.page_paths()
    missed = [path for path in paths if not evaluator.evaluate(Request(path)).prefetchable]
    return {
        "pages": len(paths),
        "prefetched": len(paths) - len(missed),
        "not_prefetched": missed,
        "links_outside": list(site.links_outside),
        "rules": len(routes.rule_set.rules),
        "folder": out.as_posix(),
        "base": f"{site.base}/",
        "tagged": len(copied.tagged),
        "had_tag": len(copied.had_tag),
        "untagged": list(copied.untagged),
        "other_files": copied.others,
    }


def _text(summary: Mapping[str, Any], routes_file: Path) -> str:
    from prefetchrouter.printable import printable
    from prefetchrouter.report.table import Style, table

    style, name = Style.of(), printable(routes_file.as_posix())
    rules = _counted(summary["rules"], "rule")
    rows = [
        ("rules", f"{name}: {rules}" + (", written for you to change" if summary["proposed"] else "")),
        ("pages", f"{summary['prefetched']:,} of {summary['pages']:,} are prefetched{_missed(summary)}"),
        (
            "copy",
            f"{printable(summary['folder'])}/ for any web server{_place(summary['base'])}: {_tags(summary)}",
        ),
    ]
    if outside := summary["links_outside"]:
        to = f"lead to paths outside {summary['base']}, such as {printable(outside[0])}"
        rows.append(("links", f"{len(outside):,} {to}: write relative ones"))
    return table([(f"  {label}", text) for label, text in rows], ["dim", ""], style)


def _missed(summary: Mapping[str, Any]) -> str:
    from prefetchrouter.printable import printable

    missed: list[str] = summary["not_prefetched"]
    if not missed:
        return ""
    more = f" and {len(missed) - _MOST_NAMED:,} more" if len(missed) > _MOST_NAMED else ""
    named = ", ".join(printable(path) for path in missed[:_MOST_NAMED])
    return f"; not {named}{more} (prefetchrouter explain {printable(missed[0])} says why)"


def _tags(summary: Mapping[str, Any]) -> str:
    parts = [f"{_counted(summary['tagged'] + summary['had_tag'], 'page')} with the script tag"]
    if summary["untagged"]:
        parts.append(f"{_counted(len(summary['untagged']), 'page')} without (no documents)")
    parts.append(_counted(summary["other_files"], "other file"))
    return ", ".join(parts)


def _place(base: str) -> str:
    return "" if base == "/" else f" at {base}"


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}{'s' * (count != 1)}"


def _serve(options: argparse.Namespace, site: StaticSite, routes: Routes, summary: Mapping[str, Any]) -> int:
    from prefetchrouter.errors import ServeError
    from prefetchrouter.report.table import Style
    from prefetchrouter.static_site import StaticServer

    rules = _CurrentRules(routes)
    try:
        server = StaticServer(site, rules.own_files, options.port)
    except OSError as error:
        raise ServeError.of(
            "serve", f"port {options.port} cannot be used: {error.strerror or error}",
            hint="--port 0 picks a free one",
        ) from None  # fmt: skip
    with server:
        if options.format == "json":
            print(json.dumps({**summary, "address": server.address}), flush=True)
        else:
            print(f"{Style.of()(server.address, 'bold')} is ready")
            print(_text(summary, Path(options.routes)))
            print(
                "Open the address: links turn green, and a click on one needs no network. Ctrl+C ends.",
                flush=True,
            )
        with suppress(KeyboardInterrupt):
            server.serve_forever(poll_interval=0.1)
    return 0


class _CurrentRules:
    """The own files under the rules as they are on disk; if these are wrong, under the last valid ones."""

    def __init__(self, routes: Routes) -> None:
        self._lock = Lock()
        self._path = routes.path.absolute()  # while it is loaded, the folder of the process is another
        self._files = _own_files(routes)
        self._time = self._changed()

    def own_files(self) -> Mapping[str, str]:
        """Return the own files, made again if the routes file has changed."""
        with self._lock:
            time = self._changed()
            if time != self._time:
                self._time = time
                self._load()
            return self._files

    def _changed(self) -> int:
        try:
            return self._path.stat().st_mtime_ns
        except OSError:
            return 0

    def _load(self) -> None:
        import sys

        from prefetchrouter.authoring.loader import load
        from prefetchrouter.errors import PrefetchRouterError
        from prefetchrouter.report.diagnostic_lines import diagnostics_text
        from prefetchrouter.report.table import Style

        try:
            self._files = _own_files(load(self._path))
        except PrefetchRouterError as error:
            print(diagnostics_text(error.diagnostics, Style.of(sys.stderr)), file=sys.stderr, flush=True)


def _base(text: str) -> str:
    """Return a path as the part in front of the site's paths: ``/docs/`` is ``/docs``, ``/`` is empty."""
    if not re.fullmatch(r"/?(?:[A-Za-z0-9._~-]+/)*[A-Za-z0-9._~-]*", text) or ".." in text:
        raise argparse.ArgumentTypeError(f'{text!r} is not a path; write one such as "/docs"')
    stripped = text.strip("/")
    return f"/{stripped}" if stripped else ""
