"""Turns the short reasons of `storage` into sentences with a cure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from prefetchrouter.catalog import keys

DOCS: Final = "docs/edge-rules.md"
"""The page with the clauses."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A reason in a sentence.

    Args:
        sentence: What keeps the response out of the cache.
        cure: Sections of a rule that change it, as they are written in a call of `match`; None if no rule
            can, or should.
        advice: What to do where no rule helps, or a caveat of the cure; None if there is nothing to say.
        clause: The clause of `docs/edge-rules.md` behind it, such as ``"E10"``; None without one.
    """

    sentence: str
    cure: str | None = None
    advice: str | None = None
    clause: str | None = None

    def __str__(self) -> str:
        return self.sentence

    @property
    def what_to_do(self) -> str | None:
        """The cure and the advice in one sentence, None without either."""
        parts = [f"set {self.cure}" if self.cure else None, self.advice]
        return "; ".join(part for part in parts if part) or None


_OVERRULE = 'caching={{"max_age": {{"{status}": "1h"}}, "ignore_origin_no_cache": [{status}]}}'
_A_TIME = 'caching={{"max_age": {{"{status}": "1h"}}}}'
_FOR_ALL = "only where the response is the same for every visitor"
_WITHOUT = 'headers={{"remove_origin_response_headers": ["{name}"]}}'

_ROWS: Final[tuple[tuple[str, str, str, str | None, str | None], ...]] = (
    (r"(GET|HEAD) with a body", "a {0} with a body is not cached", "E9", None, None),
    ("HEAD", "responses to HEAD are not stored, those to GET are", "E8", None, None),
    ("HEAD, and .*", "responses to HEAD are not stored, those to GET are", "E8", None, None),
    (
        "(POST|PUT)", "no rule allows responses to {0} to be stored", "E8",
        'caching={{"enable_caching_for_methods": ["{0}"]}}', None,
    ),
    (r"[A-Z0-9!#$%&'*+.^_`|~-]+", "responses to {whole} are never stored", "E8", None, None),
    ("bypass_cache", f"{keys.caching.bypass_cache} is true", "E9", 'caching={{"bypass_cache": False}}', None),
    (
        "authorization", "the request has Authorization, so the response may be for one user only", "E9",
        'caching={{"cache_key": {{"include_headers": ["authorization"]}}}}',
        "this stores one response for each user",
    ),
    (
        "(if-match|if-unmodified-since)", "the request has {0}, which only the origin can evaluate", "E9",
        None, "send the request without it",
    ),
    ("the request body is too large.*", "{whole}", "E8", None, None),
    (
        "no-store in the request", "the request says Cache-Control: no-store", "E10",
        None, "send the request without it",
    ),
    (r"status (\d+)", "a response with status {0} is never stored", "E10", None, None),
    (
        "(no-store|private)", "Cache-Control: {0} keeps the response out of the shared cache", "E10",
        _OVERRULE, _FOR_ALL,
    ),
    (
        "(no-store|private) in cdn-cache-control",
        "CDN-Cache-Control: {0} keeps the response out of the shared cache", "E10", _OVERRULE, _FOR_ALL,
    ),
    (
        "set-cookie", "Set-Cookie keeps the response out of the shared cache", "E10",
        _WITHOUT.replace("{name}", "set-cookie"), _FOR_ALL,
    ),
    (
        "vary: [*]", "Vary: * keeps the response out of the shared cache", "E10",
        _WITHOUT.replace("{name}", "vary"), _FOR_ALL,
    ),
    (
        "vary that names no headers", "Vary contains something that is not a header name", "E10",
        _WITHOUT.replace("{name}", "vary"), _FOR_ALL,
    ),
    (
        "no-cache", "the origin sends Cache-Control: no-cache, and a rule sets the lifetime", "E10",
        _OVERRULE, _FOR_ALL,
    ),
    (
        "no-cache without a validator",
        "Cache-Control: no-cache without an ETag or Last-Modified to validate with", "E12",
        _OVERRULE, None,
    ),
    (
        "stale on arrival, without a validator",
        "it is stale on arrival, without an ETag or Last-Modified to validate with", "E11",
        _A_TIME, None,
    ),
    ("a rule sets a lifetime of zero", "a rule sets its freshness lifetime to zero", "E11", _A_TIME, None),
    ("no lifetime", "neither a rule nor the origin sets a freshness lifetime", "E11", _A_TIME, None),
    (
        r"status (204|205) is not in cacheable_status_codes", "no rule allows a {0} to be stored", "E11",
        None, "answer with a page: a prefetch that gets a {0} leaves a link that does nothing",
    ),
    (
        r"status (\d+) is not in cacheable_status_codes", "no rule allows a {0} to be stored", "E11",
        _A_TIME, None,
    ),
    (
        r"must-understand, and status (\d+) is not known",
        "Cache-Control: must-understand, and status {0} is unknown", "E11", _A_TIME, None,
    ),
    (r"larger than (.*)", "its body is larger than {0}", "E10", None, "serve it without caching"),
    (
        "expired on arrival", "it is stored, but must be validated with the origin on each request", "E16",
        _OVERRULE, None,
    ),
    (
        "no-cache by the client", "the request says no-cache, and honor_no_cache_request_header is set", "E9",
        None, "send the request without it",
    ),
    (
        "only-if-cached", "the request says only-if-cached, so no request goes to the origin", "E22",
        None, "send the request without it",
    ),
    ("empty", "refresh_zero_byte_cache_files is set, and its body is empty", "E18", None, None),
)  # fmt: skip
_PATTERNS: Final = tuple((re.compile(row[0]), row) for row in _ROWS)


def explained(reason: str, status: int = 200) -> Explained:
    """Return the sentence, cure and clause for a reason of `reason_to_pass` or `storage_policy`.

    Args:
        reason: What they returned.
        status: The status of the response, for the cure.

    Example:
        >>> found = explained("set-cookie")
        >>> found.sentence, found.cure
        ('Set-Cookie keeps the response out of the shared cache', \
'headers={"remove_origin_response_headers": ["set-cookie"]}')
    """
    for pattern, (_, sentence, clause, cure, advice) in _PATTERNS:
        found = pattern.fullmatch(reason)
        if found is not None:
            filled = [
                None if text is None else text.format(*found.groups(), whole=reason, status=status)
                for text in (sentence, cure, advice)
            ]
            return Explained(filled[0] or reason, filled[1], filled[2], clause)
    return Explained(reason)
