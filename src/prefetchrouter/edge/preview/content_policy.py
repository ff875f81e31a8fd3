"""What a Content-Security-Policy says of the script tag: allowed as it is, with a nonce, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

_FOR_SCRIPTS: Final = ("script-src-elem", "script-src", "default-src")
_FOR_WORKERS: Final = ("worker-src", "child-src", "script-src", "default-src")
_OF_THIS_ORIGIN: Final = frozenset({"'self'", "*", "http:"})


class PolicyVerdict(NamedTuple):
    """What the policies of a page say of the script.

    Args:
        nonce: The nonce that its tag needs; None if it needs none.
        refusal: Why it cannot work, with the cure; None if it can.
    """

    nonce: str | None = None
    refusal: str | None = None


def verdict_of(headers: Iterable[str]) -> PolicyVerdict:
    """Return what the ``Content-Security-Policy`` headers of a page say of a script of the same origin.

    Args:
        headers: Their values; each may hold several policies, and all of them apply.

    Source: Content Security Policy Level 3, sections 2.2, 6.1 and 6.7.

    Example:
        >>> verdict_of(["script-src 'nonce-a1' 'strict-dynamic'; worker-src 'self'"])
        PolicyVerdict(nonce='a1', refusal=None)
        >>> verdict_of(["default-src 'none'"]).refusal
        "its Content-Security-Policy has neither 'self' nor a nonce in default-src"
    """
    nonces: set[str] = set()
    for policy in _policies(headers):
        name, sources = _applies(policy, _FOR_SCRIPTS)
        if sources is not None and (
            "'strict-dynamic'" in sources or not _OF_THIS_ORIGIN.intersection(sources)
        ):
            own = [source[7:-1] for source in sources if source.lower().startswith("'nonce-")]
            if not own:
                return PolicyVerdict(
                    refusal=f"its Content-Security-Policy has neither 'self' nor a nonce in {name}"
                )
            nonces.add(own[0])
        name, sources = _applies(policy, _FOR_WORKERS)
        if sources is not None and not _allows_worker(name, sources):
            return PolicyVerdict(
                refusal=f"its Content-Security-Policy needs worker-src 'self', and has only {name}"
            )
    if len(nonces) > 1:
        return PolicyVerdict(refusal="its Content-Security-Policies demand different nonces")
    return PolicyVerdict(nonces.pop() if nonces else None)


def _allows_worker(name: str, sources: tuple[str, ...]) -> bool:
    """Return whether a service worker of the same origin may be registered.

    With ``'strict-dynamic'`` browsers allow it from a script that a nonce allows, unless worker-src or
    child-src says otherwise.
    """
    is_by_trust = name in ("script-src", "default-src") and "'strict-dynamic'" in sources
    return is_by_trust or bool(_OF_THIS_ORIGIN.intersection(sources))


def _policies(headers: Iterable[str]) -> Iterator[Mapping[str, tuple[str, ...]]]:
    for header in headers:
        for policy in header.split(","):
            directives: dict[str, tuple[str, ...]] = {}
            for directive in policy.split(";"):
                name, *sources = directive.split() or [""]
                if name:
                    directives.setdefault(name.lower(), tuple(sources))
            yield directives


def _applies(
    policy: Mapping[str, tuple[str, ...]], names: Iterable[str]
) -> tuple[str, tuple[str, ...] | None]:
    """Return the directive that applies, the first of these that the policy has."""
    return next(((name, policy[name]) for name in names if name in policy), ("", None))
