"""Where visitors go next, and why a link is not prefetched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prefetchrouter import CachingDict, Router
from prefetchrouter.cli import main
from prefetchrouter.navigation import Link, Navigation
from prefetchrouter.navigation.next_pages import next_links, next_text

AGES: CachingDict = {"max_age": "1h", "service_worker_max_age": "1h"}
RULES = (
    Router()
    .get("/:page?", caching=AGES)
    .get("/staff", caching={"bypass_cache": True})
    .get("/soon", caching=AGES, comment="cache-manifest-ignore")
)
LINKS = tuple(Link(page, 0.5 - n / 10, 9) for n, page in enumerate(["/a", "/staff", "/soon", "/rare"]))
KNOWN = Navigation(links={"/": LINKS}, threshold=0.25)


def test_each_link_says_why_it_is_not_prefetched() -> None:
    reasons = {found.next.url: found.not_prefetched for found in next_links(KNOWN, RULES, "/")}
    assert reasons == {
        "/a": None,
        "/staff": "the rules do not make it prefetchable",
        "/soon": "a rule with cache-manifest-ignore hides it",
        "/rare": "its score 0.2 is below the threshold 0.25",
    }


def test_a_whole_url_is_the_same_page() -> None:
    assert next_links(KNOWN, RULES, "https://shop.example/") == next_links(KNOWN, RULES, "/")


def test_a_page_of_which_nothing_is_known_says_so() -> None:
    assert "as without a model" in next_text(next_links(KNOWN, RULES, "/other"))


def test_the_command_shows_them_as_text_and_as_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "routes.py").write_text(
        "from prefetchrouter import Router\n"
        'router = Router().get("/:p?", caching={"max_age": "1h", "service_worker_max_age": "1h"})\n'
    )
    KNOWN.save("navigation.json")
    assert main(["explain", "/", "--navigation", "navigation.json"]) == 0
    assert "Where next\n  /a" in capsys.readouterr().out
    assert main(["explain", "/", "--navigation", "navigation.json", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["next"][0]["url"] == "/a"
    assert main(["explain", "/", "--navigation", "routes.py"]) == 2
    assert "routes.py" in capsys.readouterr().err
