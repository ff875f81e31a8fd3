"""Generated page views with a known effect of prefetching."""

from __future__ import annotations

import random
from collections.abc import Iterator
from urllib.parse import urlencode

from prefetchrouter.measurement.page_view import PageView, RuleCount

START = 1_790_000_000


def made_views(
    count: int, *, effect: float = 300.0, share: float = 0.1, seed: int = 1, rule: str = "/products/:id"
) -> Iterator[PageView]:
    """Yield views: a share is in the control group, and the others are faster by `effect`."""
    drawn = random.Random(seed)
    for number in range(count):
        is_control = drawn.random() < share
        ttfb = drawn.lognormvariate(5.5, 0.6)
        paint = drawn.lognormvariate(7, 0.4)
        if not is_control:
            paint = max(1.0, paint - effect)
        yield PageView(
            "control" if is_control else "prefetch",
            "firefox" if drawn.random() < 0.3 else "chromium",
            "network" if is_control or number % 3 else "store",
            "click" if number % 4 else "arrival",
            rule,
            ttfb=round(ttfb), lcp=round(ttfb + paint), inp=round(drawn.lognormvariate(3, 1)),
            share=share,
            rules=() if is_control else (RuleCount(rule, 3, int(number % 3 == 0), 1),),
            time=START + number * 60.0,
        )  # fmt: skip


def query_of(view: PageView) -> str:
    """Return the query of a view's beacon, as a page writes it."""
    pairs = [("edgio_view", "1"), *((name, getattr(view, name)) for name in ("group", "share", "browser"))]
    pairs += [("source", view.source), ("navigation", view.navigation), ("rule", view.rule)]
    pairs += [(name, value) for name in ("ttfb", "lcp", "inp") if (value := getattr(view, name)) is not None]
    pairs += [("by", f"{one.prefetched} {one.used} {one.refused} {one.rule}") for one in view.rules]
    return urlencode(pairs)
