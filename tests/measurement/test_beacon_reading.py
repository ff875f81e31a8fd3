"""Beacons and prefetches are found in every kind of file, and no file causes a traceback."""

from __future__ import annotations

import gzip
import json
import os
import random
from pathlib import Path

from measurement.beacon_samples import made_views, query_of
from prefetchrouter.measurement.beacon_reading import BeaconFiles, LoggedPrefetch

LINES = int(os.environ.get("PREFETCHROUTER_FUZZ_LINES", "4000"))
"""How many random lines each kind of file gets; 250,000 are a million in all."""

FIREFOX = "Mozilla/5.0 (X11; rv:153.0) Gecko/20100101 Firefox/153.0"


def logged(target: str, status: int = 204, size: int = 0, agent: str = FIREFOX, method: str = "POST") -> str:
    time = "17/May/2026:10:05:03 +0000"
    return f'10.0.0.1 - - [{time}] "{method} {target} HTTP/1.1" {status} {size} "-" "{agent}"'


def read(*files: Path) -> tuple[BeaconFiles, list[LoggedPrefetch]]:
    prefetches: list[LoggedPrefetch] = []
    found = BeaconFiles(prefetches.append)
    found.read(files)
    return found, prefetches


def test_beacons_are_in_access_logs_of_any_format_and_in_lines_of_json(tmp_path: Path) -> None:
    """A site keeps what it keeps already."""
    views = [view._replace(time=1_779_012_303.0) for view in made_views(20)]
    targets = [f"/__edgio__/view?{query_of(view)}" for view in views]
    combined, rows, lines = (tmp_path / name for name in ("a.log", "nginx.json", "beacons.jsonl.gz"))
    combined.write_text("\n".join(map(logged, targets)))
    rows.write_text(
        "\n".join(
            json.dumps({"time_iso8601": "2026-05-17T10:05:03+00:00", "request_method": "POST",
                        "request_uri": target, "status": 204, "remote_addr": "::1"})
            for target in targets
        )
    )  # fmt: skip
    lines.write_bytes(gzip.compress("\n".join(json.dumps(view.data()) for view in views).encode()))
    for log in (combined, rows):
        found = read(log)[0].logged_views
        assert [view._replace(visitor=0) for view in found] == views
        assert len({view.visitor for view in found} - {0}) == 1
    assert read(lines)[0].views == views
    both, _ = read(combined, lines)
    assert len(both.views) == len(both.logged_views) == 20
    assert both.has_log


def test_prefetches_of_access_logs_are_handed_on(tmp_path: Path) -> None:
    """Only there are their bytes known."""
    log = tmp_path / "access.log"
    log.write_text(
        "\n".join(
            [
                logged("/products/7?edgio_dt_pf=1&edgio_prefetch=1", 200, 5120, method="GET"),
                logged("/products/8?edgio_dt_pf=1&edgio_prefetch=1", 412, 13, method="GET"),
                logged("/products/7", 200, 5120, method="GET"),
            ]
        )
    )
    assert [(found.url[:11], found.status, found.size) for found in read(log)[1]] == [
        ("/products/7", 200, 5120),
        ("/products/8", 412, 13),
    ]


def test_hostile_lines_are_counted_by_what_is_wrong(tmp_path: Path) -> None:
    """A fake is counted, and changes no figure."""
    good = next(made_views(1))
    data = good.data()
    lines = [
        json.dumps(data),
        json.dumps({**data, "lcp": "fast"}),
        json.dumps({**data, "group": "root"}),
        json.dumps({**data, "rule": "x" * 100_000}),
        json.dumps({**data, "rules": [{"rule": "/a", "used": -5}]}),
        '{"navigation": ' + "[" * 50_000,
        '{"navigation": "click", "source": "store", "browser"',
        logged("/__edgio__/view?edgio_view=1&browser=firefox&source=store&navigation=click&lcp=-1"),
        logged(f"/__edgio__/view?{query_of(good)}", agent="Googlebot/2.1"),
    ]
    file = tmp_path / "beacons.jsonl"
    file.write_text("\n".join(lines))
    found, _ = read(file)
    assert found.views == [good]
    assert found.problems["no number"] == 1
    assert found.problems["no such group"] == found.problems["wrong prefetches by rule"] == 1
    assert found.problems["too long"] == 2
    assert found.problems.total() + len(found.views) == len(lines)


def test_random_lines_never_raise(tmp_path: Path) -> None:
    """Lines of all kinds, cut and mixed: each is a view, another request, or a counted problem."""
    drawn = random.Random(3)
    samples = [json.dumps(view.data()) for view in made_views(5)]
    samples += [logged(f"/v?{query_of(view)}") for view in made_views(5)]
    alphabet = '{}[]":, \\edgio_view=1&%00\x00é\t-0123456789'
    lines = []
    for _ in range(LINES):
        sample = drawn.choice(samples)
        start, end = sorted(drawn.randrange(len(sample) + 1) for _ in range(2))
        noise = "".join(drawn.choices(alphabet, k=drawn.randrange(12)))
        lines.append(sample[:start] + noise + sample[end:])
    for first in ("", samples[0], samples[-1], "#Fields: date time cs-uri-stem"):
        file = tmp_path / "mixed"
        file.write_text("\n".join([first, *lines]))
        found, _ = read(file)
        assert found.problems.total() > LINES // 20
