"""The measured matrix of `docs/freshness.md`: requests at the click, in Chromium 156 and Firefox ESR 153.7.

0 none (used), h none (used from the HTTP cache), c conditional, f full; . was not measured.
"""

from __future__ import annotations

import pytest

from prefetchrouter.freshness import Circumstances, ReceivedResponse, lookup
from prefetchrouter.freshness.mechanism_table import MechanismName

NOON = 1_767_268_800.0
DATE = "Thu, 01 Jan 2026 12:00:00 GMT"
HOUR_LATER = "Thu, 01 Jan 2026 13:00:00 GMT"
HOUR_BEFORE = "Thu, 01 Jan 2026 11:00:00 GMT"
TEN_DAYS_BEFORE = "Mon, 22 Dec 2025 12:00:00 GMT"
COLUMNS: tuple[MechanismName, ...] = ("chromium-link", "speculation-rules", "firefox-link")


def cc(text: str, **headers: str) -> dict[str, str]:
    return {"cache-control": text, **headers}


# Response headers; seconds to the click; Chromium link, Chromium Speculation Rules, Firefox link.
MATRIX: list[tuple[dict[str, str], float, str]] = [
    ({}, 1, "f00"),
    (cc("public"), 1, "f.0"),
    (cc("private"), 1, "f.0"),
    (cc("s-maxage=600"), 1, "f.0"),
    (cc("must-revalidate"), 1, "f.0"),
    (cc("max-age=0"), 1, "f0f"),
    (cc("no-cache"), 1, "f0f"),
    (cc("no-store"), 1, "f0f"),
    (cc("max-age=900"), 1, "000"),
    (cc("max-age=900", age="840"), 1, "000"),
    (cc("max-age=900, must-revalidate", age="840"), 1, "000"),
    (cc("max-age=900", age="901"), 1, "f0f"),
    (cc("max-age=900, must-revalidate", age="901", etag='"a"'), 1, "c0c"),
    (cc("private, max-age=0, must-revalidate", etag='"a"'), 1, "c0c"),
    (cc("max-age=2"), 4, "f0f"),
    ({"last-modified": TEN_DAYS_BEFORE}, 1, "000"),
    ({"last-modified": TEN_DAYS_BEFORE, "age": "90000"}, 1, "c00"),
    ({"expires": HOUR_BEFORE}, 1, "f.f"),
    ({"expires": HOUR_LATER}, 1, "0.0"),
    (cc("max-age=300"), 1, "000"),
    (cc("max-age=300", age="301"), 1, "f0f"),
    (cc("max-age=900", vary="Accept"), 1, "000"),
    (cc("max-age=900", vary="Sec-Fetch-Dest"), 1, "f0f"),
    (cc("max-age=900", vary="Cookie"), 1, "0.0"),
    (cc("max-age=900", vary="*"), 1, "f.f"),
    (cc("max-age=900") | {"set-cookie": "a=1"}, 1, "0.0"),
    (cc("max-age=900, immutable", age="901"), 1, "f.f"),
    (cc("max-age=abc"), 1, "f.0"),
    (cc('max-age="900"'), 1, "f.0"),
    (cc("max-age=0, max-age=900"), 1, "f.0"),
    # Measured at other moments.
    ({}, 60, "..0"),
    ({}, 285, "..0"),
    ({}, 320, "..f"),
    ({"age": "5000"}, 285, "..0"),
    ({"age": "5000"}, 320, "..f"),
    (cc("no-store"), 60, ".0."),
    (cc("no-store"), 290, ".0."),
    (cc("no-store"), 310, ".f."),
    (cc("max-age=900", date=HOUR_BEFORE), 1, "f.f"),
    (cc("max-age=0, stale-while-revalidate=60"), 1, "f.0"),
]
# Measured again for this library, with the same browsers: what the first matrix leaves open.
LATER: list[tuple[dict[str, str], float, str]] = [
    (cc("max-age=900, max-age=0"), 1, "0.f"),
    (cc("max-age=abc", age="901"), 1, "f.0"),
    (cc('max-age="900"', age="901"), 1, "f.0"),
    (cc('max-age=10, max-age="900"', age="20"), 1, "f.0"),
    (cc("max-age= 900"), 1, "0.0"),
    (cc("max-age= 900", age="901"), 1, "f.f"),
    (cc("max-age =900"), 1, "f.0"),
    (cc("max-age =900", age="901"), 1, "f.f"),
    (cc("max-age=900.5"), 1, "f.0"),
    (cc("max-age=900.5", age="901"), 1, "f.f"),
    (cc("max-age=900 x", age="901"), 1, "f.f"),
    (cc("max-age=-5"), 1, "f.0"),
    (cc("max-age=+900"), 1, "f.0"),
    (cc("public; max-age=900", age="901"), 1, "f.0"),
    (cc("max-age=abc") | {"last-modified": TEN_DAYS_BEFORE}, 1, "0.0"),
    (cc("must-revalidate") | {"last-modified": TEN_DAYS_BEFORE}, 1, "c.0"),
    ({"expires": "0", "last-modified": TEN_DAYS_BEFORE}, 1, "c.c"),
    (cc('no-cache="set-cookie", max-age=900'), 1, "0.f"),
    (cc("max-age=900, no-cache=1"), 1, "0.f"),
    (cc('max-age=900, no-store="x"'), 1, "0.f"),
    (cc('max-age=900, private="x"'), 1, "0.0"),
    ({"pragma": "no-cache"}, 1, "f.f"),
    (cc("max-age=900") | {"pragma": "no-cache"}, 1, "f.f"),
    (cc("stale-while-revalidate=600"), 1, "f.0"),
    (cc("max-age=0, must-revalidate, stale-while-revalidate=600"), 1, "f.f"),
    (cc("max-age=900", vary="Sec-Purpose"), 1, "f.f"),
    (cc("max-age=900", vary="Purpose"), 1, "0.0"),
    (cc("max-age=900", age='"901"'), 1, "0.0"),
]
LM = {"last-modified": TEN_DAYS_BEFORE}
STATUSES: list[tuple[int, dict[str, str], str]] = [
    (404, cc("max-age=900"), "0hf"),
    (412, cc("max-age=900"), "0hf"),
    (503, {}, "fff"),
    (503, cc("max-age=900"), "0.f"),
    (500, cc("max-age=900"), "0.f"),
    (403, cc("max-age=900"), "0.f"),
    (403, {}, "f.f"),
    (404, LM, "f.f"),
    (405, LM, "f.f"),
    (203, LM, "0.0"),
    (203, {}, "f.0"),
    (204, cc("max-age=900"), "0.0"),
    (300, cc("max-age=900"), "0.f"),
    (308, {}, "0.f"),
    (410, {}, "0.0"),
    (410, cc("must-revalidate"), "0.0"),
]


