"""The options of ``route.cache(edge={...}, browser={...})``, and the caching features that they set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypedDict

from prefetchrouter.authoring.arguments import helper_error, seconds
from prefetchrouter.errors import did_you_mean, shown

# Options that do not exist, but are in documented examples: a warning, so that these still build.
_DOCUMENTED_ELSEWHERE = ("stale_while_revalidate",)


class Warn(Protocol):
    """Notes a warning."""

    def __call__(self, message: str, hint: str | None = None) -> None:
        """Note it, with a hint what to write."""


class EdgeCache(TypedDict, total=False):
    """How the edge keeps a response; the options of ``cache(edge={...})``."""

    max_age_seconds: int | str
    stale_while_revalidate_seconds: int | str
    force_private_caching: bool


class BrowserCache(TypedDict, total=False):
    """How the browser keeps a response; the options of ``cache(browser={...})``."""

    max_age_seconds: int | str
    service_worker_seconds: int | str


def edge_caching(options: EdgeCache, warn: Warn) -> dict[str, Any]:
    """Return the caching features for the edge.

    Args:
        options: The options; a number is in seconds, text is a duration.
        warn: Called for an option that has no effect.

    Raises:
        HelperError: An option is unknown, or its value invalid.

    Example:
        >>> edge_caching({"max_age_seconds": 60}, print)
        {'max_age': '60s'}
    """
    _check_names("edge", options, EdgeCache.__annotations__, warn)
    caching: dict[str, Any] = {}
    for option, feature in (
        ("max_age_seconds", "max_age"),
        ("stale_while_revalidate_seconds", "stale_while_revalidate"),
    ):
        value = options.get(option)
        if value is not None and value != 0:
            caching[feature] = seconds(f"cache(edge): {option}", value)
    if options.get("force_private_caching"):
        caching["ignore_origin_no_cache"] = [200]
    return caching


def browser_caching(options: BrowserCache, warn: Warn) -> dict[str, Any]:
    """Return the caching features for browsers and their service workers.

    Args:
        options: The options; a number is in seconds, text is a duration.
        warn: Called for an option that has no effect.

    Raises:
        HelperError: An option is unknown, its value invalid, or no lifetime is given.

    Example:
        >>> browser_caching({"max_age_seconds": 0, "service_worker_seconds": "1h"}, print)
        {'service_worker_max_age': '1h', 'bypass_client_cache': True}
    """
    _check_names("browser", options, BrowserCache.__annotations__, warn)
    worker, client = options.get("service_worker_seconds"), options.get("max_age_seconds")
    if worker is None and client is None:
        raise helper_error(
            f"cache(browser={shown(dict(options))}) names no lifetime",
            expected="max_age_seconds or service_worker_seconds",
            hint="browser=False forbids the browser to keep the response",
        )
    caching: dict[str, Any] = {}
    if worker is not None and worker != 0:
        caching["service_worker_max_age"] = seconds("cache(browser): service_worker_seconds", worker)
    if client == 0 and client is not False:
        caching["bypass_client_cache"] = True
    elif client is not None:
        caching["client_max_age"] = seconds("cache(browser): max_age_seconds", client)
    return caching


def _check_names(kind: str, options: object, known: Mapping[str, object], warn: Warn) -> None:
    if not isinstance(options, Mapping):
        raise helper_error(f"cache({kind}={shown(options)})", expected="a mapping, or False")
    for name in options:
        if name in known:
            continue
        message = f"cache({kind}): {shown(name)} is not an option"
        hint = did_you_mean(name, known) or "use one of " + ", ".join(known)
        if name not in _DOCUMENTED_ELSEWHERE:
            raise helper_error(message, hint=hint)
        warn(f"{message} and has no effect", hint=hint)
