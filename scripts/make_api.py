"""Write docs/api/: every public name of our packages, from signatures and docstrings.

Run it after a change of either; a test fails while a page is older than the code. A new public name has to
be put into `PAGES`.
"""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from typing import Any

import api_markdown
from api_markdown import COLUMNS, PACKAGES
from generating import main
from prefetchrouter.public import public_names

FOLDER = Path(__file__).parents[1] / "docs" / "api"

PAGES: dict[str, tuple[str, str, str]] = {
    "rules": (
        "Writing rules",
        "What `routes.py` is written with. The guides are [criteria](../criteria.md) and"
        " [helpers](../helpers.md).",
        "Router Route CacheKey exact and_ or_ not_ raw Criteria RuleBody Plugin",
    ),
    "site": (
        "Sites and values",
        "Origins and hostnames, and the texts that have a form. See [property](../property.md), "
        "[path patterns](../patterns.md).",
        "Property Origin Host Location Hostname PathPattern Duration Size",
    ),
    "sections": (
        "Sections of features",
        "The sections as models, checked when they are made, and as typed mappings for code that shares"
        " them. [Features](../features.md) lists each option with its values and default.",
        "Features CachingFeatures HeadersFeatures OriginFeatures ResponseFeatures UrlFeatures AccessFeatures"
        " ClientFeatures LogsFeatures SpeculationFeatures Mtls Nel FeaturesDict FeatureKeywords CachingDict"
        " HeadersDict OriginDict ResponseDict UrlDict AccessDict ClientDict LogsDict",
    ),
    "evaluation": (
        "Evaluating requests",
        "What a request gets, from Python. The guides are [evaluate](../evaluate.md) and"
        " [explain](../explain.md).",
        "Request Response evaluate Evaluator Decision evaluate_in_browser explain Explanation",
    ),
    "building": (
        "Loading and building",
        "From a routes file to the files of a build, as [`prefetchrouter build`](../commands.md#build) makes"
        " them.",
        "load Routes build Build RuleSet compile_rules",
    ),
    "errors": (
        "Errors",
        "Each exception has diagnostics with a code, and each code [its page](../errors/index.md).",
        "PrefetchRouterError RuleError RoutesError LoadError RequestError OutputError Diagnostic Source",
    ),
    "testing": (
        "Testing",
        "What tests import from `prefetchrouter.testing`. [Testing](../testing.md) is the guide.",
        "get post put patch delete head options request cases RuleTester Answer Verdict Lifetime Coverage",
    ),
}
"""File, title, introduction and names of each page."""

SHARED = """A mapping that several rules share is annotated, so that a type checker knows its keys:

```python
from prefetchrouter import CachingDict, Router

pages: CachingDict = {"max_age": "1h", "service_worker_max_age": "10m"}
router = Router().get("/pages/:id", caching=pages)
```"""
MORE = {"sections": [SHARED]}
"""Paragraphs below the introduction."""

MADE = "*This page is generated from the code by `scripts/make_api.py`.*"

INDEX = f"""# Reference of the Python API

Every public name, with its signature, arguments, errors and an example. Other names may change in any
release. For commands see [Commands](../commands.md), for rules [Features](../features.md) and
[the rule language](../rule-language.md).

{MADE}
"""


def pages() -> dict[Path, str]:
    """Return the pages, as the code says now.

    Raises:
        ValueError: A public name is on no page, or a page has a name that is not public.
    """
    homes = {name: (package, home) for package in PACKAGES for name, home in _names(package).items()}
    listed = [name for _, _, names in PAGES.values() for name in names.split()]
    if sorted(listed) != sorted(homes):
        raise ValueError(f"PAGES and the public names differ in {sorted(set(listed) ^ set(homes))}")
    code = api_markdown.load()
    things = {name: code[f"{home.partition('.')[2]}.{name}"] for name, (_, home) in homes.items()}
    things = {name: thing.final_target if thing.is_alias else thing for name, thing in things.items()}
    found = {FOLDER / "index.md": _index(things)}
    for file, (title, introduction, names) in PAGES.items():
        parts = [
            paragraph
            for name in names.split()
            for paragraph in api_markdown.entry(
                name, things[name], getattr(importlib.import_module(homes[name][0]), name)
            )
        ]
        text = "\n\n".join(parts) + "\n"
        head = [f"# {title}", introduction, *MORE.get(file, ()), _imports(text, names.split(), homes), MADE]
        found[FOLDER / f"{file}.md"] = "\n\n".join([*head, text])
    return found


def _imports(text: str, names: list[str], homes: dict[str, tuple[str, str]]) -> str:
    """Return the imports with which the examples of a page run."""
    used = {name for name in homes if re.search(rf"^(?:>>>|\.\.\.) .*(?<![.\w]){name}\b", text, re.M)}
    packages = {homes[name][0] for name in names} | {"prefetchrouter"}
    used = {name for name in used if homes[name][0] in packages}
    blocks = []
    for package in PACKAGES:
        wanted = sorted(name for name in used | set(names) if homes[name][0] == package)
        line = f"from {package} import {', '.join(wanted)}"
        if len(line) > COLUMNS:
            line = f"from {package} import (\n" + "".join(f"    {name},\n" for name in wanted) + ")"
        if wanted:
            blocks.append(line)
    return "```python\n" + "\n".join(blocks) + "\n```"


def _names(package: str) -> dict[str, str]:
    importlib.import_module(package)
    return public_names(package)


def _index(things: dict[str, Any]) -> str:
    parts = [INDEX]
    for file, (title, introduction, names) in PAGES.items():
        rows = [
            f"| [`{name}`]({file}.md#{name.lower()}) | {api_markdown.promise(things[name])} |"
            for name in names.split()
        ]
        parts.append(
            "\n".join([f"## {title}", "", introduction, "", "| name | description |", "| --- | --- |", *rows])
        )
    return "\n\n".join(part.strip() for part in parts) + "\n"


if __name__ == "__main__":
    sys.exit(main(pages()))
