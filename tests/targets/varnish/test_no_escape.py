"""No value of a rule leaves its place in VCL: 10,000 hostile ones load, and arrive byte for byte."""

from __future__ import annotations

import random

import pytest

from prefetchrouter import Router
from targets.varnish.running import Client, Origin, running

pytestmark = pytest.mark.needs("varnishd")
_PIECES = (
    '"', '""', '"""', '"}', '"""}', '{"', "'", "\\", "\\\\", "\\1", "\n", "\t", "}", "};", "*/", "/*", "//",
    "#",
    "$", "%22", "%00", " + ", ";",
    "C{", "}C", "sub x {", 'set resp.http.x-escaped = "1";', "return (synth(200));",
    "\u00e9", "\u2028", "\U0001f600", "\x01", "\x7f", "a", " ", "include", "import std;", "\r\n", "<", "&",
)  # fmt: skip
_RULES, _IN_EACH = 200, 50


def hostile(seed: int) -> str:
    """Return a text of pieces that mean something in VCL, C or regular expressions."""
    chosen = random.Random(seed)
    return "".join(chosen.choice(_PIECES) for _ in range(chosen.randint(1, 12)))


def test_10_000_hostile_bodies_arrive_as_they_are() -> None:
    router = Router()
    wanted: dict[str, bytes] = {}
    for rule in range(_RULES):
        values = [hostile(rule * _IN_EACH + number) for number in range(_IN_EACH)]
        body = values[0] + "|".join(values[1:-1]) + values[-1]
        body = body.replace("%{", "% {")  # that is a variable
        router = router.match(f"/v/{rule}", response={"set_done": True, "set_response_body": body})
        wanted[f"/v/{rule}"] = body.replace("\\%", "%").encode()
    with running(router, Origin()) as (port, _), Client(port) as client:
        for path, sent in wanted.items():
            status, headers, found = client.get(path)
            assert (status, found, "x-escaped" in headers) == (200, sent, False), path


def test_hostile_headers_destinations_and_expressions_do_so_too() -> None:
    texts = {
        f"/h/{number}": "".join(found for found in hostile(number) if found.isprintable() and found.isascii())
        for number in range(500)
    }
    texts = {path: text.replace("%{", "% {").strip() or "empty" for path, text in texts.items()}
    router = Router()
    for path, text in texts.items():
        router = router.match(
            path, headers={"set_response_headers": {"x-text": text}}, response={"set_done": True}
        )
    with running(router, Origin()) as (port, _), Client(port) as client:
        for path, text in texts.items():
            _, headers, _ = client.get(path)
            assert headers["x-text"].decode() == text.replace("\\%", "%"), path
