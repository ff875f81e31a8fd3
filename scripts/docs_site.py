"""Lay out what the generator of the documentation site reads (`docs_site.py stage`), and what programs read.

`stage` copies docs/ to build/docs-source, with fences and links that the generator knows, and writes its
settings with the pages in the order of docs/index.md. Then `finish` puts the text of each page
beside it, as `manifest.md`: `llms.txt` links to these.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

from docs_index import DOCS, sections

BUILD = DOCS.parent / "build"
SOURCE = BUILD / "docs-source"
SITE = BUILD / "docs-site"

SETTINGS = """[project]
site_name = "prefetchrouter"
site_description = "CDN rules as typed, tested Python, and pages that are already there when the user clicks."
docs_dir = "docs-source"
site_dir = "docs-site"
nav = {nav}

[project.theme]
language = "en"
font = false
features = ["content.code.copy", "navigation.footer", "navigation.path", "navigation.top", "search.highlight"]

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
    return SETTINGS.format(nav=f"[{', '.join(parts)}]")


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


def finish() -> None:
    """Put the text of each page beside it; `llms.txt` is there already, with links that name these texts."""
    for page in SOURCE.rglob("*.md"):
        shutil.copy(page, SITE / page.relative_to(SOURCE))


if __name__ == "__main__":
    {"stage": stage, "finish": finish}[sys.argv[1]]()
