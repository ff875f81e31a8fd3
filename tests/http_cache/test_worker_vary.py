"""What the service worker does with `Vary`, as explanations say it: the same names as in ``sw/vary.ts``."""

from __future__ import annotations

import pytest

from prefetchrouter import Request, Router, evaluate
from prefetchrouter.http.message import HeaderFields, Response
from prefetchrouter.http_cache.outcome import _not_stored_by_worker

RULES = Router().match("/a", caching={"max_age": "1h", "service_worker_max_age": "1h"})


def reason(vary: str) -> str | None:
    response = Response(200, HeaderFields({"vary": vary}))
    found = _not_stored_by_worker(evaluate(RULES, Request("/a", response=response)), 200)
    return None if found is None else found.sentence


@pytest.mark.parametrize(
    "name", ["Cookie", "Referer", "Save-Data", "Sec-Fetch-Dest", "Sec-CH-Width", "Width"]
)
def test_a_header_that_changes_unseen_keeps_a_response_out(name: str) -> None:
    """Whatever else is named beside it."""
    assert f"Vary: {name}" in str(reason(f"Accept-Encoding, {name}"))


@pytest.mark.parametrize(
    "name", ["Accept", "Accept-Language", "User-Agent", "Sec-CH-UA-Mobile", "Sec-GPC", "HX-Request"]
)
def test_others_do_not(name: str) -> None:
    """They stay during a visit, or are compared with those of the click."""
    assert reason(name) is None
