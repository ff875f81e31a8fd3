"""From lines to visits: each dropped line counts for one reason, and steps come from the Referer first."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from navigation.log_samples import request
from prefetchrouter.navigation.counts import count_visits, sequence
from prefetchrouter.navigation.log_line import LogLine
from prefetchrouter.navigation.reading import TrafficReader
from prefetchrouter.navigation.traffic import Reason, Traffic
from prefetchrouter.navigation.visits import Visit, visits_of


def visits(lines: Sequence[LogLine]) -> tuple[list[Visit], Traffic]:
    reader = TrafficReader(hosts=["shop.example"])
    for number, line in enumerate(lines):
        reader.note(line, number)
    traffic = reader.traffic()
    return visits_of(traffic), traffic


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (request(1, 0, "/", method="POST", agent="Googlebot"), "method"),
        (request(1, 0, "/", agent="Mozilla (compatible; GOOGLEBOT/2.1)", status=404), "robot"),
        (request(1, 0, "/a.css", status=302), "status"),
        (request(1, 0, "/a.css?edgio_dt_pf=1"), "prefetch"),
        (request(1, 0, "/a", purpose="prefetch;prerender"), "prefetch"),
        (request(1, 0, "/a?b=1&edgio_prefetch=1"), "prefetch"),
        (request(1, 0, "/a/b.CSS?v=1"), "asset"),
        (request(1, 0, "/cgi-bin/imagemap/x"), "asset"),
        (request(1, 0, "*"), "url"),
        (request(1, 0, "/files/robots.txt/about"), "robots-file"),
    ],
)
def test_a_line_is_dropped_for_the_first_reason(line: LogLine, reason: Reason) -> None:
    found, traffic = visits([line])
    assert found == []
    assert dict(traffic.dropped) == {reason: 1}


def test_not_modified_is_a_view() -> None:
    found, _ = visits([request(1, 0, "/", status=304)])
    assert [visit.pages for visit in found] == [("/",)]


def test_a_client_that_reads_robots_txt_is_a_robot_in_all_views() -> None:
    lines = [request(1, 0, "/"), request(1, 5, "/robots.txt", method="HEAD", status=404), request(2, 0, "/")]
    found, traffic = visits(lines)
    assert [visit.views[0].visitor for visit in found] == [1]
    assert traffic.dropped["robots-file"] == 1


def test_a_visit_ends_with_a_break_and_reloads_are_dropped() -> None:
    lines = [
        request(1, 0, "/"), request(1, 1790, "/"), request(1, 1810, "/a"), request(1, 3605, "/b"),
        request(1, 3605 + 1801, "/b"),
    ]  # fmt: skip
    found, traffic = visits(lines)
    # The reload at 1790 does not continue a visit: /a is more than half an hour after the view.
    assert [visit.pages for visit in found] == [("/",), ("/a", "/b"), ("/b",)]
    assert traffic.dropped["reload"] == 1


def test_machines_and_endless_visits_are_not_people() -> None:
    fast = [request(1, number, f"/{number}") for number in range(9)]
    slow = [request(2, number * 3, f"/{number}") for number in range(9)]
    endless = [request(3, number * 60, f"/{number}") for number in range(201)]
    found, traffic = visits([*fast, *slow, *endless])
    assert [visit.views[0].visitor for visit in found] == [1]
    assert (traffic.dropped["machine"], traffic.dropped["long"]) == (9, 201)


def test_steps_lead_from_the_referer_and_missing_pages_are_put_in() -> None:
    site = "https://www.shop.example"
    lines = [
        request(1, 0, "/"), request(1, 9, "/a", f"{site}/"), request(1, 20, "/b", f"{site}/?utm_source=x"),
        request(1, 30, "/c", "https://search.example/"), request(1, 40, "/d", f"{site}/d"),
        request(1, 50, "/e", f"{site}/logo.png"),
    ]  # fmt: skip
    ((visit,), _) = visits(lines)
    assert sequence(visit) == ["/", "/a", "/", "/b", "/c", "/d", "/e"]
    assert ("/a", "/b") not in count_visits([visit]).steps


def test_the_host_of_the_site_is_found_by_its_files() -> None:
    reader = TrafficReader()
    for number in range(5):
        reader.note(request(number, 0, "/", "https://search.example/q"), number)
        reader.note(request(number, 1, "/a.css", "https://shop.example/"), number)
    reader.note(request(9, 1, "/a", "https://shop.example/"), 9)
    assert [view.source for view in reader.traffic().views] == [None] * 5 + ["/"]


def test_lines_in_another_order_give_the_same_visits() -> None:
    lines = [
        request(who, 20 * number, page) for who in (1, 2) for number, page in enumerate(["/", "/a", "/b"])
    ]
    forward, backward = visits(lines)[0], visits(lines[::-1])[0]
    assert sorted(visit.pages for visit in forward) == sorted(visit.pages for visit in backward)
