"""The modules of the runtime, and which of them some rules need.

`runtime/runtime.js` holds all of them in order, each behind a line with its name and those of the modules
that it needs. They share one scope, so that any of them, with all that these need, make a program.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as resources
from typing import Any, Final, TypeAlias

from prefetchrouter.catalog import keys
from prefetchrouter.targets.worker.worker_data import RulesData

Json: TypeAlias = Any

ROOTS: Final = ("adapters/cloudflare", "exports")
"""What each worker has, with all that these need."""

_OPTIONAL: Final = "optional/"
_MARK: Final = "//# "

_OF_FEATURES: Final[Mapping[str, str]] = {
    str(keys.caching.bypass_client_cache): "clientCaching",
    str(keys.caching.cache_key): "keyOptions",
    str(keys.caching.cache_key_query_string): "keyOptions",
    str(keys.caching.cache_key_rewrite): "keyRewriting",
    str(keys.caching.client_max_age): "clientCaching",
    str(keys.caching.enable_caching_for_methods): "requestBodies",
    str(keys.headers.add_response_headers): "headerChanges",
    str(keys.headers.debug_header): "debugging",
    str(keys.headers.remove_origin_response_headers): "headerChanges",
    str(keys.headers.remove_response_headers): "headerChanges",
    str(keys.headers.set_client_ip_custom_header): "headerChanges",
    str(keys.headers.set_origin_response_headers): "headerChanges",
    str(keys.headers.set_request_headers): "headerChanges",
    str(keys.headers.set_response_headers): "headerChanges",
    str(keys.origin.read_idle_timeout): "patience",
    str(keys.response.compress_content_types): "compression",
    str(keys.url.follow_redirects): "following",
    str(keys.url.url_redirect): "redirecting",
    str(keys.url.url_rewrite): "rewriting",
}
"""Modules by features, or by their beginnings where names follow."""

_COMMON_READINGS: Final = frozenset({"cookie", "header", "method", "parameter", "path"})
_PLAIN_OPERATORS: Final = frozenset({"", "=", ":=", "+", ":+"})
_OPERATORS: Final = _PLAIN_OPERATORS | {":", "#", "%", "/", "//", "/=", ",", ",,", "^", "^^"}
_COMMON_TESTS: Final = frozenset({"in", "match"})
_TWO_SIDED: Final = "two"
_ORDERED: Final = "order"


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the runtime.

    Args:
        name: Its path among the sources, without the ending.
        needs: The names of those that have to be there, too.
        text: Its code, in the scope that all share.
    """

    name: str
    needs: tuple[str, ...]
    text: str


@cache
def modules() -> tuple[Module, ...]:
    """Return all modules, each after those that it needs while it is loaded.

    Example:
        >>> [module.name for module in modules()][-1]
        'exports'
    """
    path = resources("prefetchrouter.targets.worker") / "runtime" / "runtime.js"
    found = []
    for piece in path.read_text(encoding="utf-8").removeprefix(_MARK).split(f"\n{_MARK}"):
        head, _, text = piece.partition("\n")
        name, _, needs = head.partition(":")
        found.append(Module(name, tuple(needs.split()), text.rstrip("\n")))
    return tuple(found)


def chosen(parts: Iterable[str] | None) -> list[Module]:
    """Return the modules of a runtime: those that each worker has, optional ones, and all that these need.

    Args:
        parts: The names of optional modules; None for all.

    Example:
        >>> chosen(["texts"]) == [one for one in modules() if one in chosen(["texts"])]
        True
    """
    every = {module.name: module for module in modules()}
    waiting = list(ROOTS) + [name for name in every if parts is None and name.startswith(_OPTIONAL)]
    waiting += [_OPTIONAL + part for part in parts or ()]
    wanted: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += every[name].needs
    return [one for one in every.values() if one.name in wanted]


def needed_parts(rules: RulesData, site: Mapping[str, Json], origins: Mapping[str, Json]) -> list[str]:
    """Return the names of the optional modules that rules, their site and its origins need.

    Args:
        rules: The rules as data.
        site: What the runtime knows of the site.
        origins: The hosts of each origin.

    Example:
        >>> leaf = {"set": [["headers.debug_header", True]]}
        >>> needed_parts(RulesData([], [leaf], [], [[0]], [], {}, 1, [], False), {"cacheStatus": "off"}, {})
        ['debugging', 'ruled']
    """
    set_values = [(key, value) for leaf in rules.leaves for key, value, *_ in leaf["set"]]
    placeholders = [found for _, value in set_values for found in _placeholders(value)]
    readings = [*_read_by_tests(rules.tests), *(found[0] for found in placeholders)]
    kinds = {kind for reading in readings for kind in _kinds(reading)}
    parts = {_OF_FEATURES[feature] for key, _ in set_values for feature in _features(key)}
    operators = {found[2] for found in placeholders}
    wanted = {
        "ruled": bool(rules.rules),
        "texts": bool(placeholders),
        "operators": not operators <= _PLAIN_OPERATORS,
        "conditions": any(not isinstance(step, int) for steps in rules.rules for step in steps),
        "comparisons": any(test[0] not in _COMMON_TESTS for test in rules.tests),
        "otherReadings": not kinds <= _COMMON_READINGS,
        "cloudflareFacts": "fact" in kinds,
        "cacheStatus": site["cacheStatus"] != "off",
        "failover": any(len(origin["hosts"]) > 1 for origin in origins.values()),
        "retrying": any("retry" in origin for origin in origins.values()),
    }
    return sorted(parts | {part for part, is_needed in wanted.items() if is_needed})


def _features(key: str) -> Iterator[str]:
    """Yield the feature of a key, if a module belongs to it; a name or a status may follow it."""
    section, _, rest = key.partition(".")
    feature = f"{section}.{rest.partition('.')[0]}"
    if feature in _OF_FEATURES:
        yield feature


def _placeholders(value: Json) -> Iterator[list[Json]]:
    """Yield all variables in the texts of a value: a reading, a name, an operator and its operands."""
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _placeholders(one)
    elif isinstance(value, list | tuple):
        if len(value) > 2 and all(isinstance(one, str) for one in value[1:3]) and value[2] in _OPERATORS:
            yield list(value)
            return
        for one in value:
            yield from _placeholders(one)


def _read_by_tests(tests: Iterable[Json]) -> Iterator[Json]:
    for test in tests:
        if test[0] == _TWO_SIDED:
            yield from test[2:4]
        elif test[0] == _ORDERED:
            yield from (side for side in test[2] if isinstance(side, str | list))
        else:
            yield test[1]


def _kinds(reading: Json) -> Iterator[str]:
    """Yield the kinds that a reading names: its own, and that of what stands in for it."""
    if isinstance(reading, str):
        yield reading.partition(" ")[0]
    else:
        yield from _kinds(reading[0])
        if reading[2] is not None:
            yield from _kinds(reading[2])
