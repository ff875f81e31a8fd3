"""What tells copies apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from edge.model.plain import Ask, Fields, value_of
from edge.model.rules import Settings


@dataclass(frozen=True)
class Key:
    """The parts of a cache key: the address, and all else."""

    address: str
    parts: tuple[str, ...]


def own_target(ask: Ask, settings: Settings) -> str:
    """Path and query after rewrites, without the parameters of prefetching clients."""
    path = ask.path
    for rewrite in settings.get("url_rewrite") or ():
        if path == rewrite["source"]:
            path = rewrite["destination"]
    query = _without_own(ask.query)
    return f"{path}?{query}" if query else path


def _without_own(query: str) -> str:
    return "&".join(part for part in query.split("&") if not part.partition("=")[0].startswith("edgio_"))


def cache_key(ask: Ask, settings: Settings) -> Key:
    """The key of a request under its rules."""
    options: dict[str, Any] = settings.get("cache_key") or {}
    path, _, query = own_target(ask, settings).partition("?")
    counted = [part for part in query.split("&") if part and _counts(part.partition("=")[0], options)]
    everything = options.keys().isdisjoint(
        ("exclude_all_query_params", "include_query_params", "include_all_query_params_except")
    )
    kept = query if everything else "&".join(counted)
    parts = ["" if ask.method == "HEAD" else ask.method.replace("GET", ""), str(settings.get("set_origin"))]
    for name in options.get("include_headers", ()):
        value = value_of(ask.headers, name.lower())
        if value is not None:
            parts.append(f"header {name.lower()}={value}")
    cookies = _cookies(ask)
    for name in options.get("include_cookies", ()):
        if name in cookies:
            parts.append(f"cookie {name}={cookies[name]}")
    if ask.method in ("POST", "PUT"):
        parts.append(ask.body.decode("latin-1"))
    return Key(f"{ask.host}{path}?{kept}", tuple(parts))


def _counts(name: str, options: dict[str, Any]) -> bool:
    if options.get("exclude_all_query_params"):
        return False
    if "include_query_params" in options:
        return name in options["include_query_params"]
    return name not in options.get("include_all_query_params_except", ())


def _cookies(ask: Ask) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in (value_of(ask.headers, "cookie") or "").split(";"):
        name, _, value = pair.strip().partition("=")
        found.setdefault(name, value)
    return found


def varied(ask: Ask, names: Iterable[str]) -> Fields:
    """The request headers of some names, without blanks around commas; a missing one is not an empty one."""
    found = []
    for name in names:
        value = value_of(ask.headers, name)
        text = "missing" if value is None else "=" + ",".join(part.strip() for part in value.split(","))
        found.append((name, text))
    return tuple(found)
