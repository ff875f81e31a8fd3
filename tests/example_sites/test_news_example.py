"""The news site as it runs: old addresses cost no request, the table is what its script writes."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path

from cli.test_serve import Serving
from example_sites.example_site import EXAMPLES, Visitor, running_script

FOLDER = EXAMPLES / "news"


def test_the_table_is_what_its_script_writes(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("make_redirects", FOLDER / "make_redirects.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.write(tmp_path / "redirects.csv") == 5000
    assert (tmp_path / "redirects.csv").read_bytes() == (FOLDER / "redirects.csv").read_bytes()


def test_old_addresses_are_answered_by_the_edge_and_articles_once_by_the_site() -> None:
    with (FOLDER / "redirects.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))[::100]
    with (
        running_script(FOLDER / "origin.py") as origin,
        Serving(
            str(FOLDER / "routes.py"), "--origin", origin.address, "--quiet", "--no-warm", "--no-inject"
        ) as serving,
    ):
        reader, subscriber = Visitor(serving.port), Visitor(serving.port, {"subscriber": "a1"})
        for line in lines:
            found = reader.get(line["from"])
            assert (found.status, found.headers["location"]) == (int(line["status"]), line["to"])
        assert origin.requests() == 0
        path = lines[0]["to"]
        assert reader.prefetch(path).status == 412
        assert b"Subscribe" in reader.get(path).body
        assert b"for subscribers" in subscriber.get(path).body
        assert b"Subscribe" in reader.prefetch(path).body
        assert subscriber.prefetch(path).status == 412
        assert origin.requests(path) == 2
