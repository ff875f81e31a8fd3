"""Rules below one section are found by the second segment, in their order."""

from __future__ import annotations

import pytest

from prefetchrouter import Request, Router, build, evaluate
from prefetchrouter.targets.varnish import VarnishTarget
from targets.varnish.running import Client, Origin, running

PATHS = (
    "/shop", "/shop/", "/shop/s3", "/SHOP/S3", "/shop/s3/", "/shop/s3/7", "/shop/s30/7", "/shop/s30",
    "/shop/s3x", "/shop/other", "/shop/other/7", "/shop//s3", "/shop/s19/7", "/news/s3", "/", "/shop/s%33",
)  # fmt: skip


def shop() -> Router:
    """Return rules of which a later one wins: by part, for all of the section, and by part again."""
    router = Router()
    for number in range(40):
        router.match(f"/shop/s{number}/:id*", headers={"set_response_headers": {"x-part": str(number)}})
    router.match("/shop/:rest*", headers={"set_response_headers": {"x-section": "all", "x-part": "section"}})
    for number in range(0, 40, 3):
        router.match(f"/shop/s{number}/:id?", headers={"set_response_headers": {"x-part": f"late {number}"}})
    return router.match("/:rest*", headers={"set_response_headers": {"x-any": "1"}})


def test_few_rules_in_a_section_are_not_split_by_the_second_segment() -> None:
    few = Router()
    for number in range(16):
        few.match(f"/shop/s{number}", headers={"set_response_headers": {"x-part": str(number)}})
    for router, has_second in ((few, False), (shop(), True)):
        built = build(router, targets=[VarnishTarget(origins={"": "http://127.0.0.1:9"})])
        rules = next(file.text for file in built.files if file.path == "varnish/rules.vcl")
        assert ("pr_second" in rules) == has_second


@pytest.mark.needs("varnishd")
def test_rules_apply_in_their_order_below_a_section() -> None:
    router = shop()
    names = ("x-part", "x-section", "x-any")
    with running(router, Origin()) as (port, _), Client(port) as client:
        for path in PATHS:
            _, headers, _ = client.get(path)
            wanted = evaluate(router, Request(path)).response_headers()
            found = {name: headers[name].decode() for name in names if name in headers}
            assert found == {name: wanted[name] for name in names if name in wanted}, path
