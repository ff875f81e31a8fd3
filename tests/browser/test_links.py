"""What browsers and the page's script decide from an address alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prefetchrouter import Evaluator, Request, Router
from prefetchrouter.browser.links import is_trustworthy, logging_out
from prefetchrouter.explanation import explain
from prefetchrouter.explanation.data import explanation_data
from prefetchrouter.testing.answer import Answer

ROOT = Path(__file__).parents[2]
ROWS: list[tuple[str, bool]] = [
    (address, logs_out)
    for address, logs_out in json.loads((ROOT / "browser/src/links/loggingOut.cases.json").read_text())
]
ALL = Router().match("/:path*", caching={"max_age": "1h", "service_worker_max_age": "1h"})

TRUSTWORTHY = [
    "http://localhost", "http://localhost:8080", "http://LOCALHOST:1", "http://localhost.", "http://a.localhost",
    "http://a.b.localhost:80", "http://a.localhost.:8080", "http://127.0.0.1", "http://127.0.0.1:8080",
    "http://127.255.255.254", "http://127.1", "http://0x7f.1", "http://0177.0.0.1", "http://2130706433",
    "http://[::1]", "http://[::1]:8080", "http://[0:0:0:0:0:0:0:1]", "https://shop.example",
    "https://203.0.113.9:8443",
]  # fmt: skip
OTHERS = [
    "http://shop.example", "http://localhost.example", "http://notlocalhost", "http://localhost.shop.example",
    "http://128.0.0.1", "http://126.255.255.255", "http://127.0.0.1.example", "http://[::2]",
    "http://127.0.0.256", "http://127.0.0.0.1", "http://0.0.0.0", "http://10.0.0.1", "http://[::]",
]  # fmt: skip


@pytest.mark.parametrize("origin", TRUSTWORTHY + OTHERS)
def test_an_origin_is_trustworthy_where_browsers_say_so(origin: str) -> None:
    scheme, _, host = origin.partition("://")
    assert is_trustworthy(scheme, host) is (origin in TRUSTWORTHY)
    doubts = explain(ALL, Request(f"{origin}/a")).verdict.doubts
    assert any("service workers need HTTPS" in doubt for doubt in doubts) is (origin in OTHERS)


@pytest.mark.parametrize(("address", "logs_out"), ROWS)
def test_a_link_logs_out_where_the_script_says_so(address: str, logs_out: bool) -> None:
    assert (logging_out(address) is not None) is logs_out


@pytest.mark.parametrize("address", ["/logout", "/account/Sign-Out?next=/", "/a?action=log_off"])
def test_no_one_says_that_a_link_that_logs_out_is_prefetched(address: str) -> None:
    found = explain(ALL, Request(address))
    assert not found.verdict.prefetched
    assert found.verdict.reason.startswith("links that log out are never prefetched: ")
    assert found.verdict.cure is not None
    assert explanation_data(found)["prefetched"]["by_browsers"] is False
    assert not Answer(Evaluator(ALL), Request(address)).is_prefetchable()


def test_the_reason_of_the_rules_goes_first() -> None:
    assert explain(Router(), Request("/logout")).verdict.reason == "no rule matches"
