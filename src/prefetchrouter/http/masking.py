"""Finds secrets by their names or their form, and masks them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

_PARTS: Final = re.compile(
    r"token|secret|passw|passphrase|session|sess|cookie|signature|credential|apikey|bearer|jwt|[cx]srf|"
    r"hmac|saml|assertion|privatekey|auth(?!or(?!iz))|verif|confirmation|onetime"
)
"""What a name holds, its letters and digits joined, if its value is a secret."""
_WORDS: Final = frozenset(
    {
        "access", "activation", "birthdate", "birthday", "code", "confirm", "cred", "creds", "email",
        "iban", "invitation", "invite", "key", "keys", "magic", "mobile", "msisdn", "nonce", "otp", "pass",
        "phone", "pin", "policy", "pw", "pwd", "recovery", "reset", "sid", "sig", "signed", "ssn", "tel",
        "ticket", "totp", "unsubscribe",
    }
)  # fmt: skip
"""Words of a name whose value is a secret or identifies a person."""
_ENDS: Final = ("key", "sid", "pwd", "sig", "otp")
_SAFE_NAMES: Final = frozenset(
    {
        "access-control-allow-credentials", "access-control-allow-headers", "access-control-allow-methods",
        "access-control-allow-origin", "access-control-expose-headers", "access-control-max-age",
        "access-control-request-headers", "access-control-request-method", "content-security-policy",
        "content-security-policy-report-only", "cross-origin-embedder-policy", "cross-origin-opener-policy",
        "cross-origin-resource-policy", "feature-policy", "keyword", "keywords", "origin-agent-cluster",
        "permissions-policy", "proxy-authenticate", "referrer-policy", "surrogate-key", "www-authenticate",
        "x-cache-key", "x-content-type-options", "x-ec-cache-key", "x-permitted-cross-domain-policies",
    }
)  # fmt: skip
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_OTHER: Final = re.compile(r"[^a-z0-9]+")
_BODY: Final = "pref_edgio_body"
"""The parameter of a link that holds the body of a request."""

_KNOWN_LOOKS: Final = re.compile(
    r"eyJ[\w-]{6,}\.[\w-]{4,}"  # JSON Web Tokens
    r"|\b(?:sk|pk|rk|whsec|gh[opusr]|github_pat|glpat|xox[abeoprs]|shp(?:at|ca|pa|ss)|npm|dop_v1|hf|pypi|SG)"
    r"[-_.][\w.-]{10,}"
    r"|\b(?:A[KS]IA|AIza)[\w-]{12,}|\bya29\.[\w-]{10,}"
    r"|-----BEGIN [A-Z ]*KEY-----"
)
_MOST_TEXT: Final = 2048
"""Longer texts are replaced by their length: searching them would block the event loop."""
_RUN: Final = re.compile(r"[A-Za-z0-9_~+=.\-]{16,}")
_ASSET: Final = re.compile(r"\.(?:css|eot|ico|js|map|mjs|otf|ttf|wasm|woff2?)$")
_PAIR: Final = re.compile(
    r"""(?<![\w.\-\[\]%])(?P<name>[\w.\-\[\]%]{1,80})(?P<mark>\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?)(?P<value>[^\s"'&;,<>}\\]+)"""
)
_TOKEN: Final = re.compile(r"""[^\s"'<>,;(){}]+""")
_WEAK: Final = re.compile(r"[0-9A-Z]|.{16}", re.S)
_CLASSES: Final = bytes(
    3 if 48 <= code < 58 else 2 if 65 <= code < 91 else 1 if 97 <= code < 123 else 0 for code in range(256)
)

"""The class of each byte: a small letter, a capital, a digit, or 0 for all others."""
_CAPITAL_FIRST: Final = re.compile(rb"(?:^|\0)\x02\x01{2}")
_CAPITAL_WITHIN: Final = re.compile(rb"[\x01\x03]\x02(?=\x01{2})")


def length_text(text: str) -> str:
    """Return the mask of a secret.

    Example:
        >>> length_text("c0ffee")
        '(6 characters)'
    """
    return f"({len(text):,} {'character' if len(text) == 1 else 'characters'})"


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Return whether the value of a header, parameter, cookie or field of this name may be a secret.

    Example:
        >>> [is_secret_name(name) for name in ("X-Api-Key", "accessToken", "jsessionid", "author", "keyword")]
        [True, True, True, False, False]
    """
    plain = unquote(name)
    lower = plain.lower()
    if lower in _SAFE_NAMES:
        return False
    joined = _OTHER.sub("", lower)
    if _PARTS.search(joined) or joined.endswith(_ENDS):
        return True
    return any(word.lower() in _WORDS for word in _WORD.findall(plain)) or any(
        word in _WORDS for word in _OTHER.split(lower)
    )


def looks_secret(text: str) -> bool:
    """Return whether a text looks like a token, a key or an unguessable identifier.

    It does if it has the prefix of a well-known service's tokens, or if letters and digits alternate as in
    random text rather than in words with a number.

    Example:
        >>> [looks_secret(text) for text in ("eyJhbGciOi.eyJzdWIi.x", "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d")]
        [True, True]
        >>> looks_secret("my-summer-of-2024-in-paris"), looks_secret("app.3f2a9c81d7e4b6a0.js")
        (False, False)
    """
    if len(text) < 12:
        return False
    return _KNOWN_LOOKS.search(text) is not None or any(map(_is_random, _RUN.findall(text)))


def _is_random(run: str) -> bool:
    if _ASSET.search(run):
        return False
    classes = run.encode("ascii").translate(_CLASSES)
    changes = sum(a != b and a > 0 < b for a, b in itertools.pairwise(classes))
    # A capital before small letters begins a word: neither change at it is by chance.
    changes -= len(_CAPITAL_FIRST.findall(classes)) + 2 * len(_CAPITAL_WITHIN.findall(classes))
    return changes >= max(4, len(classes.replace(b"\0", b"")) // 6)


@lru_cache(maxsize=4096)
def masked_target(target: str) -> str:
    """Return path and query as they may be shown.

    Example:
        >>> masked_target("/pages/1?page=2&access_token=c0ffee")
        '/pages/1?page=2&access_token=(6 characters)'
        >>> masked_target("/reset/a1b2c3?next=/a"), masked_target("/a;jsessionid=1A2B")
        ('/reset/(6 characters)?next=/a', '/a;jsessionid=(4 characters)')
    """
    if len(target) > _MOST_TEXT:
        return length_text(target)
    if not secrets_of(target):
        return target
    path, mark, query = target.partition("?")
    return f"{_masked_path(path)}{mark}{'&'.join(map(_masked_parameter, query.split('&')))}"


def secrets_of(target: str) -> frozenset[str]:
    """Return the secrets in path and query, as they are written and decoded; without very long ones."""
    if len(target) > _MOST_TEXT:
        return frozenset()
    path, _, query = target.partition("?")
    found = {text for part in query.split("&") for text in _found_in_parameter(part)} | {
        text for _, text in _path_secrets(path)
    }
    return frozenset(found | {unquote(text) for text in found})


def masked_url(url: str) -> str:
    """Return a URL as it may be shown, without the password of its user.

    Example:
        >>> masked_url("https://ann:c0ffee@shop.example/a?sig=1")
        'https://(10 characters)@shop.example/a?sig=(1 character)'
    """
    start, mark, rest = url.partition("://")
    if not mark:
        return masked_target(url)
    host, slash, target = rest.partition("/")
    user, at, name = host.rpartition("@")
    host = f"{length_text(user)}@{name}" if at else host
    return f"{start}{mark}{host}{masked_target(slash + target)}"


def masked_text(text: str) -> str:
    """Return any text as it may be shown: URLs, pairs of a name and a value, and what looks like a secret.

    Example:
        >>> masked_text('{"password": "c0ffee", "page": 2}')
        '{"password": "(6 characters)", "page": 2}'
        >>> masked_text("see https://shop.example/a?token=c0ffee now")
        'see https://shop.example/a?token=(6 characters) now'
    """
    if len(text) > _MOST_TEXT:
        return length_text(text)
    text = _TOKEN.sub(_masked_token, text) if "/" in text else text
    text = _PAIR.sub(_masked_pair, text)
    return _RUN.sub(_masked_run, text)


def _masked_token(found: re.Match[str]) -> str:
    token = found[0]
    return masked_url(token) if token.startswith("/") or "://" in token else token


def _masked_pair(found: re.Match[str]) -> str:
    value = found["value"]
    if value.startswith("(") or not is_secret_name(found["name"]):
        return found[0]
    return f"{found['name']}{found['mark']}{length_text(value)}"


def _masked_run(found: re.Match[str]) -> str:
    return length_text(found[0]) if looks_secret(found[0]) else found[0]


def _masked_parameter(part: str) -> str:
    found = _found_in_parameter(part)
    if not found:
        return part
    name, mark, value = part.partition("=")
    return f"{name}{mark}{length_text(value)}" if mark else length_text(part)


def _found_in_parameter(part: str) -> tuple[str, ...]:
    """Return the secret of one parameter, its value whole if any of it is one."""
    name, mark, value = part.partition("=")
    if not mark:
        return (part,) if looks_secret(unquote(part)) else ()
    if not value:
        return ()
    if name == _BODY or is_secret_name(name):
        return (value,)
    plain = unquote(value)
    for _ in range(2):  # a URL within a URL is encoded once more
        if looks_secret(plain) or (any(mark in plain for mark in "=:/") and masked_text(plain) != plain):
            return (value,)
        plain = unquote(plain)
    return ()


def _masked_path(path: str) -> str:
    pieces, end = [], 0
    for start, text in _path_secrets(path):
        pieces += [path[end:start], length_text(text)]
        end = start + len(text)
    return "".join((*pieces, path[end:]))


def _path_secrets(path: str) -> Iterator[tuple[int, str]]:
    """Yield place and text of each secret in a path: by its look, its name, or the segment before it."""
    start, before = 0, ""
    for segment in path.split("/"):
        place = start
        for piece in segment.split(";"):
            name, mark, value = piece.partition("=")
            if mark and value and (is_secret_name(name) or looks_secret(unquote(value))):
                yield place + len(name) + 1, value
            elif not mark and piece:
                plain = unquote(piece)
                if looks_secret(plain) or (_WEAK.search(plain) and is_secret_name(before)):
                    yield place, piece
            place += len(piece) + 1
        start += len(segment) + 1
        before = segment
