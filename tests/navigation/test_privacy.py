"""What few did, what is hidden and what looks secret is never listed: random logs with planted secrets."""

from __future__ import annotations

import json
import os
import random
import uuid
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from navigation.log_samples import request
from navigation.page_files import rows_of
from prefetchrouter import CachingDict, Router
from prefetchrouter.navigation import Link, Navigation, for_pages
from prefetchrouter.navigation.counts import sequence
from prefetchrouter.navigation.counts_file import counts_text
from prefetchrouter.navigation.learned_site import KnownSite, PlainSite, RuleSite
from prefetchrouter.navigation.learning import (
    Learned,
    learn_files,
    learn_privately,
    learn_visits,
    with_previous,
)
from prefetchrouter.navigation.log_line import LogLine
from prefetchrouter.navigation.model_data import LearnSettings
from prefetchrouter.navigation.next_pages import next_links
from prefetchrouter.navigation.noise import MOST_STEPS, contribution, least_count, private_counts
from prefetchrouter.navigation.pages import path_and_query
from prefetchrouter.navigation.private_pages import is_private
from prefetchrouter.navigation.reading import TrafficReader
from prefetchrouter.navigation.traffic import Traffic, View
from prefetchrouter.navigation.visits import Visit, visits_of
from prefetchrouter.targets.page_navigation import is_page_key, page_key

LOGS = int(os.environ.get("PREFETCHROUTER_PRIVACY_LOGS", "60"))
"""How many random logs are tried; 100,000 take some hours."""

AGES: CachingDict = {"max_age": "1h", "service_worker_max_age": "5m"}
RULES = (
    Router()
    .get("/:path*", caching=AGES)
    .get("/account/:path*", caching={"bypass_cache": True})
    .get("/internal/:name", caching=AGES, comment="cache-manifest-ignore")
    .match(
        {"path": "/members/:name", "cookies": {"member": "1"}}, caching=AGES, comment="cache-manifest-ignore"
    )
    .get("/products/:id", caching=AGES)
)
OPEN = [
    "/",
    "/sale",
    "/help",
    "/products/mug",
    "/products/cup",
    "/products/9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d",
]
HIDDEN = ["/internal/prices", "/members/ann", "/internal/mug", "/account/4711", "/account/4711/mug"]
UNNAMED = ["/account/orders", "/account/mug/returns"]
"""Pages that are not prefetchable, so that their URLs are not listed, but visitors may start there."""


