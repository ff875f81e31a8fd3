"""Conditions on few variables with few values, so that requests of all values can be tried."""

from __future__ import annotations

from random import Random
from typing import Any

from prefetchrouter import Request

VALUES = {
    "method": ({"request": "method"}, ["GET", "HEAD", "POST"]),
    "country": ({"location": "country"}, ["DE", "AT", "FR"]),
    "header": ({"request.header": "x-a"}, ["a", "b", "ab"]),
    "cookie": ({"request.cookie": "c"}, ["a", "b", "ab"]),
    "query": ({"request.origin_query": "q"}, ["a", "b", "ab"]),
    "path": ({"request": "path"}, ["/", "/a", "/b", "/ab", "/a/b", "/b/a", "/A"]),
}


def comparison(random: Random) -> dict[str, Any]:
    """A comparison of one of few variables with some of few values."""
    variable, values = VALUES[random.choice(list(VALUES))]
    match random.choice(["===", "!==", "in", "not_in", "=~", "!~", "and", "or"]):
        case "in" | "not_in" as operator:
            return {operator: [variable, random.sample(values, random.randint(1, len(values)))]}
        case "=~" | "!~" as operator:
            chosen = "|".join(random.sample(values, random.randint(1, 2)))
            return {operator: [variable, random.choice([f"^({chosen})$", f"^({chosen})", chosen])]}
        case "and" | "or" as operator:
            return {operator: [comparison(random) for _ in range(2)]}
        case operator:
            return {operator: [variable, random.choice(values)]}


def any_request(random: Random) -> Request:
    """A request with some of the values."""
    chosen = {
        name: None if random.random() < 0.3 else random.choice(values) for name, (_, values) in VALUES.items()
    }
    return Request(
        f"https://localhost{chosen['path'] or '/x'}"
        + ("" if chosen["query"] is None else f"?q={chosen['query']}"),
        chosen["method"] or "GET",
        {} if chosen["header"] is None else {"x-a": chosen["header"]},
        {} if chosen["cookie"] is None else {"c": chosen["cookie"]},
        {} if chosen["country"] is None else {"location.country": chosen["country"]},
    )
