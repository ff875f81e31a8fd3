"""Rules, site and origins as the data that the runtime reads (`worker/src/rules/data.ts`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit

from prefetchrouter.errors import Diagnostic
from prefetchrouter.http_cache.spoofable import HEADER_GROUPS
from prefetchrouter.lowering import Lowered, Plan, Steps, writes
from prefetchrouter.lowering.groups import by_prefix
from prefetchrouter.lowering.parts import Filled, Parts
from prefetchrouter.lowering.steps import Set, Step
from prefetchrouter.rules.property import Property
from prefetchrouter.rules.servers import Host, Location, Origin
from prefetchrouter.source import Source
from prefetchrouter.targets.target import Job
from prefetchrouter.targets.worker.worker_values import entry_data, guard_data, test_data

Json: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """What is set for one deployment, in place of what the property says.

    Args:
        origins: The URLs of origins by name; ``""`` for all others.
        scheme: The scheme that rules see.
        host: The host that rules see in place of this machine's names; None for that of the property.
        facts: Facts about each visitor, such as ``{"location.country": "DE"}``.
        cache_status: Whether responses have `Cache-Status`.
        listen: Where the configuration for `workerd` listens.
        cache_bytes: The size of its cache.
        logs: Whether it writes a line for each request.
        purge_port: The port at which the configuration for `workerd` takes purges from this machine; None for
            none.
        answer_seconds: How long an origin may take until the head of its response, in whole seconds.
        whole: Whether the module has the whole runtime, not only what its rules need.
    """

    origins: Mapping[str, str] = field(default_factory=dict)
    scheme: Literal["http", "https"] = "https"
    host: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    cache_status: Literal["on", "debug", "off"] = "on"
    listen: str = "127.0.0.1:8080"
    cache_bytes: int = 64 * 1024 * 1024
    logs: bool = True
    purge_port: int | None = None
    answer_seconds: int = 60
    whole: bool = False


@dataclass(frozen=True, slots=True)
class RulesData:
    """Rules as data, with the lines that they come from.

    Args:
        tests: The atomic tests.
        leaves: What rules set, by plan.
        comments: The comments of rules, by leaf.
        rules: The steps of each rule.
        lines: The line of each rule.
        index: The numbers of rules by the first segments of a path, joined with slashes.
        depth: How many segments the longest of these are.
        anywhere: The numbers of the rules for any path.
        needs_response: Whether any rule reads the response.
    """

    tests: list[Json]
    leaves: list[Json]
    comments: list[str]
    rules: list[Json]
    lines: list[str]
    index: dict[str, list[int]]
    depth: int
    anywhere: list[int]
    needs_response: bool


def rules_data(lowered: Lowered) -> RulesData:
    """Return rules as data.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.lowering import lower
        >>> data = rules_data(lower(Router().match("/a/:id", caching={"max_age": "1h"})))
        >>> data.rules, data.index
        ([[[[0, [0]]]]], {'a': [0]})
    """
    leaves = _Leaves(lowered)
    rules = [leaves.steps(rule.steps) for rule in lowered.rules]
    index = by_prefix([rule.prefixes for rule in lowered.rules])
    return RulesData(
        [test_data(test) for test in lowered.tests],
        leaves.made,
        leaves.comments,
        rules,
        [_line(rule.steps) for rule in lowered.rules],
        {"/".join(prefix): list(places) for prefix, places in index.items() if prefix},
        max(map(len, index)),
        list(index[()]),
        bool(lowered.late_tests) or any(map(_reads_response, lowered.plans)),
    )


class _Leaves:
    """What rules set, once for each plan and line."""

    def __init__(self, lowered: Lowered) -> None:
        self._lowered = lowered
        self._numbers: dict[tuple[int, str], int] = {}
        self.made: list[Json] = []
        self.comments: list[str] = []

    def steps(self, steps: Steps) -> list[Json]:
        return [self._step(step) for step in steps]

    def _step(self, step: Step) -> Json:
        if isinstance(step, Set):
            return self._number(step.plan, step.source)
        arms = [[guard_data(arm.guard), self.steps(arm.steps)] for arm in step.arms]
        return [*arms, [None, self.steps(step.otherwise)]] if step.otherwise else arms

    def _number(self, plan: int, source: Source | None) -> int:
        line = "" if source is None else str(source)
        number = self._numbers.setdefault((plan, line), len(self.made))
        if number == len(self.made):
            entries = writes(self._lowered.plans[plan])
            values = [entry_data(entry, self._lowered.facts) for entry in entries]
            comments = [apply.features.comment or "" for apply in self._lowered.plans[plan].applied]
            self.comments.append(" ".join(filter(None, comments)))
            self.made.append({**({"line": line} if line else {}), "set": values})
        return number


def _line(steps: Steps) -> str:
    """Return the first line in steps, which is that of the rule."""
    for step in steps:
        if isinstance(step, Set):
            return "" if step.source is None else str(step.source)
        for arm in step.arms:
            if arm.source is not None:
                return str(arm.source)
    return ""


def _reads_response(plan: Plan) -> bool:
    """Return whether a text in a plan reads the response, or rules replace its status or body."""
    texts: list[Parts] = [
        operation.text
        for message in ("request", "origin_response", "response")
        for operation in plan.headers(message)
    ]
    body, status = plan.body, plan.status
    texts += [found for found in (body, status) if isinstance(found, tuple)]
    return body is not None or any(
        isinstance(part, Filled) and any(reading.is_late for reading in part.reading.all())
        for text in texts
        for part in text
    )


def site_data(property: Property | None, settings: WorkerSettings) -> dict[str, Json]:
    """Return what the runtime knows of the site around the rules.

    Example:
        >>> site_data(Property(hostnames=["www.shop.example"]), WorkerSettings())["host"]
        'www.shop.example'
    """
    hostnames = {
        found.hostname.lower().removesuffix("."): found.default_origin_name
        for found in (property and property.hostnames) or ()
    }
    host = settings.host or next((name for name in hostnames if not name.startswith("*")), None)
    flags = {
        "allowsForeign": property is not None and property.foreign_prefetch == "allow",
        "keepsSlashes": property is not None and property.encoded_slashes == "keep",
        "keepsParameters": property is not None and property.path_parameters == "keep",
    }
    return {
        "scheme": settings.scheme,
        **({} if host is None else {"host": host}),
        **({"hostnames": hostnames} if hostnames else {}),
        **{name: 1 for name, is_on in flags.items() if is_on},
        **({"facts": dict(settings.facts)} if settings.facts else {}),
        "cacheStatus": settings.cache_status,
        "answerSeconds": settings.answer_seconds,
    }


def spoofable_data() -> list[list[str]]:
    """Return the names of headers that clients may not set, and the beginnings of such names."""
    names = sorted({name for group in HEADER_GROUPS for name in group.names})
    return [
        [name for name in names if not name.endswith("*")],
        [name.removesuffix("*") for name in names if name.endswith("*")],
    ]


def origins_data(job: Job, settings: WorkerSettings) -> dict[str, Json]:
    """Return the hosts of each origin: those of the options, else those of the property."""
    found: dict[str, Json] = {}
    number = 0
    described = {} if job.property is None else {one.name: one for one in job.property.origins or ()}
    for name in dict.fromkeys((*described, *settings.origins)):
        if name in settings.origins:
            data = {"hosts": [_of_url(settings.origins[name])]}
        else:
            data = _of_origin(described[name], job)
        for host in data["hosts"]:
            host["bind"] = f"ORIGIN_{number}"
            number += 1
        found[name] = data
    return found


def _of_url(text: str) -> dict[str, Json]:
    parts = urlsplit(text)
    port = {} if parts.port is None else {"port": parts.port}
    return {"scheme": parts.scheme, "name": parts.hostname or "", **port}


def _of_origin(origin: Origin, job: Job) -> dict[str, Json]:
    if origin.balancer not in (None, "primary_failover", "round_robin"):
        job.report(
            Diagnostic(
                "unsupported",
                f'the target "worker" has no balancer "{origin.balancer}": the first host that works is used',
                severity="warning",
            )
        )
    hosts = [
        _of_host(origin, host, location)
        for host in origin.hosts or ()
        for location in ((host.location,) if isinstance(host.location, str) else host.location)
    ]
    data: dict[str, Json] = {"hosts": hosts}
    if origin.balancer == "round_robin":
        data["turns"] = 1
    if origin.retry is not None:
        retry = origin.retry
        data["retry"] = {
            "codes": list(retry.status_codes),
            "most": retry.max_requests,
            "wait": retry.max_wait_seconds,
            "after": retry.after_seconds or 0,
            **({"ignores": 1} if retry.ignore_retry_after_header else {}),
        }
    return data


def _of_host(origin: Origin, host: Host, location: str | Location) -> dict[str, Json]:
    name, port = (location, None) if isinstance(location, str) else (location.hostname, location.port)
    header = host.override_host_header or origin.override_host_header
    return {
        "scheme": host.scheme or "match",
        "name": name,
        **({} if port is None else {"port": port}),
        **({} if header is None else {"header": header}),
    }
