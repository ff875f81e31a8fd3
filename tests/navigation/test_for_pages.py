"""What pages get of a navigation."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navigation.page_files import CASES, cases_text, rows_of
from prefetchrouter import CachingDict, Router, build
from prefetchrouter.browser.files import is_immutable
from prefetchrouter.cli import main
from prefetchrouter.navigation import Link, Navigation, for_pages
from prefetchrouter.targets import page_navigation as page_files
from prefetchrouter.targets.page_navigation import PageNavigation, page_navigation, shard_of

AGES: CachingDict = {"max_age": "1h", "service_worker_max_age": "1h"}
RULES = (
    Router()
    .get("/:page?", caching=AGES)
    .get("/products/:id", caching=AGES)
    .get("/staff", caching={"bypass_cache": True})
    .get("/soon", caching=AGES, comment="cache-manifest-ignore")
)


def rows(found: PageNavigation) -> dict[str, dict[str, float]]:
    return {page: row for text in found.files.values() for page, row in rows_of(text).items()}


def test_links_come_best_first_and_only_within_the_budget() -> None:
    links = (Link("/products/2", 0.1, 9), Link("/products/1", 0.4, 9), Link("/products/3", 0.05, 9))
    [row] = rows(for_pages(Navigation(links={"/": links}, threshold=0.08), RULES)).values()
    assert list(row.items()) == [("/products/1", 0.35), ("/products/2", 0.1)]


def test_all_pages_share_a_file_while_it_is_small() -> None:
    """A visitor loads one file of 2 kB less often than parts of it."""
    names = [f"/products/{number}" for number in range(4000)]
    small, large = (
        page_navigation({names[number]: [(names[number * 7 % 4000], 0.25)] for number in range(count)})
        for count in (100, 2000)
    )
    sizes = [len(gzip.compress(text.encode())) for text in large.files.values()]
    assert len(small.files) == 1
    assert len(large.files) == 64
    assert max(sizes) <= 1150


@pytest.mark.parametrize("page", ["/staff", "/soon", "/account/7"])
def test_what_rules_hide_or_do_not_allow_is_in_no_file(page: str) -> None:
    """They may have changed since the navigation was learned; as source and as next page."""
    links = {"/": (Link(page, 0.9, 9), Link("/about", 0.2, 9)), page: (Link("/about", 0.5, 9),)}
    found = for_pages(Navigation(links=links), RULES)
    assert page not in "".join(found.files.values())
    assert rows(found)["/"] == {"/about": 0.2}


def test_nothing_learned_gives_no_file_and_no_statement() -> None:
    assert for_pages(Navigation(), RULES) == PageNavigation()


@given(
    st.dictionaries(st.text('/abé😀?=\\"#', min_size=1, max_size=8), st.just([("/a", 0.5)]), max_size=200),
    st.sampled_from([1, 2, 16]),
)
def test_each_row_is_in_the_file_that_its_page_asks_for(
    given_rows: dict[str, list[tuple[str, float]]], count: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_files, "MOST_IN_ONE_FILE", 0)
        patch.setattr(page_files, "ROWS_PER_FILE", max(1, len(given_rows) // count))
        found = page_navigation(given_rows)
    files = list(found.files.values())
    assert rows(found) == {page: {"/a": 0.5} for page in given_rows}
    for page in given_rows:
        assert page in rows_of(files[shard_of(page, len(files))])


def test_the_cases_that_scripts_read_as_well_are_fresh() -> None:
    """Stale? Run ``python tests/navigation/page_files.py``."""
    assert CASES.read_text() == cases_text()


@given(st.lists(st.tuples(st.text("/abé😀.", min_size=1, max_size=80), st.floats(0, 1)), max_size=60))
def test_links_keep_their_order_and_about_their_probability(links: list[tuple[str, float]]) -> None:
    row = dict(sorted(links, key=lambda link: -link[1]))
    [text] = page_navigation({"/": list(row.items())}).files.values()
    found = rows_of(text).get("/", {})
    assert list(found) == list(row)
    for url, p in row.items():
        assert abs(found[url] - p) <= 0.1


def test_a_file_names_no_more_urls_than_two_digits_can_number() -> None:
    """Larger sites have more files; of a page with more links, the ones that sort last are missing."""
    many = {f"/{page}": [(f"/{page}/{number}", 0.5) for number in range(60)] for page in range(100)}
    found = rows(page_navigation(many))
    assert {page: dict.fromkeys(dict(row), 0.5) for page, row in many.items()} == found
    [text] = page_navigation({"/": [(f"/{number:05}", 0.5) for number in range(5000)]}).files.values()
    assert list(rows_of(text)["/"]) == [f"/{number:05}" for number in range(4095)]


def test_a_path_names_the_content_so_it_is_stored_for_ever() -> None:
    one, other = (page_navigation({"/": [("/a", p)]}) for p in (0.5, 0.7))
    assert all(map(is_immutable, one.files))
    assert set(one.files).isdisjoint(other.files)
    assert one == page_navigation({"/": [("/a", 0.5)]})


def test_a_build_writes_the_files_and_leads_pages_to_them() -> None:
    found = for_pages(Navigation(links={"/": (Link("/about", 0.5, 9),)}), RULES)
    built = build(RULES, targets="manifest", site=True, navigation=found)
    [path] = found.files
    assert built[f"site{path}"] == found.files[path]
    assert built["site/__edgio__/prefetch/install.js"].startswith(found.statement)
    for target in ("varnish", "nginx", "worker"):
        texts = build(RULES, targets=target, unsupported="ignore", navigation=found).files
        assert any(path in file.text or path in f"/{file.path}" for file in texts), target


def test_the_command_reads_what_learn_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "routes.py").write_text(
        "from prefetchrouter import Router\n"
        'router = Router().get("/:p?", caching={"max_age": "1h", "service_worker_max_age": "1h"})\n'
    )
    Navigation(links={"/": (Link("/about", 0.5, 9),)}).save("navigation.json")
    assert main(["build", "--site", "--navigation", "navigation.json"]) == 0
    [file] = (tmp_path / "dist/site/__edgio__/navigation").rglob("*.json")
    assert rows_of(file.read_text()) == {"/": {"/about": 0.5}}
    assert main(["build", "--navigation", "routes.py"]) == 2
    assert "routes.py" in capsys.readouterr().err
