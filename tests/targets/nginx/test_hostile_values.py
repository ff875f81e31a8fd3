"""No value of a rule leaves its place: nginx takes thousands of hostile ones, and sends them unchanged."""

from __future__ import annotations

import http.client
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cases.runners.engine import Site
from cases.runners.nginx import Nginx
from prefetchrouter import Request, Router, RuleSet, evaluate
from prefetchrouter.evaluation import Evaluator

pytestmark = [pytest.mark.needs("nginx"), pytest.mark.needs("njs")]

PIECES = (
    '"', "'", "\\", "$", "${", "}", "{", ";", "#", "%", "~", "*", "=", " ", "$host", "${pr_empty}", "\\n",
    "$1", "default", "include /etc/passwd;", "return 200;", "*/", "//", "<!--", "]]>", "\u2028", "é", "日",
    "}}", "{{", "{%", "%{", "\\%{", "\\\\", '\\"', '";', "';", "`", "|", "&", "(?i)", "^", ".*", "$$", "a",
    "\\0", "volatile", "hostnames", "~^", "\n", "\r\n", "\t", "%{host}", "${pr_dollar}", "pr_js_target",
)  # fmt: skip
COUNT = 10_000


def texts() -> list[str]:
    """Return as many different texts, some of them longer than nginx reads at once."""
    draw = random.Random(11)
    found: dict[str, None] = {}
    while len(found) < COUNT:
        text = "".join(draw.choices(PIECES, k=draw.choice((1, 2, 5, 12))))
        found[text * 500 if len(found) % 500 == 0 else text] = None
    return list(found)


@contextmanager
def served(router: Router, folder: Path) -> Iterator[http.client.HTTPConnection]:
    """Serve rules by nginx until the end of the block."""
    engine = Nginx()
    rules = RuleSet(rules=router.rules)
    try:
        url = engine.start(Site(folder, folder / "routes.py", rules, {"": "http://127.0.0.1:9"}))
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        yield connection
        connection.close()
    finally:
        engine.stop()


def test_bodies_arrive_as_rules_have_them(tmp_path: Path) -> None:
    """Ten thousand values, ten in a body; variables in them are filled in as `evaluate` does."""
    values = texts()
    bodies = ["\n--\n".join(values[start : start + 10]) for start in range(0, COUNT, 10)]
    router = Router()
    for number, text in enumerate(bodies):
        router = router.match(f"/v/{number}", response={"set_done": True, "set_response_body": text})
    evaluator = Evaluator(router)
    with served(router, tmp_path) as connection:
        for number, text in enumerate(bodies):
            connection.request("GET", f"/v/{number}", headers={"host": "shop.example"})
            body = connection.getresponse().read().decode()
            made = evaluator.evaluate(Request(f"http://shop.example/v/{number}")).synthetic
            assert made is not None
            assert body == made.body, repr(text)


def test_headers_and_conditions_hold_what_rules_say(tmp_path: Path) -> None:
    """Values of headers, texts that a header is compared with, and keys of maps."""
    plain = [text for text in texts() if text.isascii() and text.isprintable() and text == text.strip()]
    some = [text for text in plain if len(text) < 200][:500]
    router = Router().always(response={"set_done": True})
    for number, text in enumerate(some):
        router = router.match(f"/h/{number}", headers={"set_response_headers": {"x-value": text}})
        router = router.match(
            {"path": f"/c/{number}", "headers": {"x-asked": text}},
            headers={"set_response_headers": {"x-same": "1"}},
        )
    with served(router, tmp_path) as connection:
        for number, text in enumerate(some):
            connection.request("GET", f"/h/{number}", headers={"host": "shop.example"})
            answer = connection.getresponse()
            answer.read()
            decision = evaluate(router, Request(f"https://shop.example/h/{number}"))
            assert answer.getheader("x-value", "") == decision.response_headers().get("x-value", "").strip()
            connection.request("GET", f"/c/{number}", headers={"host": "shop.example", "x-asked": text})
            answer = connection.getresponse()
            answer.read()
            asked = Request(f"https://shop.example/c/{number}", headers={"x-asked": text})
            assert answer.getheader("x-same") == evaluate(router, asked).response_headers().get("x-same")
