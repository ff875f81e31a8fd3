"""Cookies and credentials are shown by their length, wherever they turn up."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter.edge.logging.secrets import Secrets, shielded, shielded_fields, shielded_key
from prefetchrouter.http.masking import length_text
from prefetchrouter.http.message import HeaderFields


@pytest.mark.parametrize(
    "name, text, expected",
    [
        ("Cookie", "a=1; session=c0ffee==", "a=(1 character); session=(8 characters)"),
        ("cookie", "bare", "(4 characters)"),
        ("set-cookie", "id=c0ffee; Path=/; HttpOnly", "id=(6 characters); Path=/; HttpOnly"),
        ("authorization", "Bearer c0ffee", "Bearer (6 characters)"),
        ("authorization", "c0ffee", "(6 characters)"),
        ("proxy-authorization", "Basic YTpi", "Basic (4 characters)"),
        ("x-other", "c0ffee", "c0ffee"),
    ],
)
def test_headers_keep_names_and_lose_values(name: str, text: str, expected: str) -> None:
    """So that a reader still sees which cookies there are."""
    assert shielded(name, text) == expected


def test_each_field_of_a_name_is_shielded() -> None:
    """A response may set several cookies."""
    fields = shielded_fields(HeaderFields({"set-cookie": ["a=secret; path=/", "b=other"]}))
    assert fields == [("set-cookie", "a=(6 characters); path=/"), ("set-cookie", "b=(5 characters)")]


@pytest.mark.parametrize(
    "part, expected",
    [
        ("header authorization=Bearer c0ffee", "header authorization=(13 characters)"),
        ("header accept=*/*", "header accept=*/*"),
        ("cookie pin=1", "cookie pin=(1 character)"),
        ("shop.example/cookie?a=b", "shop.example/cookie?a=b"),
        ("shop.example/a?token=b", "shop.example/a?token=(1 character)"),
        ("header x-api-key=c0ffee", "header x-api-key=(6 characters)"),
        ("header accept-language=de", "header accept-language=de"),
        ("body 0123456789abcdef0123", "body 0123456789ab"),
        ("expression eyJhbGciOi.eyJzdWIi.x", "expression (21 characters)"),
    ],
)
def test_parts_of_cache_keys_are_shielded(part: str, expected: str) -> None:
    """The key may list a header or cookie."""
    assert shielded_key(part) == expected


def test_very_many_secrets_do_not_hold_up_the_edge() -> None:
    """A client may send thousands; what is long is then shown by its length alone, and nothing leaks."""
    cookies = "; ".join(f"c={number:06}" for number in range(6500))
    data = {
        "url": f"/a?x=004711&{'1' * 60_000}",
        "short": "x004711x",
        "time": "2026-01-01T00:00:00.000Z",
        "n": 7,
    }
    hidden = Secrets(HeaderFields({"cookie": cookies})).hidden_in(data)
    assert hidden == {**data, "url": "(60,012 characters)", "short": "(8 characters)"}


def test_secrets_that_nearly_match_everywhere_do_not_hold_up_the_edge() -> None:
    """As many as are looked for one by one, in a text of which each place is the beginning of them all."""
    text = f"{'a' * 3000}/{'a' * 500}07"

    def looked_for(letter: str) -> tuple[str, float]:
        """Return the hidden text, and the least processor time that it took of several times."""
        cookies = "; ".join(f"c={letter * 500}{number:02}" for number in range(60))
        secrets, times = Secrets(HeaderFields({"cookie": f"{cookies}; c={'b' * 9}"})), []
        for _ in range(7):
            began = time.thread_time()
            hidden = secrets.hidden(text)
            times.append(time.thread_time() - began)
        return hidden, min(times)

    (hidden, nearly), (unchanged, nowhere) = looked_for("a"), looked_for("z")
    assert hidden == f"{'a' * 3000}/(502 characters)"
    assert unchanged == text
    assert nearly < 100 * nowhere  # character by character it would be 500 times as long, and more


secret = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=12, max_size=30)


@given(secret, secret, secret, st.text(max_size=20))
def test_no_secret_is_left_in_any_text(cookie: str, token: str, given_back: str, around: str) -> None:
    """In lists, dicts and texts alike."""
    secrets = Secrets(
        HeaderFields({"cookie": f"a={cookie}; b=1", "authorization": f"Bearer {token}"}),
        HeaderFields({"set-cookie": f"c={given_back}; path=/"}),
    )
    data = {"a": [around + cookie, {"b": f"Bearer {token}{around}"}], "c": given_back, "d": None, "e": 7}
    shown = repr(secrets.hidden_in(data))
    for text in (cookie, token, given_back):
        others = length_text(cookie) + length_text(token) + length_text(given_back) + around
        assert text in others or text not in shown


def test_without_secrets_data_stays_as_it_is() -> None:
    """Short cookie values are not secrets in running text."""
    data = {"a": ["1 of 10"]}
    assert Secrets(HeaderFields({"cookie": "n=1"})).hidden_in(data) is data


def test_a_url_whose_only_secret_is_short_stays_readable() -> None:
    """The value is hidden in the target; there is nothing to look for in other texts."""
    target = "/search?pref_edgio_method=POST&pref_edgio_body=tea"
    shown = Secrets(HeaderFields(), target=target).hidden_in(
        {
            "url": f"http://localhost{target}",
            "agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/153",
        }
    )
    assert shown["url"] == "http://localhost/search?pref_edgio_method=POST&pref_edgio_body=(3 characters)"
    assert shown["agent"].startswith("Mozilla")
