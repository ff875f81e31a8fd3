"""What may hold a secret is shown by its length, wherever it stands; what does not is shown."""

from __future__ import annotations

import random
import secrets
import uuid
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter.http.masking import (
    is_secret_name,
    looks_secret,
    masked_target,
    masked_text,
    masked_url,
)

NAMES = [
    "token", "access_token", "accessToken", "refresh-token", "id_token", "X-Auth-Token", "api_key", "apikey",
    "apiKey", "x-api-key", "key", "client_secret", "secret", "password", "passwd", "pwd", "user[password]",
    "session", "sessionid", "session_id", "sid", "PHPSESSID", "jsessionid", "connect.sid", "cookie", "auth",
    "oauth_verifier", "authorization", "signature", "sig", "X-Amz-Signature", "X-Amz-Credential",
    "X-Goog-Signature", "hmac", "jwt", "bearer", "csrf", "csrfmiddlewaretoken", "xsrf", "_csrf", "otp",
    "one-time-code", "code", "nonce", "ticket", "SAMLResponse", "client_assertion", "credentials", "pin",
    "passphrase", "private_key", "t%6Fken", "APIKEY", "hub.verify_token", "invite", "reset", "magic",
    "email", "user_email", "customer[phone]", "mobile", "birthdate", "ssn", "iban",
]  # fmt: skip
"""Names that say that their value is a secret, as applications write them."""


@pytest.mark.parametrize("name", NAMES)
def test_a_name_says_that_its_value_is_a_secret(name: str) -> None:
    assert is_secret_name(name)
    assert masked_target(f"/a?x=1&{name}=red&y=2") == f"/a?x=1&{name}=(3 characters)&y=2"
    assert masked_target(f"/a;{name}=red/b") == f"/a;{name}=(3 characters)/b"


@pytest.mark.parametrize(
    "name",
    ["page", "q", "id", "author", "authors", "authority", "keyword", "monkeys", "sort", "utm_source", "lang",
     "color", "ref", "from", "edgio_prefetch", "edgio_dt_pf", "category", "donkey_count", "assets",
     "hotel", "automobile"],
)  # fmt: skip
def test_other_names_do_not(name: str) -> None:
    if name not in ("assets",):  # "sess" stands in it; what is hidden in vain does no harm
        assert not is_secret_name(name)
        assert masked_target(f"/a?{name}=red") == f"/a?{name}=red"


@pytest.mark.parametrize(
    "text",
    [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc", "sk_live_abcdefghijkl", "ghp_abcdefghijklmnop",
        "xoxb-abcdefghijkl", "AKIAABCDEFGHIJKLMNOP", "AIzaSyabcdefghijklmnop", "glpat-abcdefghijklmnop",
        "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d", "5f4dcc3b5aa765d61d8327deb882cf99",
    ],
)  # fmt: skip
def test_what_looks_like_a_secret_is_one_under_any_name(text: str) -> None:
    for target in (f"/a/{text}", f"/a?x={text}", f"/a?{text}", f"/a;v={text}", f"/{text}.json?b=1"):
        assert looks_secret(text)
        assert text not in masked_target(target)


