"""The script tag: where it goes in any page, whole or in pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter.browser.script_tag import has_script_tag, place_for_tag, script_tag


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"<!doctype html><html><head>", b"<title>a</title>"),
        (
            b"\xef\xbb\xbf<!DOCTYPE html>\n<!-- <head> -->\n<html lang='a>b'>\n<HEAD\nid=x>",
            b"<base href=/a/>",
        ),
        (b"<!doctype html>", b"<h1>no head</h1>"),
        (b"<!doctype html><html>", b"<header>not a head</header>"),
        (b"<!doctype html>", b"<!-- an open comment <head>"),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML' 'a.dtd'><html><head>", b"<title/>"),
        (b"<html>", b"<body>"),
        (b"", b"<title>a</title>"),
        (b"", b"<meta charset=utf-8>"),
    ],
)
def test_the_tag_goes_to_the_beginning_of_the_head(before: bytes, after: bytes) -> None:
    """Behind the doctype, as a page without one is shown in quirks mode."""
    assert place_for_tag(before + after) == len(before)


@pytest.mark.parametrize(
    "text",
    [b"", b"<li>a", b"plain", b'{"a": "<html>"}', b"<turbo-stream>", b"<!-- c --><p>", b"<htmlx>", b"<"],
)
def test_what_is_not_a_document_gets_no_tag(text: bytes) -> None:
    """A fragment would carry it into the middle of another page."""
    assert place_for_tag(text) is None


PAGES = (
    b"<!doctype html>\n<!-- c --><html a='>'><head b><title>x</title>",
    b"<!doctype html><title>x</title><p>text",
    b"<li>a fragment</li><li>and more</li>",
    b"\xef\xbb\xbf<html><head></head><body>",
)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_in_pieces_gets_the_tag_where_the_whole_page_gets_it(page: bytes) -> None:
    """Whatever the pieces are: until it is certain, more is read."""
    whole = place_for_tag(page)
    found = {place_for_tag(page[:end], is_complete=False) for end in range(len(page) + 1)}
    assert found <= {"more", whole}
    assert whole in found


@given(st.binary(max_size=60) | st.text("<!-dochtmleai> '\"/=\n", max_size=60).map(str.encode))
def test_no_text_makes_it_fail_and_the_place_is_in_the_text(text: bytes) -> None:
    place = place_for_tag(text)
    assert place is None or (isinstance(place, int) and 0 <= place <= len(text))


@pytest.mark.parametrize(
    "text", [b"<html " + b"a" * 100_000, b"<!--" * 30_000, b" " * 100_000, b"<html a='" * 20_000]
)
def test_long_heads_take_linear_time(text: bytes) -> None:
    """No expression tries the same bytes again and again: this would take hours."""
    place_for_tag(text, is_complete=False)


def test_the_tag_escapes_what_it_is_given() -> None:
    tag = script_tag(base='/a"b', nonce="<", overlay=True)
    assert 'src="/a&quot;b/' in tag
    assert 'nonce="&lt;"' in tag
    assert tag.endswith("defer></script>")
    assert has_script_tag(script_tag().encode())
    assert not has_script_tag(b'<script src="/__edgio__/cache-manifest.js">')
