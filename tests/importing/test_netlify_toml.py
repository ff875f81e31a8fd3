"""``netlify.toml``: its redirects and headers, with their lines."""

from __future__ import annotations

import pytest

from importing.imported_routes import outcome, rules_of
from prefetchrouter import Request, evaluate
from prefetchrouter.errors import LoadError
from prefetchrouter.importing import Imported
from prefetchrouter.importing.netlify_toml import read_netlify_toml

TEXT = """\
[build]
publish = "dist"

[[redirects]]
from = "/old/*"
to = "/new/:splat"
status = 302
force = true
conditions = {Country = ["de", "at"]}

[[redirects]]
from = "/store"
to = "/blog/:id"
query = {id = ":id"}

[[redirects]]
from = "/x"
to = "/y"
signed = "KEY"

[[headers]]
for = "/assets/*"
[headers.values]
Cache-Control = '''
max-age=60,
immutable'''
X-A = "1"
"""


def read(text: str) -> Imported:
    """What is read from it."""
    read_netlify_toml(text, "netlify.toml", found := Imported())
    return found


def test_its_redirects_are_those_of_lines() -> None:
    """With conditions and parameters as tables."""
    rules = rules_of(read(TEXT))
    assert outcome(rules, "/old/a?b=1", facts={"location.country": "AT"}) == ("redirect", 302, "/new/a?b=1")
    assert outcome(rules, "/old/a", facts={"location.country": "FR"})[0] == "origin"
    assert outcome(rules, "/store?id=5") == ("redirect", 301, "/blog/5")


def test_its_headers_may_have_several_lines() -> None:
    """Which are joined."""
    headers = evaluate(rules_of(read(TEXT)), Request("/assets/a.css")).response_headers()
    assert dict(headers) == {"cache-control": "max-age=60, immutable", "x-a": "1"}


def test_what_is_not_understood_has_its_line() -> None:
    """That of its table."""
    (remark,) = (remark for remark in read(TEXT).remarks if not remark.is_understood)
    assert (remark.source.line, remark.reason) == (16, '"signed" has no counterpart')


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("redirects = 1", "not written as [[redirects]]"),
        ("[[redirects]]\nfrom = 1", "`from` and `to` are text"),
        ('[[redirects]]\nfrom = "/a"\nto = "/b"\nstatus = "301"', "a status is a number"),
        ('[[redirects]]\nfrom = "/a b"\nto = "/b"', "without blanks"),
        ('[[redirects]]\nfrom = "/a"\nto = "/b"\nconditions = 1', "are tables"),
        ('[[headers]]\nfor = "/a"', "no `for` and `values`"),
        ('[[edge_functions]]\npath = "/a"', "an edge function is a program"),
    ],
)
def test_a_table_that_is_not_understood_gives_its_reason(text: str, reason: str) -> None:
    """And nothing else."""
    assert [reason in remark.reason for remark in read(text).remarks] == [True]


def test_what_is_not_toml_is_an_error_with_its_line() -> None:
    """Nothing of such a file can be read."""
    with pytest.raises(LoadError, match=r"netlify.toml:2: this is not TOML") as error:
        read("a = 1\nb = \n")
    assert error.value.code == "import-format"
