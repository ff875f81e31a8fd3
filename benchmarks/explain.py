"""``python -m benchmarks.explain``: one URL of a file with 2,000 rules, explained once the file is loaded.

Each run loads the rules anew, so that nothing made ready by an earlier one helps.
"""

from __future__ import annotations

import statistics
import time

from prefetchrouter import Request, Router
from prefetchrouter.explanation import explain
from prefetchrouter.explanation.text import explanation_text

RULES, RUNS, MOST_MS = 2_000, 15, 50


def rules() -> Router:
    router = Router().match("/:path*", origin={"set_origin": "web"})
    for number in range(RULES - 1):
        router.match(
            f"/s{number}/:category/:id",
            caching={"max_age": "1h", "service_worker_max_age": "1h", "stale_while_revalidate": "1d"},
            headers={"set_response_headers": {"x-shop": f"s{number}"}},
        )
    return router


def milliseconds(path: str) -> float:
    """Return the median time of an explanation with its page, in milliseconds."""
    times = []
    for _ in range(RUNS):
        router = rules()
        router.rules  # noqa: B018 - the router closes its chains here: loading, not explaining
        start = time.perf_counter()
        explanation_text(explain(router, Request(path), edge_age=840, click=600))
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def main() -> None:
    """Print the figures."""
    milliseconds("/")
    for what, path in (
        ("prefetched", "/s1500/shoes/1"),
        ("not, with near misses", "/s1500/shoes"),
        ("no rule", "/x"),
    ):
        print(f"{RULES:,} rules, {what:<22} {milliseconds(path):5.1f} ms (at most {MOST_MS} wanted)")


if __name__ == "__main__":
    main()
