"""``prefetchrouter import``: reads the rules of another product, and writes them as routes.py."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from prefetchrouter.cli.parsing import add_choice

if TYPE_CHECKING:
    from prefetchrouter.errors import Diagnostic
    from prefetchrouter.importing import Remark

PRODUCTS = ("netlify", "cloudflare", "vercel", "edgio", "nginx")
"""Those of `prefetchrouter.importing`, which --help does not import."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="files of one product, such as _redirects")
    add_choice(
        parser, "--from", *PRODUCTS, dest="product", help="the product, where the files do not show it"
    )
    parser.add_argument(
        "--files",
        metavar="FOLDER",
        dest="folder",
        help="the files of the site, such as dist: at Netlify, Vercel and in try_files they come first",
    )
    parser.add_argument("--out", "-o", metavar="FILE", help="the file to write (default: print it)")


def run(options: argparse.Namespace) -> int:
    """Write the file; the exit code is 1 when lines were not understood."""
    from prefetchrouter.importing import paths_of_files, read_files, read_text, routes_text

    files = [(Path(name), read_text(Path(name))) for name in options.files]
    site = None if options.folder is None else paths_of_files(Path(options.folder))
    imported, product = read_files(files, options.product, site)
    text = routes_text(imported, f"Rules imported from {product}: {', '.join(options.files)}")
    if options.out is not None:
        _write(text, Path(options.out))
    missed = [remark for remark in imported.remarks if not remark.is_understood]
    if options.format == "json":
        from prefetchrouter.report.diagnostic_lines import diagnostics_json

        found = [_diagnostic(remark) for remark in imported.remarks]
        print(json.dumps({"product": product, "routes": text, "warnings": diagnostics_json(found)}, indent=2))
    else:
        _print(text, options.out, imported.remarks)
    return 1 if missed else 0


def _print(text: str, out: str | None, remarks: list[Remark]) -> None:
    from prefetchrouter.report.diagnostic_lines import diagnostics_text
    from prefetchrouter.report.table import Style

    print(f"wrote {out}\nnext: prefetchrouter build {out}" if out is not None else text.removesuffix("\n"))
    missed = [remark for remark in remarks if not remark.is_understood]
    if missed:
        sys.stdout.flush()
        print(
            diagnostics_text([_diagnostic(remark) for remark in missed], Style.of(sys.stderr)),
            file=sys.stderr,
        )
        lines = "line was" if len(missed) == 1 else "lines were"
        print(f"{len(missed):,} {lines} not imported; a comment in the file says so", file=sys.stderr)


def _diagnostic(remark: Remark) -> Diagnostic:
    from prefetchrouter.errors import Diagnostic, shown

    message = f"{shown(remark.line)}: {remark.reason}" if remark.line else remark.reason
    return Diagnostic("not-imported", message, remark.source, severity="warning")


def _write(text: str, path: Path) -> None:
    from prefetchrouter.errors import OutputError
    from prefetchrouter.output.writing import write_all

    if path.exists():
        raise OutputError.of("output", f"{path} already exists", hint="name another file, or remove it")
    write_all({path.name: text.encode()}, path.parent)