def _cases(matrix: list[tuple[dict[str, str], float, str]]) -> list[object]:
    return [
        pytest.param(mechanism, headers, t, result, id=f"{mechanism} {headers} at {t}")
        for headers, t, results in matrix
        for mechanism, result in zip(COLUMNS, results, strict=True)
        if result != "."
    ]


def requests_at_the_click(
    mechanism: MechanismName, response: ReceivedResponse, t: float, visit: Circumstances
) -> str:
    found = lookup(mechanism, response, t, visit)
    return (
        "h"
        if found.from_http_cache
        else {"none": "0", "conditional": "c", "full": "f"}[found.request_at_click]
    )


@pytest.mark.parametrize("mechanism, headers, t, result", _cases(MATRIX + LATER))
def test_browsers_ask_what_was_measured(
    mechanism: MechanismName, headers: dict[str, str], t: float, result: str
) -> None:
    """P1, P5, P8: one prefetch, then a click on the link."""
    response = ReceivedResponse.from_headers({"date": DATE, **headers}, response_time=NOON)
    assert result == requests_at_the_click(mechanism, response, t, Circumstances())


STATUS_CASES = [
    pytest.param(mechanism, status, headers, result, id=f"{mechanism} {status} {headers}")
    for status, headers, results in STATUSES
    for mechanism, result in zip(COLUMNS, results, strict=True)
    if result != "."
]


@pytest.mark.parametrize("mechanism, status, headers, result", STATUS_CASES)
def test_p10_error_answers_are_used_as_measured(
    mechanism: MechanismName, status: int, headers: dict[str, str], result: str
) -> None:
    """P10: Chromium shows a stored error, Firefox drops all but a 410."""
    response = ReceivedResponse.from_headers({"date": DATE, **headers}, status=status, response_time=NOON)
    assert result == requests_at_the_click(mechanism, response, 1, Circumstances())


@pytest.mark.parametrize("mechanism, result", [("chromium-link", "f"), ("firefox-link", "0")])
def test_f10_a_crossorigin_link_accepts_something_else_in_chromium(
    mechanism: MechanismName, result: str
) -> None:
    """F10: `Vary: Accept` with `as=fetch crossorigin`."""
    response = ReceivedResponse.from_headers(
        {"date": DATE, **cc("max-age=900", vary="Accept")}, response_time=NOON
    )
    assert result == requests_at_the_click(mechanism, response, 1, Circumstances(crossorigin=True))


@pytest.mark.parametrize("headers, result", [({}, "0"), (cc("max-age=0"), "f"), (cc("max-age=900"), "0")])
def test_p5_firefox_uses_a_copy_without_freshness_information_more_than_once(
    headers: dict[str, str], result: str
) -> None:
    """P5: the second navigation followed F5, except for the 300 s."""
    response = ReceivedResponse.from_headers({"date": DATE, **headers}, response_time=NOON)
    assert result == requests_at_the_click("firefox-link", response, 1, Circumstances(first_use=False))


@pytest.mark.parametrize("headers, result", [(cc("no-store"), "f"), (cc("max-age=900"), "h")])
def test_p8_speculation_rules_serve_once(headers: dict[str, str], result: str) -> None:
    """P8: the second navigation finds the HTTP cache or nothing."""
    response = ReceivedResponse.from_headers({"date": DATE, **headers}, response_time=NOON)
    assert result == requests_at_the_click("speculation-rules", response, 1, Circumstances(first_use=False))