def secret_pages(dice: random.Random) -> list[str]:
    """Pages with secrets that many visitors open, as if somebody had mailed the link around."""
    token = "".join(dice.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", k=22))
    letters = f"{dice.getrandbits(128):032x}"
    return [
        f"/reset/{token}", f"/s/{letters}", f"/u/ann.{dice.randrange(999)}@mail.example",
        "/u/bob%40mail.example/x", f"/v/{uuid.UUID(int=dice.getrandbits(128))}",
        f"/p?t={letters[:9]}&id=eyJhbGciOi{letters[:9]}.{letters}", f"/call/+4930{dice.randrange(10**9):09}",
        f"/find?q=pills-{dice.randrange(99)}", f"/a?token={letters[:8]}",
    ]  # fmt: skip


@st.composite
def logs(draw: st.DrawFn) -> tuple[list[LogLine], list[str]]:
    """Draw a log, and the secrets in it."""
    dice = random.Random(draw(st.integers(0, 2**32)))
    secrets = secret_pages(dice)
    pages = [*OPEN, *HIDDEN, *UNNAMED, *secrets]
    lines = []
    for who in range(draw(st.integers(1, 14))):
        for visit in range(dice.randint(1, 3)):
            path = dice.choices(pages, k=dice.randint(1, 6))
            for number, page in enumerate(path):
                purpose = "prefetch" if dice.random() < 0.1 else ""
                mark = "&" if "?" in page else "?"
                url = f"{page}{mark}edgio_dt_pf=1" if dice.random() < 0.1 else page
                source = path[number - 1] if number and dice.random() < 0.7 else ""
                referer = f"https://shop.example{source}" if source else ""
                at = visit * 10_000 + number * 20
                lines.append(request(who, at, url, referer, purpose=purpose))
    return lines, [*secrets, "mail.example", "pills-", "edgio", "192.0.2", "Firefox"]


def learned(lines: list[LogLine], site: KnownSite, few: int = 3) -> Learned:
    reader = TrafficReader(site, ["shop.example"])
    for number, line in enumerate(lines):
        reader.note(line, number)
    traffic = reader.traffic()
    return learn_visits(visits_of(traffic), traffic, site, LearnSettings(budget=9, min_visitors=few, order=2))


def table_of(found: Learned) -> str:
    return counts_text(found.counts, lambda page: found.site.unlisted(page) is None)


def by_visitors(visits: list[Visit], site: KnownSite) -> dict[object, set[int]]:
    """Who saw each page and made each step, counted in another way than the product does."""
    who: dict[object, set[int]] = defaultdict(set)
    for visit in visits:
        pages = [page_key(page) if site.has_rules and page in UNNAMED else page for page in sequence(visit)]
        for number, page in enumerate(pages):
            who[page].add(visit.visitor)
            who[tuple(pages[max(0, number - 1) : number + 1])].add(visit.visitor)
            who[tuple(pages[max(0, number - 2) : number + 1])].add(visit.visitor)
    return who


@settings(max_examples=LOGS, deadline=None)
@given(logs(), st.sampled_from([3, 4, 6]))
def test_nothing_that_few_did_and_no_secret_is_listed(log: tuple[list[LogLine], list[str]], few: int) -> None:
    lines, secrets = log
    for site in (RuleSite(RULES), PlainSite()):
        found = learned(lines, site, few)
        navigation, who = found.navigation, by_visitors(found.visits, site)
        text = navigation.to_json() + table_of(found)
        plain = json.dumps(json.loads(navigation.to_json()), ensure_ascii=False)
        assert not [secret for secret in secrets if secret in text or secret in plain]
        if site.has_rules:
            assert not [part for part in ("/account", "/internal", "/members") if part in text]
            unknown = [*HIDDEN, *secrets, *(path_and_query(page)[0] for page in secrets)]
            assert not [page for page in unknown if page_key(page) in text]
        listed = {*navigation.pages, *navigation.popular, *navigation.links}
        assert all(len(who[page]) >= few for page in listed)
        tables = [*navigation.links.values(), *navigation.pairs.values()]
        ends = {link.page for links in tables for link in links}
        assert not [page for page in (*ends, *navigation.popular) if is_page_key(page)]
        for page, links in navigation.links.items():
            for link in links:
                steps = who[page, link.page]
                assert len(who[link.page]) >= few
                assert link.visitors == 0 or len(steps) == link.visitors >= few
                assert link.visitors or site.has_rules
        for (before, page), links in navigation.pairs.items():
            assert len(who[before, page]) >= few
            assert all(len(who[before, page, link.page]) >= few for link in links if link.visitors)


def test_where_visitors_start_is_learned_though_its_url_is_not_listed() -> None:
    """A home page that is not prefetchable has a row, which only the page itself finds."""
    rules = Router().get("/sale", caching=AGES).get("/help", caching=AGES, comment="cache-manifest-ignore")
    lines = []
    for who in range(9):
        for number, page in enumerate(["/", "/sale", "/help", "/sale", "/", "/sale"]):
            lines.append(request(who, 20 * number, page))
    found = learned(lines, RuleSite(rules))
    navigation = found.navigation
    assert set(navigation.links) == {page_key("/")}
    assert [link.url for link in navigation.after("/")] == ["/sale"]
    assert '"/"' not in navigation.to_json()
    assert page_key("/help") not in navigation.to_json() + table_of(found)
    assert Navigation.from_json(navigation.to_json()).after("/").covers("/sale")
    [text] = for_pages(navigation, rules).files.values()
    assert list(rows_of(text)) == [page_key("/")]
    assert for_pages(navigation, rules).likely["/sale"] > 0.3
    assert [found.not_prefetched for found in next_links(navigation, rules, "/")] == [None]


def test_merged_tables_and_earlier_files_keep_what_has_no_name(tmp_path: Path) -> None:
    rules = RuleSite(Router().get("/sale", caching=AGES))
    lines = [request(who, 20 * at, page) for who in range(9) for at, page in enumerate(["/", "/sale"])]
    found = learned(lines, rules)
    table = tmp_path / "monday.csv"
    table.write_text(table_of(found))
    merged = learn_files([], rules, LearnSettings(), merged=[table]).navigation
    assert merged.after("/") == found.navigation.after("/")
    before = Navigation(links={"/": (Link("/sale", 0.9, 9),), "/orders/7": (Link("/sale", 0.9, 9),)})
    kept = with_previous(learned([], rules), before).navigation
    assert set(kept.links) == {page_key("/")}
    plain = learn_files([], PlainSite(), LearnSettings(), merged=[table]).navigation
    assert not [link for links in plain.links.values() for link in links if is_page_key(link.page)]


def test_noise_learns_where_visitors_start_too() -> None:
    rules = RuleSite(Router().get("/sale", caching=AGES))
    traffic = Traffic()
    found = learn_privately(
        visits(2000, ["/", "/sale"]), traffic, rules, LearnSettings(epsilon=4), random.Random(3)
    )
    assert set(found.navigation.links) == {page_key("/")}


def test_templates_do_not_show_how_hidden_pages_are_named() -> None:
    lines = []
    for who in range(9):
        path = ["/products/mug", "/internal/mug", "/products/cup", "/products/cup/reviews"]
        lines += [request(who, 20 * number, page) for number, page in enumerate(path)]
    found = learned(lines, RuleSite(RULES))
    assert list(found.navigation.templates) == ["/products/:id"]
    assert list(found.navigation.templates["/products/:id"]) == ["/products/{id}/reviews"]
    assert "internal" not in found.navigation.to_json() + table_of(found)
    assert [after.url for after in found.navigation.after("/products/hat")] == []


def test_what_browsers_prefetch_is_never_a_view() -> None:
    lines = []
    for who in range(9):
        lines += [
            request(who, 0, "/"),
            request(who, 9, "/sale", "https://shop.example/", purpose="prefetch;prerender"),
            request(who, 12, "/help?edgio_dt_pf=1"), request(who, 13, "/products/mug?edgio_prefetch=1"),
        ]  # fmt: skip
    found = learned(lines, RuleSite(RULES))
    assert set(found.navigation.pages) == {"/"}
    assert found.traffic.dropped["prefetch"] == 27


@pytest.mark.parametrize(
    ("page", "is_hidden"),
    [
        ("/", False), ("/products/mug-with-handle-2024", False), ("/blog/how-to-make-20-kinds-of-tea", False),
        ("/shuttle/missions/sts-71/mission-sts-71.html", False), ("/item/10307", False),
        ("/a?page=12", False),
        ("/blog/Donaudampfschifffahrtsgesellschaft", False), ("/2015/05/17/notes", False),
        ("/u/ann@mail.example", True), ("/u/ann%2540mail.example", True), ("/tel/4930123456789", True),
        ("/x/AKIAIOSFODNN7EXAMPLE", True), ("/x/9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d", True),
        ("/x/22417241-1184-afdc-aace-b64984ce06aa", True), ("/x/11112222333344445555aaaabbbbcccc", True),
        ("/x/" + "a" * 41, True), ("/x/zqkxvbnmwrtpsd", True), ("/a;sid=1", True),
    ],
)  # fmt: skip
def test_private_parts_differ_from_words(page: str, is_hidden: bool) -> None:
    assert is_private(page) is is_hidden


def test_only_identifiers_may_be_bound() -> None:
    for value in ("9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d", "5f2b8c9d1e4a7b3c6d8e9f0a", "4006381333931"):
        assert is_private(f"/p/{value}")
        assert not is_private(f"/p/{value}", [value])
    for value in ("eyJhbGciOi.eyJzdWIiOiIx", "x7Kp2mQ9vL4nR8sT1wZ5", "ann@mail.example"):
        assert is_private(f"/p/{value}", [value])


def visits(count: int, pages: list[str]) -> list[Visit]:
    return [
        Visit(who, tuple(View(who, 20 * number, who, page, 1) for number, page in enumerate(pages)))
        for who in range(count)
    ]


def test_noise_changes_counts_and_few_visitors_stay_hidden() -> None:
    many, few = visits(500, ["/", "/a"]), visits(3, ["/", "/b"])
    counts = [private_counts([*many, *few], 1.0, source=random.Random(seed)) for seed in range(200)]
    steps = [made.steps["/", "/a"].n for made in counts]
    assert len(set(steps)) > 20
    assert abs(sum(steps) / len(steps) - 500) < 5
    assert not [made for made in counts if "/b" in made.pages]
    assert all(tally.n >= least_count(1.0) for made in counts for tally in made.steps.values())


def test_one_visitor_changes_few_counts() -> None:
    pages = [f"/{number}" for number in range(50)]
    dice = random.Random(1)
    steps, seen = contribution(visits(1, pages) * 3, True, dice)
    assert (len(steps), len(set(steps)), len(seen), len(set(seen))) == (MOST_STEPS,) * 4
    assert {page for page, _ in steps} <= set(seen)


def test_a_file_with_noise_has_no_figures_of_held_out_visits() -> None:
    traffic = Traffic()
    found = learn_privately(
        visits(2000, ["/", "/a", "/b"]), traffic, PlainSite(), LearnSettings(epsilon=4), random.Random(3)
    )
    assert found.navigation.held_out is None
    assert found.with_noise is not None
    assert found.navigation.after("/").covers("/a")
    assert (found.navigation.visits, found.navigation.visitors) == (0, 0)
