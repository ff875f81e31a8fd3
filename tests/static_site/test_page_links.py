"""The links of pages, in each way in which they are written."""

from __future__ import annotations

import pytest

from prefetchrouter.static_site.page_links import linked_paths

URL = "http://site.example/blog/a.html"


@pytest.mark.parametrize(
    ("page", "paths"),
    [
        ('<a href="/x">', ["/x"]),
        ("<A HREF='b'>", ["/blog/b"]),
        ("<a class=x href=../c/?q=1#f>", ["/c/"]),
        ("<a\n title='>' href = '/d' >", ["/d"]),
        ('<area href="/e"><a href="/e"><a href="/e?x">', ["/e"]),
        ('<a href="?page=2">', ["/blog/a.html"]),
        ('<a href="/f&amp;g"><a href=" /h ">', ["/f&g", "/h"]),
        ('<a href="/ü"><a href="/%C3%BC">', ["/%C3%BC"]),
        ('<base href="/other/"><a href="i">', ["/other/i"]),
        ('<a href="https://other.example/"><a href="mailto:a@b.c"><a href="javascript:x">', []),
        ('<a href="//[bad"><a href="/%00"><a href="/a/../../j">', ["/j"]),
        ('<a data-href="/k"><abbr href="/l"><link href="/m">', []),
        ("<a", []),
    ],
)
def test_links_are_found_as_browsers_read_them(page: str, paths: list[str]) -> None:
    assert list(dict.fromkeys(linked_paths(page, URL))) == paths


def test_a_page_that_never_closes_its_quotes_takes_linear_time() -> None:
    assert list(linked_paths("<a x='" * 20_000, URL)) == []