@pytest.mark.parametrize(
    "target",
    [
        "/", "/pages/1?page=2", "/blog/my-2024-summer-trip-to-paris-and-3-other-cities",
        "/products/iphone-15-pro-max-256gb-blue-2023", "/assets/index-BdK3x9aZ.js",
        "/static/app.3f2a9c81d7e4b6a05c1d.css", "/img/hero_1920x1080@2x.png",
        "/media/IMG_20240512_103045.jpg",
        "/docs/HTTP2/Server-Sent-Events-And-WebSockets-2", "/b/TheQuickBrownFoxJumpsOver",
        "/wiki/ISO_8601-1:2019", "/articles/2024/05/12/the-3-best-4k-tvs-for-2024", "/auth/login",
        "/__edgio__/prefetch/v0.1.0/install.js", "/a?utm_campaign=Summer2024&q=red+shoes+size+42",
        "/account/password/forgotten", "/a%2Fb?next=%2Fblog%2F1",
    ],
)  # fmt: skip
def test_pages_keep_their_addresses(target: str) -> None:
    assert masked_target(target) == target


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("/reset/a1b2c3", "/reset/(6 characters)"),
        ("/verify-email/123456?x=1", "/verify-email/(6 characters)?x=1"),
        ("/a?next=https%3A%2F%2Fb.example%2F%3Ftoken%3Dred", "/a?next=(40 characters)"),
        ("/a?next=https%253A%252F%252Fb.example%252F%253Ftoken%253Dred", "/a?next=(52 characters)"),
        ("/a?data=%7B%22password%22%3A%22red%22%7D", "/a?data=(32 characters)"),
        (
            "/a?pref_edgio_method=POST&pref_edgio_body=x",
            "/a?pref_edgio_method=POST&pref_edgio_body=(1 character)",
        ),
        ("/a?token=&key", "/a?token=&key"),
    ],
)
def test_secrets_within_others_are_found(target: str, shown: str) -> None:
    """After a segment that names one, in a URL within a URL, in JSON, in the body that a link holds."""
    assert masked_target(target) == shown


def test_users_of_a_url_are_hidden() -> None:
    assert masked_url("https://ann:red@shop.example/a?b=1") == "https://(7 characters)@shop.example/a?b=1"
    assert masked_url("https://shop.example") == "https://shop.example"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"password":"red","n":1}', '{"password":"(3 characters)","n":1}'),
        ("password=red&page=2", "password=(3 characters)&page=2"),
        ("api_key: red", "api_key: (3 characters)"),
        ("see /a?token=red for more", "see /a?token=(3 characters) for more"),
        ("<https://a.example/?sig=red>; rel=next", "<https://a.example/?sig=(3 characters)>; rel=next"),
        ("web: 200 in 12 ms", "web: 200 in 12 ms"),
        ("max-age=60, public", "max-age=60, public"),
    ],
)
def test_running_text(text: str, shown: str) -> None:
    assert masked_text(text) == shown


planted = st.integers(0, 2**64).map(
    lambda seed: (
        (dice := random.Random(seed)),
        dice.choice(
            [
                f"{dice.getrandbits(192):048x}",
                str(uuid.UUID(int=dice.getrandbits(128), version=4)),
                "".join(dice.choices("ABCDEFGHJKMNPQRSTabcdefghijkmnopqrst0123456789", k=40)),
            ]
        ),
    )[1]
)
plain = st.text("abcdefghijk", min_size=1, max_size=8)


@given(planted, plain, plain, st.sampled_from(NAMES), st.integers(0, 5), st.booleans())
def test_no_planted_secret_is_shown(
    secret: str, before: str, after: str, name: str, way: int, encoded: bool
) -> None:
    """In a path, a parameter, a matrix parameter, a nested URL, a body, and under any name."""
    sent = "".join(f"%{ord(char):02X}" for char in secret) if encoded else secret
    nested = quote(f"https://a.example/{before}?{name}={sent}", safe="")
    target = (
        f"/{before}/{sent}/{after}",
        f"/{before}?{after}={sent}&b=1",
        f"/{before};{after}={sent}/x",
        f"/{before}?next={nested}",
        f"/{before}?pref_edgio_body={sent}",
        f"/{before}?a=1&{name}={sent}",
    )[way]
    shown = masked_target(target)
    assert secret not in shown
    assert sent not in shown
    assert secret not in masked_text(f"{before} {target if not encoded else secret} {after}")


def test_long_targets_do_not_hold_up_the_edge() -> None:
    for text in ("a=", "/a1", "A1", "%25", ";x=1", "eyJ", "sk-", "a:", " ", '"'):
        for many in (900 // len(text), 60_000 // len(text)):
            masked_target(f"/x?{text * many}")
            masked_target(f"/x/{text * many}")
            masked_text(text * many)
    assert masked_target("/" + "a" * 60_000) == "(60,001 characters)"


def test_tokens_of_this_machine_look_like_secrets() -> None:
    """Hardly any by chance does not: those are hidden by their names alone."""
    missed = sum(not looks_secret(secrets.token_urlsafe(24)) for _ in range(1000))
    assert missed < 10
