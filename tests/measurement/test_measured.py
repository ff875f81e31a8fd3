"""The report: counts by rule and browser, groups compared, and what cannot be said yet."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

from measurement.beacon_samples import made_views
from prefetchrouter.measurement.beacon_reading import LoggedPrefetch
from prefetchrouter.measurement.measured import ALL, CLICKS, OTHER, Measured
from prefetchrouter.measurement.measured_picture import measured_svg
from prefetchrouter.measurement.measured_text import FilesRead, measured_data, measured_text, verdict
from prefetchrouter.measurement.page_view import PageView, RuleCount
from prefetchrouter.measurement.rule_names import NamesOfBeacons

NAMES = NamesOfBeacons(["/products/:id"])


def measured(count: int, effect: float = 300.0) -> Measured:
    found = Measured()
    for view in made_views(count, effect=effect):
        found.note(view)
    return found


def test_a_known_effect_is_found_where_it_is() -> None:
    """LCP is 300 ms less with prefetching, TTFB the same."""
    rows = {row.name: row.differences for row in measured(6000).compared()}
    assert list(rows) == [CLICKS, ALL, "chromium", "firefox", "/products/:id"]
    for name in rows:
        paint, first_byte = rows[name]["LCP, median"], rows[name]["TTFB, median"]
        assert paint.low is not None
        assert paint.high is not None
        assert paint.low <= -300 <= paint.high < 0
        assert not first_byte.is_clear
    assert rows[CLICKS]["LCP, median"].control_views < rows[ALL]["LCP, median"].control_views


def test_few_views_say_how_many_more_are_needed() -> None:
    """A shop owner knows after a week whether to wait."""
    text = measured_text(measured(300, effect=0), FilesRead({}), NAMES, 50)
    assert "more views of the control group, " in text
    assert " days" in text
    assert "faster" not in text


def test_counts_are_by_rule_and_by_browser() -> None:
    """Used and wasted come from beacons, bytes from access logs."""
    found = Measured()
    one = PageView("prefetch", "firefox", "store", "click", "/a/:b", rules=(RuleCount("/a/:b", 4, 1, 2),))
    found.note(one)
    found.note(one._replace(browser="chromium", source="network", rules=()))
    agents = ["X Firefox/153.0", "X Chrome/156 Safari/537", "X Firefox/153.0"]
    prefetches = [
        LoggedPrefetch("/a/1", status, 100, agent)
        for status, agent in zip((200, 200, 412), agents, strict=True)
    ]
    found.note_prefetches(prefetches, NamesOfBeacons(found.by_rule))
    count = found.by_rule["/a/:b"]
    assert (count.views, count.instant, count.prefetched, count.used, count.wasted, count.refused) == (
        2,
        1,
        4,
        1,
        3,
        2,
    )
    assert (count.logged, count.logged_refused, count.bytes, count.wasted_bytes) == (3, 1, 200, 150)
    firefox = found.by_browser["firefox"]
    assert (firefox.views, firefox.prefetched, firefox.bytes, firefox.logged_refused) == (1, 4, 100, 1)


def test_the_text_says_what_was_read_and_what_was_not() -> None:
    """Problems, left out beacons, spoiled control views and missing logs are said."""
    found = measured(50)
    found.note(PageView("control", "chromium", "speculation", "click"))
    text = measured_text(found, FilesRead({"no number": 3, "too long": 1}, left_out=9), NAMES, 50)
    assert "4 lines are not valid beacons: 3 no number, 1 too long" in text
    assert "9 beacons in access logs are left out" in text
    assert "1 views of the control group were prefetched all the same" in text
    assert "Bytes need an access log" in text


def test_without_a_control_group_the_text_says_how_to_get_one() -> None:
    """There is nothing to compare with, and no difference is made up."""
    found = Measured()
    found.note(PageView("", "safari", "network", "arrival"))
    text = measured_text(found, FilesRead({}), NAMES, 50)
    assert 'data-control="0.05"' in text
    assert found.compared() == []


def test_the_same_views_give_the_same_report() -> None:
    """As text, as data and as picture."""
    first, second = measured(400), measured(400)
    assert measured_text(first, FilesRead({}), NAMES, 50) == measured_text(second, FilesRead({}), NAMES, 50)
    data = measured_data(first, FilesRead({}), NAMES, 50)
    assert json.loads(json.dumps(data)) == data == measured_data(second, FilesRead({}), NAMES, 50)
    assert measured_svg(first) == measured_svg(second)


def test_the_picture_is_xml_whatever_rules_are_called() -> None:
    """Names come from anybody."""
    found = Measured()
    for view in made_views(2000, rule='/<b>&"'):
        found.note(view)
    root = ET.fromstring(measured_svg(found))
    texts = [node.text or "" for node in root.iter() if node.tag.endswith("text")]
    assert '/<b>&"' in texts
    assert len([node for node in root.iter() if node.tag.endswith("circle")]) >= 4


def test_invented_names_are_bounded() -> None:
    """Anybody can send beacons with names of rules that there are not."""
    found = Measured()
    for number in range(3000):
        found.note(PageView("prefetch", "other", "network", "click", f"/{number}"))
    assert len(found.by_rule) == 1001
    assert found.by_rule[OTHER].views == 2000
    assert len(measured_text(found, FilesRead({}), NAMES, 50).splitlines()) < 60


def test_a_small_interval_around_zero_is_an_answer() -> None:
    """It is worth knowing that nothing is gained."""
    found = measured(40_000, effect=0).compared()[1].differences["TTFB, median"]
    assert verdict(found, 60) == "less than 60 ms"
