"""The written file: Python that `ruff format` leaves as it is, and that a person could have written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from importing.imported_routes import run
from prefetchrouter.importing import read_files, routes_text

FILES = {
    "_redirects": """\
# Pages that moved
/home /
/news/* /blog/:splat
/news/:year/:month/:slug https://www.shop.example/archive/of/long/ago/:year/:month/:slug?from=news 302
/store id=:id /blog/:id
/api/* https://api.shop.example/v1/:splat 200
/data/* https://data.shop.example:8443/v1/:splat 200
/de/* /x/:splat 302 Country=de,at
/admin/* /login 200! Role=admin
""",
    "_headers": """\
/*
  X-Frame-Options: DENY
  X-Content-Type-Options: nosniff
/assets/*
  Cache-Control: public, max-age=31536000, immutable
/fonts/*
  Cache-Control: public, max-age=31536000, immutable
/*.css
  X-Say: "hello"
""",
}


def written(product: str | None = None, **files: str) -> str:
    """The text for some files."""
    imported, _ = read_files([(Path(name), text) for name, text in files.items()], product)
    return routes_text(imported, "Imported")


CASES = {
    "both": lambda: written(**FILES),
    "nothing": lambda: written("netlify", _redirects=""),
    "one short rule": lambda: written("cloudflare", _redirects="/a /b"),
    "one long rule": lambda: written("cloudflare", _redirects=f"/{'a' * 60} /{'b' * 60}"),
    "a comment alone": lambda: written("cloudflare", _redirects="what is this"),
    "two rules": lambda: written("cloudflare", _headers="/a\n  x-a: 1\n/b\n  x-a: 2"),
    "many rules": lambda: written("cloudflare", _redirects="".join(f"/{n} /x{n}\n" for n in range(300))),
}


@pytest.mark.parametrize("case", CASES)
def test_a_formatter_leaves_it_as_it_is(case: str, tmp_path: Path) -> None:
    """In lines of 110 characters."""
    path = tmp_path / "routes.py"
    path.write_text(CASES[case](), encoding="utf-8")
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length=110", "--diff", str(path)]
    shown = subprocess.run(ruff, capture_output=True, text=True, check=False)
    assert shown.stdout == ""
    assert shown.returncode == 0
    assert max(map(len, path.read_text(encoding="utf-8").splitlines())) <= 110


@pytest.mark.parametrize("case", CASES)
def test_it_is_a_routes_file(case: str) -> None:
    """Its rules are those that were read."""
    assert run(CASES[case]()).rules is not None


def test_headers_that_are_shared_have_a_name() -> None:
    """As a person would give them one."""
    assert written(**FILES).count("immutable") == 1
    assert '.match("/fonts/:path*", headers=HEADERS)' in written(**FILES)


def test_a_line_that_is_not_understood_stands_where_it_was() -> None:
    """With the file, the line, its text and the reason."""
    lines = written(**FILES).splitlines()
    place = lines.index("    # not imported, _redirects:9: /admin/* /login 200! Role=admin")
    assert lines[place + 1] == '    #   the condition "Role=admin" has no counterpart'


def test_a_line_break_or_quotes_of_a_file_stay_text() -> None:
    """Nothing of a file becomes code."""
    text = written("cloudflare", _redirects='/a /b\u2028x"""\n/"""/x /"\'\\\n')
    assert run(text).rules == ()
