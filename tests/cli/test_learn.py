"""`prefetchrouter learn`: what it prints and writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from navigation.log_samples import FORMATS, shop_visits
from prefetchrouter.cli import main
from prefetchrouter.navigation import Navigation

ROUTES = """\
from prefetchrouter import Property, Router

site = Property(hostnames=["shop.example"])
ages = {"max_age": "1h", "service_worker_max_age": "5m"}
router = (
    Router()
    .get(["/", "/help"], caching=ages)
    .get("/products/:id", caching=ages)
    .get("/cart", caching=ages, comment="cache-manifest-ignore")
)
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "routes.py").write_text(ROUTES)
    write(tmp_path / "access.log", 60)
    return tmp_path


def write(path: Path, visitors: int, start: int = 0) -> None:
    path.write_text("\n".join(FORMATS["combined"](shop_visits(visitors, start))) + "\n")


def test_it_writes_where_visitors_go_and_nothing_about_hidden_pages(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["learn", "access.log", "--rules", "routes.py"]) == 0
    out = capsys.readouterr().out
    assert "1 page hidden by cache-manifest-ignore" in out
    assert out.endswith("wrote navigation.json\n")
    navigation = Navigation.load("navigation.json")
    assert navigation.after("/").covers("/products/:id")
    assert navigation.after("/products/item-0").covers("/help")
    assert "cart" not in (shop / "navigation.json").read_text()


def test_the_same_logs_give_the_same_bytes(shop: Path) -> None:
    assert main(["learn", "access.log", "--rules", "routes.py", "-o", "a.json"]) == 0
    assert main(["learn", "access.log", "--rules", "routes.py", "-o", "b.json"]) == 0
    assert (shop / "a.json").read_bytes() == (shop / "b.json").read_bytes()


def test_counts_of_two_machines_add_up_to_those_of_both(shop: Path) -> None:
    write(shop / "one.log", 30)
    write(shop / "two.log", 30, 30)
    for name in ("one", "two"):
        assert main(["learn", f"{name}.log", "--counts", f"{name}.csv"]) == 0
    assert not (shop / "navigation.json").exists()
    assert main(["learn", "--merge", "one.csv", "two.csv", "--counts", "both.csv"]) == 0
    assert main(["learn", "access.log", "--counts", "all.csv"]) == 0
    assert (shop / "both.csv").read_text() == (shop / "all.csv").read_text()


def test_counts_with_rules_keep_templates(shop: Path) -> None:
    visits = shop_visits(60)
    lines = [line._replace(url=line.url.replace("/help", "/products/item-0/reviews")) for line in visits]
    (shop / "access.log").write_text("\n".join(FORMATS["combined"](lines)) + "\n")
    more = ROUTES.replace("    .get(", '    .get("/products/:id/reviews", caching=ages)\n    .get(', 1)
    (shop / "routes.py").write_text(more)
    assert main(["learn", "access.log", "--rules", "routes.py", "--counts", "all.csv", "-o", "one.json"]) == 0
    assert "/products/:id,/products/{}/reviews," in (shop / "all.csv").read_text()
    assert main(["learn", "--merge", "all.csv", "--rules", "routes.py", "-o", "two.json"]) == 0
    one, two = Navigation.load("one.json"), Navigation.load("two.json")
    assert one.templates == two.templates != {}
    assert one.after("/products/item-0") == two.after("/products/item-0")


def test_old_visits_count_less(shop: Path) -> None:
    lines = shop_visits(30)
    early = [
        line._replace(time=line.time - 40 * 86400, url=line.url.replace("/help", "/old")) for line in lines
    ]
    (shop / "access.log").write_text("\n".join(FORMATS["combined"]([*early, *lines])) + "\n")
    assert main(["learn", "access.log", "-o", "all.json"]) == 0
    assert main(["learn", "access.log", "--half-life", "10d", "-o", "new.json"]) == 0
    found = [{link.url: link.p for link in Navigation.load(f"{name}.json").after("/products/item-0")}
             for name in ("all", "new")]  # fmt: skip
    assert found[0]["/old"] > 4 * found[1]["/old"]
    assert found[0]["/help"] == found[0]["/old"]
    assert found[1]["/help"] > found[0]["/help"]


def test_a_table_of_web_analytics_is_enough(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "steps.csv").write_text("from,to,n,visitors\n/,,100,90\n/,/a,40,35\n/,/b,2,2\n")
    assert main(["learn", "steps.csv"]) == 0
    (found,) = Navigation.load("navigation.json").after("/")
    assert (found.url, round(found.p, 3), found.visitors) == ("/a", 0.381, 35)


def test_earlier_links_stay(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn", "access.log", "-o", "before.json"]) == 0
    write(shop / "access.log", 4)
    assert main(["learn", "access.log", "--previous", "before.json"]) == 0
    assert "kept that this log alone would lose" in capsys.readouterr().out
    before, now = Navigation.load("before.json"), Navigation.load("navigation.json")
    assert {found.url for found in before.after("/")} <= {found.url for found in now.after("/")}


def test_json_has_what_the_text_says(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn", "access.log", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["views"], data["visits"], data["order"], data["written"]) == (
        170,
        60,
        1,
        ["navigation.json"],
    )
    assert data["files"] == [{"path": "access.log", "format": "combined", "lines": 170, "unreadable": 0}]


@pytest.mark.parametrize(
    "options",
    [
        [], ["--min-visitors", "2"], ["--budget", "0"], ["--budget", "many"], ["--half-life", "soon"],
        ["missing.log"], ["access.log", "--previous", "missing.json"], ["access.log", "--order", "3"],
        ["access.log", "--rules", "missing.py"], ["access.log", "--places", "0"], ["."],
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    options: list[str], shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(["learn", *options])
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    assert code == 2
    assert "error:" in capsys.readouterr().err
    assert not (shop / "navigation.json").exists()
