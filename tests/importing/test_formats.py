"""Which product a file is of; and whatever stands in a file, it gives rules or an error with a code."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from importing.imported_routes import run
from prefetchrouter.errors import LoadError
from prefetchrouter.importing import PRODUCTS, read_files, read_text, routes_text
from prefetchrouter.importing.formats import READERS

WORDS = st.sampled_from(
    ["[[redirects]]",
     "/a", "/*", ":x", "/:x/*", "301", "200!", "https://", "https://x.example/:splat", "[", "]]", "{", "}",
     "from = ", '"', '"redirects"', ":", "!", "=", "#", "?", "%", "%{", "$1", "\\", "\n", "\n  ",
     "é", "\0", "\u2028", "Country=de", "id=:id", '"""', "location", ";", "return", "rewrite", " "]
)  # fmt: skip
TEXTS = (
    st.text(max_size=60)
    | st.lists(WORDS, max_size=20).map(" ".join)
    | st.lists(WORDS, max_size=20).map("".join)
)


@pytest.mark.parametrize(
    ("name", "text", "product"),
    [
        ("_redirects", "/a /b 301!", "netlify"),
        ("_redirects", "/a /b 302 Country=de", "netlify"),
        ("rules.txt", "/a /b 200!", "netlify"),
        ("netlify.toml", "", "netlify"),
        ("vercel.json", "{}", "vercel"),
        ("_headers", "/a\n  ! x-a\n", "cloudflare"),
        ("_headers", "https://x.example/a\n  x-a: 1\n", "cloudflare"),
    ],
)
def test_a_product_is_known_by_name_or_content(name: str, text: str, product: str) -> None:
    """Where only one has such a file."""
    assert read_files([(Path(name), text)], None)[1] == product


def test_files_beside_it_tell_the_product(tmp_path: Path) -> None:
    """Those that the product's own tools read."""
    path = tmp_path / "_redirects"
    with pytest.raises(LoadError, match="may be of Netlify or of Cloudflare"):
        read_files([(path, "/a /b")], None)
    (tmp_path / "wrangler.jsonc").touch()
    assert read_files([(path, "/a /b")], None)[1] == "cloudflare"
    (tmp_path / "netlify.toml").touch()
    assert read_files([(path, "/a /b")], None)[1] == "netlify"


@pytest.mark.parametrize("name", ["x.txt", "x.yaml", "x"])
def test_an_unknown_format_is_an_error(name: str) -> None:
    """With the products that there are."""
    with pytest.raises(
        LoadError, match="--from netlify or --from cloudflare or --from vercel or --from edgio"
    ):
        read_files([(Path(name), "what is this")], None)


def test_the_rules_of_redirects_come_before_those_of_the_configuration() -> None:
    """As Netlify has it, in whatever order the files are named."""
    toml = '[[redirects]]\nfrom = "/a"\nto = "/toml"\n'
    imported, _ = read_files([(Path("netlify.toml"), toml), (Path("_redirects"), "/a /lines")], None)
    assert [part.source.file for part in imported.parts if part not in imported.remarks] == [
        "_redirects",
        "netlify.toml",
    ]


KINDS = [(product, kind) for product in PRODUCTS for kind in READERS[product]]


@pytest.mark.parametrize(("product", "kind"), KINDS)
@given(text=TEXTS)
@example(text="/a" * 5000 + " /b")
@example(text="/:a" * 5000 + " /b")
@example(text="[" * 5000)
@example(text='{"a":' * 5000)
def test_whatever_stands_in_a_file_is_read(product: str, kind: str, text: str) -> None:
    """The written file runs, or the error has a code; each line is a rule or has a remark."""
    name = kind if kind.startswith("_") else f"x.{kind}"
    try:
        imported, _ = read_files([(Path(name), text)], product)
    except LoadError as error:
        if error.code not in ("import-format", "rule-set", "feature-value", "condition"):
            raise
        return
    run(routes_text(imported, text))


@given(content=st.binary(max_size=60))
def test_bytes_that_are_not_text_are_an_error(content: bytes) -> None:
    """With its code."""
    path = Path("file")

    class Bytes(type(path)):  # type: ignore[misc]
        def read_bytes(self) -> bytes:
            return content

    try:
        read_text(Bytes("file"))
    except LoadError as error:
        if error.code != "file-unreadable":
            raise
