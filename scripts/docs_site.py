"""Lay out what the generator of the documentation site reads (`docs_site.py stage`), and what programs read.

`stage` copies docs/ to build/docs-source, with fences and links that the generator knows, and writes its
settings with the pages in the order of docs/index.md. Then `finish` puts the text of each page
beside it, as `manifest.md`: `llms.txt` links to these, and so does each page. `playground` adds Python for
the page that runs rules.

Each version has its folder in build/docs-site. Folders of earlier versions stay: put them there before, and
`finish` lists them in `versions.json`, from which the theme makes a switch in the header of every page.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import zipfile
from pathlib import Path

from packaging.version import Version

from docs_index import DOCS, sections
from prefetchrouter.cli.schema import FILES, schema_text
from prefetchrouter.version import VERSION

BUILD = DOCS.parent / "build"
SOURCE = BUILD / "docs-source"
VERSIONS = BUILD / "docs-site"
SITE = VERSIONS / VERSION
PACKAGE = DOCS.parent / "src" / "prefetchrouter"
PLAYGROUND = DOCS.parent / ".make" / "playground"
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")

SETTINGS = """[project]
site_name = "prefetchrouter"
site_description = "CDN rules as typed, tested Python, and pages that are already there when the user clicks."
docs_dir = "docs-source"
site_dir = "docs-site/{version}"
extra_javascript = ["assets/scrolling.js", "assets/playground.js"]
extra_css = ["assets/playground.css"]
nav = {nav}

[project.theme]
language = "en"
font = false
features = ["content.code.copy", "navigation.footer", "navigation.path", "navigation.top", "search.highlight"]

[project.extra.version]
provider = "mike"

[[project.theme.palette]]
media = "(prefers-color-scheme)"
toggle.icon = "lucide/sun-moon"
toggle.name = "Switch to light mode"

[[project.theme.palette]]
media = "(prefers-color-scheme: light)"
scheme = "default"
toggle.icon = "lucide/sun"
toggle.name = "Switch to dark mode"

[[project.theme.palette]]
media = "(prefers-color-scheme: dark)"
scheme = "slate"
toggle.icon = "lucide/moon"
toggle.name = "Use the setting of the system"

[project.markdown_extensions]
tables = {{}}
toc.permalink = true
md_in_html = {{}}
pymdownx.superfences = {{}}
pymdownx.highlight.pygments_lang_class = true
"""


def settings() -> str:
    """Return the settings of the generator: inline tables of TOML for the navigation."""
    parts = ['{ "prefetchrouter" = "index.md" }']
    for title, entries in sections().items():
        pages = ", ".join(f"{{ {json.dumps(entry.title)} = {json.dumps(entry.path)} }}" for entry in entries)
        parts.append(f"{{ {json.dumps(title)} = [{pages}] }}")
    return SETTINGS.format(nav=f"[{', '.join(parts)}]", version=VERSION)


def staged(text: str, page: Path) -> str:
    """Return a page as the generator reads it.

    Fences of transcripts lose the word `run`, which is for our tests. Links out of docs become text.
    """

    def linked(found: re.Match[str]) -> str:
        outside = not (page.parent / found[2]).resolve().is_relative_to(DOCS)
        return found[1] if outside else found[0]

    text = re.sub(r"^```console run$", "```console", text, flags=re.M)
    return re.sub(r"\[([^]]*)\]\((\.\./[^)#\s]*)(?:#[^)\s]*)?\)", linked, text)


def stage() -> None:
    """Write the copies and the settings."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    shutil.copytree(DOCS, SOURCE)
    for page in DOCS.rglob("*.md"):
        text = staged(page.read_text(encoding="utf-8"), page)
        (SOURCE / page.relative_to(DOCS)).write_text(text, encoding="utf-8")
    (BUILD / "zensical.toml").write_text(settings(), encoding="utf-8")


def versions(folder: Path) -> list[dict[str, object]]:
    """Return what `versions.json` says of the versions in a folder, the newest first.

    The form is that of mike, which does the same for MkDocs; the theme reads it.
    """
    built = [path.parent.name for path in folder.glob("*/index.html")]
    newest_first = sorted(built, key=Version, reverse=True)
    return [
        {"version": name, "title": name, "aliases": [] if number else ["latest"]}
        for number, name in enumerate(newest_first)
    ]


def list_versions(folder: Path) -> None:
    """Write `versions.json`, and a first page that leads to the newest version."""
    found = versions(folder)
    (folder / "versions.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    newest = found[0]["version"]
    (folder / "index.html").write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>prefetchrouter</title>\n'
        f'<meta http-equiv="refresh" content="0; url={newest}/">\n'
        f'<a href="{newest}/">Version {newest}</a></html>\n',
        encoding="utf-8",
    )


def finish() -> None:
    """Put the text of each page beside it, as `llms.txt` says, and the JSON Schemas; list the versions."""
    list_versions(VERSIONS)
    (SITE / "schemas").mkdir(exist_ok=True)
    for file in FILES:
        (SITE / "schemas" / f"{file}.schema.json").write_text(schema_text(file), encoding="utf-8")
    for source in SOURCE.rglob("*.md"):
        path = source.relative_to(SOURCE)
        shutil.copy(source, SITE / path)
        page = SITE / (path.parent if path.name == "index.md" else path.with_suffix("")) / "index.html"
        page.write_text(finished(page.read_text(encoding="utf-8"), path.name), encoding="utf-8")


def finished(html: str, text: str) -> str:
    """Return a page with a link to its text, and a name for its navigation that no other landmark has.

    Args:
        html: The page.
        text: The name of its text.
    """
    place = text if text == "index.md" else f"../{text}"
    link = f'<link rel="alternate" type="text/markdown" href="{place}">'
    named = re.sub(r'(<nav [^>]*md-nav--primary[^>]*aria-label=)"[^"]*"', r'\1"Pages"', html)
    return named.replace("</head>", f"{link}</head>", 1)


def playground() -> None:
    """Put Pyodide beside the page that runs rules, with our code and what it imports in one archive."""
    folder = SITE / "assets" / "pyodide"
    folder.mkdir(parents=True, exist_ok=True)
    for name in PYODIDE:
        shutil.copy(PLAYGROUND / "node_modules" / "pyodide" / name, folder)
    with zipfile.ZipFile(folder / "packages.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for wheel in sorted((PLAYGROUND / "wheels").glob("*.whl")):
            with zipfile.ZipFile(wheel) as packed:
                for name in packed.namelist():
                    archive.writestr(name, packed.read(name))
        for path in sorted(PACKAGE.rglob("*")):
            if path.suffix in {".py", ".pyi", ".json", ".j2"} and "example_site" not in path.parts:
                archive.write(path, path.relative_to(PACKAGE.parent))


if __name__ == "__main__":
    {"stage": stage, "finish": finish, "playground": playground}[sys.argv[1]]()
