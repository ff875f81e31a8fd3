"""A browser is named with or without a version; what it supports follows from the data."""

from __future__ import annotations

import pytest

from prefetchrouter.browser_support import BrowserVersion, support_data
from prefetchrouter.errors import RequestError


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("safari@27.3", "Safari 27.3"),
        (" Safari@27.3 ", "Safari 27.3"),
        ("chromium@156.0.8078.108", "Chrome 156.0.8078.108"),
        ("firefox@nightly", "Firefox preview"),
        ("ios@27", "Safari on iOS 27"),
    ],
)
def test_a_browser_is_named_by_name_and_version(text: str, shown: str) -> None:
    assert str(BrowserVersion.parse(text)) == shown


def test_channels_are_versions_of_the_data() -> None:
    firefox = support_data().browsers["firefox"]
    found = [BrowserVersion.parse(f"firefox{at}").version for at in ("", "@stable", "@beta", "@esr")]
    assert found == [firefox.stable, firefox.stable, firefox.beta, firefox.esr]


@pytest.mark.parametrize(
    ("text", "message", "expected"),
    [
        ("sfari", '"sfari" is not a known browser', "chrome, chrome-android, edge, firefox"),
        ("", '"" is not a known browser', "chrome, chrome-android"),
        ("safari@", '"" is not a version of Safari', "a number such as"),
        ("safari@27.x", '"27.x" is not a version of Safari', "stable, beta, preview"),
        ("safari@esr", '"esr" is not a version of Safari', "stable, beta, preview"),
        ("safari@1" + "0" * 5000, "is not a version of Safari", "a number such as"),
        ("chrome@1.2.3.4.5", '"1.2.3.4.5" is not a version of Chrome', "a number such as"),
    ],
)
def test_others_are_errors_that_name_the_known_ones(text: str, message: str, expected: str) -> None:
    with pytest.raises(RequestError) as caught:
        BrowserVersion.parse(text)
    [found] = caught.value.diagnostics
    assert found.code == "unknown-browser"
    assert message in found.message
    assert expected in str(found.expected)
    assert len(found.message) < 300


@pytest.mark.parametrize(
    ("browser", "row", "why"),
    [
        ("chrome@122", "static-routes", "from Chrome 123"),
        ("chrome@123", "static-routes", None),
        ("chrome@123.0.1", "static-routes", None),
        ("safari@26.4", "static-routes", "from Safari 27"),
        ("safari@27", "static-routes", None),
        ("safari", "link-prefetch", "Safari has it behind a flag that is off"),
        ("firefox", "speculation-prefetch", "only in preview builds of Firefox"),
        ("firefox@preview", "speculation-prefetch", None),
        ("firefox@preview", "prerender", "Firefox does not support it"),
        ("chrome-android@142", "no-vary-search-http-cache", "from Chrome for Android 143"),
        ("chrome@127", "clear-cache", None),
    ],
)
def test_support_follows_from_the_version(browser: str, row: str, why: str | None) -> None:
    found = BrowserVersion.parse(browser)
    assert found.why_not(row) == why
    assert found.supports(row) is (why is None)


def test_a_version_that_the_data_cannot_know_is_known_as_such() -> None:
    assert BrowserVersion.parse("chrome@999").is_newer_than_known
    assert not BrowserVersion.parse("chrome@beta").is_newer_than_known
    assert not BrowserVersion.parse("chrome@preview").is_newer_than_known
