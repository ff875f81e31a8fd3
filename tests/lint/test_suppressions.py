"""Comments that suppress findings."""

from __future__ import annotations

from pathlib import Path

import pytest

from prefetchrouter import load
from prefetchrouter.lint import lint
from prefetchrouter.lint.suppressions import suppressions, without_suppressed

ROUTES = """\
from prefetchrouter import Router

router = (
    Router()
    .match(
        "/p/new",
        caching={"max_age": "5m"},%s
    )
    .match("/p/:id", caching={"max_age": "1h"})
)
"""


def codes(folder: Path, comment: str) -> list[str]:
    """The codes that are left with a comment inside the call that never wins."""
    file = folder / "routes.py"
    file.write_text(ROUTES % comment, encoding="utf-8")
    routes = load(file)
    found = lint(routes.rule_set, warnings=routes.warnings)
    checked = ["lint/never-wins", "lint/vary"]
    return [each.diagnostic.code for each in without_suppressed(found, checked=checked, files=[str(file)])]


@pytest.mark.parametrize(
    "comment, left",
    [
        ("", ["lint/never-wins"]),
        ("  # prefetchrouter: ignore[lint/never-wins] the sale is over in May", []),
        ("  # PrefetchRouter:ignore[lint/vary, lint/never-wins] both", ["lint/suppression"]),
        ("  # prefetchrouter: ignore[lint/never-wins]", ["lint/never-wins", "lint/suppression"]),
        ("  # prefetchrouter: ignore why not", ["lint/never-wins", "lint/suppression"]),
        ("  # prefetchrouter: ignore[lint/vary] another one", ["lint/never-wins", "lint/suppression"]),
        ("  # prefetchrouter: ignore[acme/x] not looked for", ["lint/never-wins"]),
    ],
)
def test_a_comment_suppresses_what_it_names_with_a_reason(
    tmp_path: Path, comment: str, left: list[str]
) -> None:
    """On any line of the call; what it does not suppress is said."""
    assert sorted(codes(tmp_path, comment)) == sorted(left)


def test_text_is_not_a_comment_and_broken_files_have_none() -> None:
    """Only tokens that are comments count."""
    assert list(suppressions("r.py", 's = "# prefetchrouter: ignore[a] b"')) == []
    assert list(suppressions("r.py", "x = (\n")) == []
