"""Where there are many rules, they share tests and are dispatched; each still sets its own values."""

from __future__ import annotations

import http.client
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from cases.runners.engine import Engine, Site
from cases.runners.nginx import Nginx
from cases.runners.varnish import Varnish
from prefetchrouter import Request, Router, RuleSet, build, evaluate
from prefetchrouter.targets.varnish import VarnishTarget
from targets.varnish.running import Origin

COUNT = 20
"""More than rules that share an expression on Varnish, and than a subroutine of it holds."""

PATHS = (
    "/s7/a", "/S7/A", "/s7/a/", "/s7", "/s7/a/b", "/s19/x", "/s20/x", "/s1/x", "/s10/x", "/s7%20/x",
    "/en/shop/s3/a", "/en/shop/s3", "/en/shop/s3/a/b", "/EN/Shop/S3/a", "/en/shop/s13/a", "/en/shop/s99/a",
    "/en/shop/all", "/en/s3/a", "/about0", "/About0/", "/about19", "/about0/x", "/about", "/",
    "/en/dash-5/a", "/en/dash-50/a", "/en/dash-5", "/en/dash-5b/a", "//s7//a",
)  # fmt: skip


def many_rules() -> Router:
    """Return rules below their own segments, below shared ones, for whole paths and for any."""
    router = Router()
    for number in range(COUNT):
        router.match(f"/s{number}/:id", headers={"set_response_headers": {"x-one": f"s{number}"}})
        router.match(f"/en/shop/s{number}/:id", headers={"set_response_headers": {"x-one": f"shop{number}"}})
        router.match(f"/en/dash-{number}/:id", headers={"set_response_headers": {"x-one": f"dash{number}"}})
        router.match(f"/about{number}", headers={"set_response_headers": {"x-one": f"about{number}"}})
    router.match("/en/:rest*", headers={"set_response_headers": {"x-two": "en"}})
    router.match("/:any/a", headers={"set_response_headers": {"x-three": "a"}})
    return router.match("/en/shop/:part/a", headers={"set_response_headers": {"x-one": "last"}})


@contextmanager
def served(engine: Engine) -> Iterator[http.client.HTTPConnection]:
    """Serve the rules until the end of the block."""
    origin = Origin()
    thread = threading.Thread(target=origin.server.serve_forever)
    thread.start()
    folder = Path(tempfile.mkdtemp())  # Varnish reads it without the rights of root: not below pytest's
    try:
        rules = RuleSet(rules=many_rules().rules)
        address = engine.start(Site(folder, folder / "routes.py", rules, {"": origin.url}))
        with closing(http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)) as connection:
            yield connection
    finally:
        engine.stop()
        shutil.rmtree(folder, ignore_errors=True)
        origin.server.shutdown()
        thread.join()
        origin.server.server_close()


@pytest.mark.parametrize(
    "engine",
    [
        pytest.param(Varnish, marks=pytest.mark.needs("varnishd")),
        pytest.param(Nginx, marks=[pytest.mark.needs("nginx"), pytest.mark.needs("njs")]),
    ],
)
def test_each_of_many_rules_sets_its_own_values(engine: type[Engine]) -> None:
    """As `evaluate` says, for paths with other case, a slash at the end, or one segment more or less."""
    router = many_rules()
    names = ("x-one", "x-two", "x-three")
    with served(engine()) as connection:
        for path in PATHS:
            connection.request("GET", path, headers={"host": "shop.example"})
            response = connection.getresponse()
            response.read()
            expected = evaluate(router, Request(f"https://shop.example{path}")).response_headers()
            assert [response.headers.get(name) for name in names] == [expected.get(name) for name in names], (
                path
            )


def test_rules_of_one_form_are_one_expression_of_vcl() -> None:
    """Varnish would compile an equal one again for each of them."""
    files = build(many_rules(), targets=[VarnishTarget(origins={"": "http://127.0.0.1:9"})]).files
    rules = next(file.text for file in files if file.path == "varnish/rules.vcl")
    assert rules.count("pr_rest_of_path ~ ") == 1
    assert 'req.http.pr_segment == "s7" && req.http.pr_shape_1' in rules
    assert 'req.http.pr_plain == "/about7"' in rules
