"""``prefetchrouter init``: a first routes.py and its test."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from prefetchrouter.cli.parsing import add_choice

if TYPE_CHECKING:
    from prefetchrouter.static_site import ProposedOrigin, ProposedRule

STARTERS = {"routes.py": "starter_routes.py.j2", "test_routes.py": "starter_test.py.j2"}
EXAMPLE = {"routes.py": "example_routes.py.j2", "test_routes.py": "example_test.py.j2"}
"""The rules of the example shop, as they are in `examples`."""
TARGETS = ("nginx", "varnish", "worker")
"""Those that can be started, by their names in `prefetchrouter.targets`, which --help does not import."""
_LOCAL = "http://localhost:3000"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("folder", nargs="?", default=".", help="where to write (default: the current folder)")
    parser.add_argument("--example", action="store_true", help="write the rules of the example shop")
    parser.add_argument(
        "--origin", metavar="URL|FOLDER",
        help="your site: its pages become rules; a URL gets one request, and the links of that page count",
    )  # fmt: skip
    add_choice(
        parser, "--target", *TARGETS, help="write where the site is, too, and say how to start this edge"
    )


def run(options: argparse.Namespace) -> int:
    """Write the files, unless one of them exists."""
    from prefetchrouter.errors import LoadError, OutputError
    from prefetchrouter.output.writing import write_all
    from prefetchrouter.printable import printable

    folder = Path(options.folder)
    if options.example and (options.origin or options.target):
        raise OutputError.of(
            "output", "--example has rules of its shop", hint="leave out --origin and --target"
        )
    for name in STARTERS:
        if (folder / name).exists():
            raise OutputError.of(
                "output", f"{folder / name} already exists", hint="name another folder, or remove it"
            )
    try:
        files, about = _files(options)
    except LoadError as error:
        raise OutputError(*error.diagnostics) from None
    write_all({name: text.encode() for name, text in files.items()}, folder)
    for name in files:
        print(f"wrote {printable((folder / name).as_posix())}{about if name == 'routes.py' else ''}")
    for line in _next(options, folder):
        print(printable(line))
    return 0


def _files(options: argparse.Namespace) -> tuple[dict[str, str], str]:
    """Return the files, and what the rules are for, in a few words."""
    from prefetchrouter.templates import template

    if options.origin is None and options.target is None:
        starters = EXAMPLE if options.example else STARTERS
        return {name: template(starter).render() for name, starter in starters.items()}, ""
    rules, count = _proposed(options.origin)
    site = _site(options)
    return _texts(rules, count, site, options.origin), (f": {_counted(count, 'page')}" if count else "")


def _texts(
    rules: tuple[ProposedRule, ...], count: int, site: ProposedOrigin | None, origin: str | None
) -> dict[str, str]:
    from prefetchrouter.static_site import proposed_routes_text, proposed_test_text

    title = f"Rules for {_counted(count, 'page')} of {origin}" if count else "The CDN rules of this site"
    routes = proposed_routes_text(rules, title, (), site)
    return {"routes.py": routes, "test_routes.py": proposed_test_text(rules)}


def _proposed(origin: str | None) -> tuple[tuple[ProposedRule, ...], int]:
    """Return rules for the pages of a site, and how many pages these are; without a site, an example."""
    from prefetchrouter.static_site import ProposedRule, StaticSite, front_page_paths, proposed_rules

    if origin is None:
        return (ProposedRule("/", 1, "/"), ProposedRule("/pages/:id", 1, "/pages/1")), 0
    paths = front_page_paths(origin) if "://" in origin else StaticSite.of(Path(origin)).page_paths()
    return proposed_rules(paths), len(paths)


def _site(options: argparse.Namespace) -> ProposedOrigin | None:
    from prefetchrouter.errors import OutputError, shown
    from prefetchrouter.static_site import ProposedOrigin

    if options.target is None:
        return None
    if options.origin is not None and "://" not in options.origin:
        raise OutputError.of(
            "output", f"{options.target} cannot fetch pages from the folder {shown(options.origin)}",
            hint=f"name the address of a server; for files, see prefetchrouter site {options.origin}",
        )  # fmt: skip
    return ProposedOrigin.of(options.origin or _LOCAL)


def _next(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    """Yield what to do next."""
    routes, origin = (folder / "routes.py").as_posix(), options.origin or _LOCAL
    named = "" if routes == "routes.py" else f" {routes}"
    if options.target is not None:
        from prefetchrouter.targets import registry

        (target,) = registry.targets(options.target)
        *words, file = target.start_command
        start = " ".join([*words, f"dist/{file}"])
        yield f"next: prefetchrouter build{named} --target {options.target}"
        yield f"then: {start}"
        yield f"to see what it does first: prefetchrouter serve{named} --origin {origin}"
    elif options.origin is not None:
        yield f"next: prefetchrouter serve{named} --origin {origin}"
        yield f"to test the rules: pytest {folder.as_posix()}"
    else:
        source = "--example" if options.example else f"--origin {_LOCAL}"
        yield f"next: prefetchrouter build {routes}, and pytest {folder.as_posix()}"
        yield f"to see it in a browser: prefetchrouter serve {routes} {source}"


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}{'s' * (count != 1)}"
