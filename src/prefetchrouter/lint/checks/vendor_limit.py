"""Rules beyond a limit that a chosen vendor publishes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site
from prefetchrouter.lint.vendor_limits import VENDORS, Counted, VendorLimit
from prefetchrouter.output.building import build
from prefetchrouter.rules.conditions import AllOf, AnyOf, Condition
from prefetchrouter.rules.features import written
from prefetchrouter.rules.features.cache_key_options import OWN_OPTIONS
from prefetchrouter.rules.rule import Branch
from prefetchrouter.rules.walk import walk
from prefetchrouter.source import Source

_GROUP = re.compile(r"\$(\d\d+)")
_STATUS = re.compile(r"[1-5]\d\d")


class CountedPart(NamedTuple):
    """A number, where it comes from, and what of it.

    Args:
        number: How many.
        source: The line.
        of: What is counted there, such as ``" in origin web"``.
    """

    number: int
    source: Source | None = None
    of: str = ""


def _run(site: Site) -> Iterator[Finding]:
    for vendor in site.vendors:
        for limit in VENDORS[vendor]:
            for count in dict.fromkeys(_COUNTS[limit.counted](site)):
                if not limit.allows(count.number):
                    yield _finding(site, vendor, limit, count)


def _finding(site: Site, vendor: str, limit: VendorLimit, count: CountedPart) -> Finding:
    if limit.values:
        what = f"{limit.what} {count.number}{count.of}: {vendor} does not know it"
    elif limit.most == 0:
        what = f"{limit.what}{count.of}: {vendor} does not take this"
    elif limit.most is not None and count.number > limit.most:
        what = f"{count.number:,} {limit.what}{count.of}: {vendor} allows {limit.most:,}"
    else:
        what = f"{count.number:,} {limit.what}{count.of}: {vendor} needs {limit.least:,}"
    return CHECK.finding(
        f"{what} ({limit.source})", count.source, hint=limit.hint, witness=site.witness_at(count.source)
    )


def _conditions(site: Site) -> Iterator[CountedPart]:
    for rule in site.rules.rules:
        for node in walk(rule):
            if isinstance(node, Branch):
                for members in _members(node.condition):
                    yield CountedPart(members, node.source)


def _members(condition: Condition) -> Iterator[int]:
    for node in walk(condition):
        if isinstance(node, AllOf | AnyOf) and len(node.members) > 1:
            yield len(node.members)


def _statuses(site: Site) -> Iterator[CountedPart]:
    for place in site.places:
        for name, value in _leaves(written(place.apply.features)):
            if isinstance(value, int) and name.rpartition(".")[2] in ("code", "set_status_code"):
                yield CountedPart(value, place.apply.source)
            last = name.rpartition(".")[2]
            if _STATUS.fullmatch(last):
                yield CountedPart(int(last), place.apply.source)


def _leaves(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _leaves(part, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _leaves(part, name)
    else:
        yield name, value


def _destinations(site: Site) -> Iterator[tuple[str, Source | None]]:
    for place in site.places:
        url = place.apply.features.url
        if url is not None:
            parts = (*((url.url_redirect,) if url.url_redirect else ()), *(url.url_rewrite or ()))
            for part in parts:
                yield part.destination or "", place.apply.source


def _captures(site: Site) -> Iterator[CountedPart]:
    for text, source in _destinations(site):
        for number in _GROUP.findall(text):
            yield CountedPart(int(number), source)


def _origins(site: Site) -> Iterator[CountedPart]:
    if site.property is not None:
        yield CountedPart(len(site.property.origins or ()))


def _locations(site: Site) -> Iterator[CountedPart]:
    for origin in (site.property.origins or ()) if site.property is not None else ():
        places = [host.location for host in origin.hosts or ()]
        count = sum(1 if isinstance(place, str) else len(place) for place in places)
        yield CountedPart(count, None, f" ({origin.name})")


_RESERVED: Final = ("balancer", "weight", "dns_min_ttl", "dns_max_ttl", "max_pool", "max_hard_pool")
_BALANCERS: Final = (None, "primary_failover", "round_robin")


def _reserved(site: Site) -> Iterator[CountedPart]:
    for origin in (site.property.origins or ()) if site.property is not None else ():
        names = [name for host in origin.hosts or () for name in _RESERVED if getattr(host, name) is not None]
        names += ["balancer"] if origin.balancer not in _BALANCERS else []
        names += ["type"] if origin.type not in (None, "customer_origin") else []
        if names:
            yield CountedPart(len(names), None, f" ({origin.name}: {', '.join(dict.fromkeys(names))})")


def _bare_ports(site: Site) -> Iterator[CountedPart]:
    for origin in (site.property.origins or ()) if site.property is not None else ():
        for host in origin.hosts or ():
            places = () if isinstance(host.location, str) else host.location
            count = sum(getattr(place, "port", None) is not None for place in places)
            yield CountedPart(count if host.scheme is None else 0, None, f" ({origin.name})")


def _idle(site: Site) -> Iterator[CountedPart]:
    for place in site.places:
        origin = place.apply.features.origin
        if origin is not None and origin.read_idle_timeout is not None:
            yield CountedPart(math.ceil(origin.read_idle_timeout), place.apply.source)


def _key_features(site: Site) -> Iterator[CountedPart]:
    for place in site.places:
        caching = place.apply.features.caching
        if caching is not None:
            features = (caching.cache_key, caching.cache_key_query_string, caching.cache_key_rewrite)
            yield CountedPart(sum(each is not None for each in features), place.apply.source)


def _token_keys(site: Site) -> Iterator[CountedPart]:
    for place in site.places:
        for name, value in _leaves(written(place.apply.features)):
            if re.search(r"token_auth\w*\.(?:primary|backup)$", name):
                yield CountedPart(len(str(value)), place.apply.source)


def _dots(site: Site) -> Iterator[CountedPart]:
    for place in site.places:
        for group in written(place.apply.features).get("headers", {}).values():
            for name in group if isinstance(group, Mapping | list | tuple) else ():
                if isinstance(name, str) and "." in name:
                    yield CountedPart(name.count("."), place.apply.source, f" ({name})")


def _body_sizes(site: Site) -> Iterator[CountedPart]:
    for place in site.places:
        caching = place.apply.features.caching
        if caching is not None and caching.cacheable_request_body_size is not None:
            yield CountedPart(caching.cacheable_request_body_size.bytes, place.apply.source)


def _worker(site: Site) -> Iterator[CountedPart]:
    files = build(site.rules, targets="worker", unsupported="ignore").files
    yield CountedPart(sum(file.gzipped_bytes for file in files if file.path.endswith("/worker.js")))


def _destination_sizes(site: Site) -> Iterator[CountedPart]:
    for text, source in _destinations(site):
        yield CountedPart(len(text), source)


def _tags(site: Site) -> Iterator[tuple[tuple[str, ...], Source | None]]:
    for place in site.places:
        caching = place.apply.features.caching
        if caching is not None and caching.purge_tags:
            yield tuple(map(str, caching.purge_tags)), place.apply.source


def _tag_sizes(site: Site) -> Iterator[CountedPart]:
    for tags, source in _tags(site):
        yield CountedPart(max(map(len, tags)), source)


def _tag_header_sizes(site: Site) -> Iterator[CountedPart]:
    for tags, source in _tags(site):
        yield CountedPart(len(",".join(tags)), source)


def _response_headers(site: Site) -> Iterator[CountedPart]:
    for place in site.places:
        headers = place.apply.features.headers
        if headers is not None:
            sent = [
                header
                for group in (headers.add_response_headers, headers.set_response_headers)
                for header in dict(group or {}).items()
            ]
            size = sum(len(f"{name}: {value}\r\n".encode()) for name, value in sent)
            yield CountedPart(size, place.apply.source)


def _own_options(site: Site) -> Iterator[CountedPart]:
    for place in site.places:
        caching = place.apply.features.caching
        options = caching.cache_key if caching is not None else None
        if options is not None:
            yield CountedPart(sum(bool(getattr(options, name)) for name in OWN_OPTIONS), place.apply.source)


_COUNTS: Final[dict[Counted, Callable[[Site], Iterator[CountedPart]]]] = {
    "condition-members": _conditions,
    "status-code": _statuses,
    "capture-number": _captures,
    "origins": _origins,
    "locations": _locations,
    "reserved-settings": _reserved,
    "ports-without-scheme": _bare_ports,
    "request-body-bytes": _body_sizes,
    "idle-seconds": _idle,
    "cache-key-features": _key_features,
    "token-key-characters": _token_keys,
    "header-name-dots": _dots,
    "worker-bytes": _worker,
    "tag-characters": _tag_sizes,
    "tag-header-characters": _tag_header_sizes,
    "destination-characters": _destination_sizes,
    "response-header-bytes": _response_headers,
    "own-options": _own_options,
}

CHECK = Check("lint/vendor-limit", "More than a vendor allows: see `lint --vendor`.", _run)
