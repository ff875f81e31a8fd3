"""What the rules of the Next app promise; run with ``pytest examples/next_app --rule-cov``."""

import json
from pathlib import Path

import pytest

from prefetchrouter import Response
from prefetchrouter.testing import cases, get

RECORDED = {
    (found["path"], len(found["sent"])): Response(found["status"], found["headers"])
    for found in json.loads(Path(__file__).with_name("recorded.json").read_text(encoding="utf-8"))
}
"""What Next answered, by path and number of headers sent."""


@pytest.mark.parametrize(("path", "ttl"), [("/", "10m"), ("/products/1", "1h"), ("/legacy/2", "1m")])
def test_documents_are_prefetched_with_what_next_sends(path: str, ttl: str) -> None:
    """Vary names headers of Next's router, which a click on a link does not send."""
    page = get(path, response=RECORDED[path, 0])
    assert page.is_prefetchable()
    assert page.ttl == ttl


def test_the_router_and_documents_do_not_share_a_stored_response() -> None:
    """The parameter _rsc is in the key."""
    assert get("/products/1").cache_key != get("/products/1?_rsc=1r34m").cache_key
    ahead = get("/products/1?_rsc=1r34m")
    assert ahead.is_cached()
    assert not ahead.is_prefetchable()


def test_a_redirect_to_the_right_parameter_is_not_stored() -> None:
    """Next answers an unknown _rsc with a 307."""
    assert not get("/products/1?_rsc=0", response=RECORDED["/products/1?_rsc=0", 1]).is_prefetchable()


def test_an_account_is_never_shared() -> None:
    """Neither by the rules nor by what Next says."""
    account = get("/account", cookies={"session": "ann"}, response=RECORDED["/account", 1])
    assert not account.is_cached()
    assert not account.is_prefetchable()


def test_editors_see_drafts() -> None:
    """Next sets the cookie when draft mode is on."""
    assert not get("/products/1", cookies={"__prerender_bypass": "f00"}).is_cached()


def test_pictures_are_stored_for_each_format_that_browsers_take() -> None:
    """Next sends AVIF, WebP or the original, by Accept."""
    wanted = {get("/_next/image?url=a", headers={"accept": kind}).cache_key for kind in ("image/avif", "*/*")}
    assert len(wanted) == 2


test_the_rest = cases(
    {
        "/_next/static/chunks/main.js": {"ttl": "1y"},
        "/_next/data/tea-1/legacy/2.json": {"ttl": "1m", "prefetchable": True},
        "/api/stock": {"cached": False},
    }
)
