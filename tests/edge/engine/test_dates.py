"""Every field from which the edge takes a time is read by the grammar of HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import formatdate
from random import Random

import pytest

from edge.harness import Harness, run_scenario
from prefetchrouter import Router
from prefetchrouter.edge.origin_client import OriginResponse
from prefetchrouter.edge.origins.retrying import wait_before
from prefetchrouter.http.http_dates import strict_date
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.rules.servers import Retry

NOW = 1_800_000_000.0
LATER = NOW + 86_400
FORMS = ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y")


def near(seconds: float, seed: int) -> list[str]:
    """Texts that are one change away from a date in one of its forms, and are invalid."""
    random = Random(seed)
    found = []
    for form in FORMS:
        text = datetime.fromtimestamp(seconds, UTC).strftime(form)
        for upstream in range(len(text) + 1):
            letter = random.choice(" ,-.:0+Zx")
            found += [text[:upstream] + letter + text[upstream:], text[:upstream] + text[upstream + 1 :]]
            found += [text[:upstream] + letter + text[upstream + 1 :]]
        found += [text.replace("GMT", zone) for zone in ("UTC", "AEST", "+0000", "EST", "Z", "")]
        found += [f"{text}, {text}", f"{text};", text.replace(":", "."), text.replace(" ", "  ")]
    return sorted({text for text in found if strict_date(text.strip(), now=NOW) is None})


MALFORMED = near(LATER, 1)


def test_there_are_many_texts_that_are_nearly_dates() -> None:
    assert len(MALFORMED) > 150


def test_a_malformed_date_is_never_believed() -> None:
    """An Expires of tomorrow in any wrong spelling keeps nothing, whatever Date says."""

    async def scenario() -> None:
        harness = Harness(Router())
        for number, text in enumerate(MALFORMED):
            harness.answers(f"/{number}", expires=text, date=formatdate(NOW, usegmt=True))
            await harness.get(f"/{number}")
            assert (await harness.get(f"/{number}")).trace.cache != "hit", text

    run_scenario(scenario)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_date_is_believed(form: str) -> None:
    async def scenario() -> None:
        harness = Harness(Router())
        harness.answers("/a", expires=datetime.fromtimestamp(LATER, UTC).strftime(form))
        await harness.get("/a")
        assert (await harness.get("/a")).trace.cache == "hit"

    run_scenario(scenario)


def test_a_malformed_date_of_the_origin_is_replaced_by_the_time_of_arrival() -> None:
    async def scenario() -> None:
        harness = Harness(Router())
        for number, text in enumerate(near(NOW - 3600, 2)):
            harness.answers(f"/{number}", date=text, cache_control="max-age=60")
            assert (await harness.get(f"/{number}")).headers["date"] == formatdate(NOW, usegmt=True), text
            assert (await harness.get(f"/{number}")).trace.cache == "hit"

    run_scenario(scenario)


def test_a_malformed_last_modified_is_not_a_validator() -> None:
    """Nothing is asked with it, and no client learns that it has the newest."""

    async def scenario() -> None:
        harness = Harness(Router().match("/:id", caching={"max_age": "10s"}))
        for number, text in enumerate(near(NOW - 3600, 3)):
            harness.answers(f"/{number}", last_modified=text)
            await harness.get(f"/{number}")
            assert (await harness.get(f"/{number}", if_modified_since=text)).status == 200, text
        harness.now += 60
        for number in range(len(harness.origin.asked)):
            await harness.get(f"/{number}")
        assert not any("if-modified-since" in request.headers for request in harness.origin.asked)

    run_scenario(scenario)


@pytest.mark.parametrize("name", ["if-modified-since", "if-range"])
def test_a_malformed_condition_does_not_hold(name: str) -> None:
    async def scenario() -> None:
        harness = Harness(Router().match("/:id", caching={"max_age": "1h"}))
        harness.answers(
            "/a", last_modified=formatdate(NOW - 3600, usegmt=True), date=formatdate(NOW, usegmt=True)
        )
        await harness.get("/a")
        part = {"range": "bytes=0-1"} if name == "if-range" else {}
        for text in near(NOW - 3600, 4):
            assert (await harness.get("/a", **{name: text}, **part)).status == 200, text
        good = await harness.get("/a", **{name: formatdate(NOW - 3600, usegmt=True)}, **part)
        assert good.status == (206 if part else 304)

    run_scenario(scenario)


def test_a_malformed_retry_after_makes_no_one_wait() -> None:
    retry = Retry(status_codes=[503], max_requests=2, max_wait_seconds=10**6, after_seconds=2)

    def wait(text: str) -> float:
        return wait_before(OriginResponse(503, HeaderFields({"retry-after": text}), None), retry, NOW)  # type: ignore[arg-type]

    assert {wait(text) for text in MALFORMED} == {2.0}
    assert wait(formatdate(LATER, usegmt=True)) == 86_400
