"""``python -m benchmarks.evaluate``: finding the rules of a path, and whole decisions.

Beside the index stand a plain list of compiled `re`, google-re2's `Set`, and werkzeug's matcher. The first
three give all rules that match, werkzeug the best one. Each figure is the best of several runs, in processor
time; "x 2.0" beside a peer means that ours is twice as fast.
"""

from __future__ import annotations

import gc
import platform
import re
import sys
import time
from collections.abc import Callable, Sequence

import re2  # type: ignore[import-untyped]
from werkzeug.routing import Map, Rule

from prefetchrouter import Evaluator, PathPattern, Request, Router

COUNTS = (20, 200, 2_000, 10_000)
PATHS = 500
LEAST_LOOK_UPS, LEAST_DECISIONS, MOST_INDEX_MS = 400_000, 50_000, 50

Shape = tuple[str, str, str]
"""A path pattern, the same for werkzeug, and a path that matches both; ``#`` stands for a number."""

DISTINCT: tuple[Shape, ...] = (
    ("/about/page-#", "/about/page-#", "/about/page-#"),
    ("/products/c#/:id", "/products/c#/<id>", "/products/c#/77"),
    ("/docs/d#/:rest*", "/docs/d#/<path:rest>", "/docs/d#/a/b/c"),
    ("/shop/s#/:category/:id", "/shop/s#/<category>/<id>", "/shop/s#/shoes/7"),
)
WITHOUT_A_BEGINNING: tuple[Shape, ...] = (
    ("/:lang/page-#", "/<lang>/page-#", "/en/page-#"),
    ("/:path*/:file.:ext(js#|css#)", "/<path:path>/<file>.js#", "/static/app/main.js#"),
    ("/:path*/edit-#", "/<path:path>/edit-#", "/blog/2026/post/edit-#"),
)


def numbered(shapes: Sequence[Shape], count: int, part: int) -> list[str]:
    """Return one part of the shapes, each for its own number."""
    return [shapes[number % len(shapes)][part].replace("#", str(number)) for number in range(count)]


def a_second(work: Callable[[str], object], inputs: Sequence[str], least: float = 0.1) -> float:
    """Return how often a second some work is done, in the best of three runs of at least so long."""
    start = time.process_time()
    work(inputs[-1])
    once = time.process_time() - start
    inputs = inputs[-max(1, min(len(inputs), int(least / max(once, 1e-6)))) :]
    best = 0.0
    for _ in range(3):
        done, start = 0, time.process_time()
        while (spent := time.process_time() - start) < least:
            for entry in inputs:
                work(entry)
            done += len(inputs)
        best = max(best, done / spent)
    return best


def router(patterns: Sequence[str]) -> Router:
    made = Router()
    for pattern in patterns:
        made.get(
            pattern, caching={"max_age": "1h", "service_worker_max_age": "1h", "stale_while_revalidate": "1d"}
        )
    made.always(headers={"set_response_headers": {"x-frame-options": "SAMEORIGIN"}})
    return made


def index_ms(rules: Router) -> float:
    """Return how long an index takes to build, when nothing is made ready, in milliseconds."""
    gc.collect()
    start = time.process_time()
    Evaluator(rules).candidates("/")
    return (time.process_time() - start) * 1000


def decide(evaluator: Evaluator) -> Callable[[str], object]:
    """Return a whole decision: the URL read, rules found and asked, features merged, three answers taken."""

    def work(path: str) -> object:
        decision = evaluator.evaluate(Request(f"https://shop.example{path}"))
        return decision.prefetchable, decision.ttl(), decision.stale_while_revalidate

    return work


def peers(patterns: Sequence[str], for_werkzeug: Sequence[str]) -> tuple[Callable[[str], object], ...]:
    """Return how each peer looks a path up: a list of `re`, re2's Set, werkzeug."""
    regexes = [PathPattern(pattern).regex for pattern in patterns]
    searches = [re.compile(regex).match for regex in regexes]
    options = re2.Options()
    options.max_mem = 2**30  # its own 8 MiB are too few for 10,000 patterns
    together = re2.Set.FullMatchSet(options)
    for regex in regexes:
        together.Add(regex)
    together.Compile()
    adapter = Map([Rule(rule, endpoint=rule) for rule in for_werkzeug]).bind("shop.example")
    return (
        lambda path: [number for number, search in enumerate(searches) if search(path)],
        together.Match,
        adapter.match,
    )


def table(title: str, shapes: Sequence[Shape]) -> bool:
    """Print the figures of one kind of rules; return whether ours are as good as promised."""
    print(f"\n{title}: {', '.join(shape[0] for shape in shapes)}")
    print(
        f"{'rules':>6} {'index':>9} {'decisions':>10} {'look-ups a second':>18}"
        f"{'list of re':>19}{'re2.Set':>19}{'werkzeug':>19}"
    )
    good = True
    for count in COUNTS:
        patterns, paths = numbered(shapes, count, 0), numbered(shapes, count, 2)
        rules = router(patterns)
        built = index_ms(rules)
        evaluator = Evaluator(rules)
        asked = paths[:: max(1, count // PATHS)]
        others = peers(patterns, numbered(shapes, count, 1))
        ours = a_second(evaluator.candidates, asked)
        decisions = a_second(decide(evaluator), asked)
        print(f"{count:>6,} {built:>6.1f} ms {decisions:>10,.0f} {ours:>18,.0f}", end="")
        for look_up in others:
            found = a_second(look_up, asked)
            print(f"{found:>11,.0f} {f'x {ours / found:,.1f}':>7}", end="")
        print(flush=True)
        good &= ours >= LEAST_LOOK_UPS and decisions >= LEAST_DECISIONS
        good &= built <= MOST_INDEX_MS or count > 2_000
    return good


def main() -> None:
    """Print both tables; fail when a figure is below what is promised."""
    print(f"Python {platform.python_version()}, {platform.machine()}, one core")
    good = [table("Distinct paths", DISTINCT), table("No certain beginning", WITHOUT_A_BEGINNING)]
    if not all(good):
        sys.exit(
            f"below {LEAST_LOOK_UPS:,} look-ups or {LEAST_DECISIONS:,} decisions a second, "
            f"or more than {MOST_INDEX_MS} ms for an index of 2,000 rules"
        )


if __name__ == "__main__":
    main()
