"""Why a response is not stored, as sentences with a cure: what `storage` says in a few words, for people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

DOCS: Final = "docs/edge-rules.md"
"""The page on which each clause stands."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A reason in a sentence.

    Args:
        sentence: What keeps the response out of the cache, with the clause of `docs/edge-rules.md`.
        cure: Sections of a rule that change it, as they are written in a call of `match`; None where no rule
            can, or should.
        advice: What to do where no rule helps, or what to know before a cure is used; None for nothing.
    """

    sentence: str
    cure: str | None = None
    advice: str | None = None

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

_ROWS: Final[tuple[tuple[str, str, str | None, str | None], ...]] = (
    (r"(GET|HEAD) with a body", "a {0} with a body has no cache (E9)", None, None),
    ("HEAD", "a HEAD stores nothing, a GET does (E8)", None, None),
    ("HEAD, and .*", "a HEAD stores nothing, a GET does (E8)", None, None),
    (
        "(POST|PUT)", "rules do not let the cache store answers to {0} (E8)",
        'caching={{"enable_caching_for_methods": ["{0}"]}}', None,
    ),
    (r"[A-Z0-9!#$%&'*+.^_`|~-]+", "the cache stores no answers to {whole} (E8)", None, None),
    ("bypass_cache", "caching.bypass_cache is true (E9)", 'caching={{"bypass_cache": False}}', None),
    (
        "authorization", "the request has Authorization, so the response may be for one user only (E9)",
        'caching={{"cache_key": {{"include_headers": ["authorization"]}}}}',
        "this stores one response for each user",
    ),
    (
        "(if-match|if-unmodified-since)", "the request has {0}, which only the origin can judge (E9)",
        None, "send the request without it",
    ),
    ("the request body is too large.*", "{whole} (E8)", None, None),
    (
        "no-store in the request", "the request says Cache-Control: no-store (E10)",
        None, "send the request without it",
    ),
    (r"status (\d+)", "a response with status {0} is never stored (E10)", None, None),
    (
        "(no-store|private)", "Cache-Control: {0} keeps the response out of the shared cache (E10)",
        _OVERRULE, _FOR_ALL,
    ),
    (
        "(no-store|private) in cdn-cache-control",
        "CDN-Cache-Control: {0} keeps the response out of the shared cache (E10)", _OVERRULE, _FOR_ALL,
    ),
    (
        "set-cookie", "Set-Cookie keeps the response out of the shared cache (E10)",
        _WITHOUT.replace("{name}", "set-cookie"), _FOR_ALL,
    ),
    (
        "vary: [*]", "Vary: * keeps the response out of the shared cache (E10)",
        _WITHOUT.replace("{name}", "vary"), _FOR_ALL,
    ),
    (
        "vary that names no headers", "Vary holds something that is not a header name (E10)",
        _WITHOUT.replace("{name}", "vary"), _FOR_ALL,
    ),
    (
        "no-cache", "Cache-Control: no-cache by the origin, where a rule sets the time (E10)",
        _OVERRULE, _FOR_ALL,
    ),
    (
        "no-cache without a validator",
        "Cache-Control: no-cache, and neither ETag nor Last-Modified to validate it by (E12)",
        _OVERRULE, None,
    ),
    (
        "expired when it came, without a validator",
        "it has expired on arrival, and has neither ETag nor Last-Modified to validate it by (E11)",
        _A_TIME, None,
    ),
    ("a rule says so", "a rule sets its time in the cache to zero (E11)", _A_TIME, None),
    ("no lifetime", "neither a rule nor the origin says how long to store it (E11)", _A_TIME, None),
    (
        r"status (204|205) is not in cacheable_status_codes", "no rule lets the cache store a {0} (E11)",
        None, "answer with a page: a prefetch that gets a {0} leaves a link that does nothing",
    ),
    (
        r"status (\d+) is not in cacheable_status_codes", "no rule lets the cache store a {0} (E11)",
        _A_TIME, None,
    ),
    (
        r"must-understand, and status (\d+) is not known",
        "Cache-Control: must-understand, and status {0} is not a known one (E11)", _A_TIME, None,
    ),
    (r"larger than (.*)", "its body is larger than {0} (E10)", None, "serve larger files past the cache"),
    (
        "expired on arrival", "it is stored, and has to be validated with the origin each time (E16)",
        _OVERRULE, None,
    ),
    (
        "no-cache by the client", "the request says no-cache, and honor_no_cache_request_header is set (E9)",
        None, "send the request without it",
    ),
    (
        "only-if-cached", "the request says only-if-cached, so no origin is asked (E22)",
        None, "send the request without it",
    ),
    ("empty", "refresh_zero_byte_cache_files is set, and its body is empty (E18)", None, None),
)  # fmt: skip
_PATTERNS: Final = tuple((re.compile(row[0]), row) for row in _ROWS)


def explained(reason: str, status: int = 200) -> Explained:
    """Return a reason of `reason_to_pass` or `storage_policy` in a sentence, with the cure.

    Args:
        reason: What they returned.
        status: The status of the response, for the cure.

    Example:
        >>> found = explained("set-cookie")
        >>> found.sentence, found.cure
        ('Set-Cookie keeps the response out of the shared cache (E10)', \
'headers={"remove_origin_response_headers": ["set-cookie"]}')
    """
    for pattern, (_, sentence, cure, advice) in _PATTERNS:
        found = pattern.fullmatch(reason)
        if found is not None:
            filled = [
                None if text is None else text.format(*found.groups(), whole=reason, status=status)
                for text in (sentence, cure, advice)
            ]
            return Explained(filled[0] or reason, filled[1], filled[2])
    return Explained(reason)
