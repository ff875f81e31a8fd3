"""The bars of the files that pages load: their bytes after gzip."""

from __future__ import annotations

import gzip

from benchmarks.prediction.bars import Bars
from benchmarks.prediction.logs import Logs
from prefetchrouter.navigation.counts import count_visits
from prefetchrouter.navigation.transitions import Transitions
from prefetchrouter.targets.page_navigation import MOST_IN_ONE_FILE, page_navigation

MOST_LINKS = 5
MOST_OF_SHARD = 1150
SHOP_BYTES = 1900


def run(logs: Logs, bars: Bars) -> None:
    """Compare with the sizes of the study: of links that three visitors opened, and of all."""
    for name in ("blog", "NASA", "shop"):
        counts = count_visits(logs.split(name)[0], by_referer=False)
        largest = compare(name, Transitions(counts), bars)
        if name == "shop":
            bars.at_most("8   shop: one file for all pages, bytes", sum(largest), SHOP_BYTES)
        compare(f"{name}, all visitors", Transitions(counts, min_visitors=1), bars, least=0.02)


def compare(name: str, model: Transitions, bars: Bars, least: float = 0.05) -> list[int]:
    """Try the size of the largest file, and return those of all.

    A page has its five likeliest links, if they are likely enough.
    """
    rows: dict[str, list[tuple[str, float]]] = {}
    for page in model.sources:
        row = [(_named(link.page), link.p) for link in model.links(page)[:MOST_LINKS] if link.p >= least]
        if row:
            rows[_named(page)] = row
    sizes = [len(gzip.compress(text.encode())) for text in page_navigation(rows).files.values()]
    links = sum(map(len, rows.values()))
    print(
        f"        {name}: {len(rows):,} pages with {links:,} links: "
        f"{sum(sizes):,} bytes in {len(sizes)} files"
    )
    most = MOST_IN_ONE_FILE if len(sizes) == 1 else MOST_OF_SHARD
    bars.at_most(f"8   {name}: the largest of {len(sizes)} files, bytes", max(sizes, default=0), most)
    return sizes


def _named(page: str) -> str:
    """Return the name that the study gave to pages of the shop, which its log calls items."""
    return page.replace("/item/", "/products/")
