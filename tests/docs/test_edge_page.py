"""docs/edge.md keeps its word: its limits, its paths, its commands."""

from __future__ import annotations

import dataclasses
import inspect
import re
import shlex
from typing import Any, get_args

import pytest

from docs.blocks import ROOT, blocks, section
from edge.exchanges import exchange
from prefetchrouter.cli import _parser
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.logging.entry_data import entry_data
from prefetchrouter.edge.logging.lines import request_line
from prefetchrouter.edge.logging.request_log import LogEntry
from prefetchrouter.edge.pages.edge_pages import HOME
from prefetchrouter.edge.request_trace import CacheStatus

PAGE = (ROOT / "docs" / "edge.md").read_text(encoding="utf-8")
COMMANDS = [
    line.removeprefix("$ ")
    for block in blocks(PAGE)
    if block.info in ("bash", "console")
    for line in block.text.splitlines()
    if line.removeprefix("$ ").startswith("prefetchrouter ")
]


def shown(name: str, value: float) -> str:
    """A default as the page shows it."""
    if name.endswith("_seconds"):
        return f"{value:g} s"
    if not name.endswith("_bytes"):
        return f"{value:,}"
    return f"{value / 2**20:g} MiB" if value >= 2**20 else f"{value / 2**10:g} KiB"


def test_the_limits_are_those_of_the_code() -> None:
    """Each with its default and meaning."""
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+) \|$", section(PAGE, "Limits"), re.M)
    told = " ".join((inspect.getdoc(Limits) or "").split())
    fields = dataclasses.fields(Limits)
    values = dataclasses.asdict(Limits())
    assert [(name, default) for name, default, _ in rows] == [
        (field.name, shown(field.name, values[field.name])) for field in fields
    ]
    for name, _, bounds in rows:
        assert f"{name}: {bounds[0].upper()}{bounds[1:]}." in told


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_are_ones_that_the_program_takes(command: str) -> None:
    """With their options."""
    words = shlex.split(command)[1:]
    assert _parser(words)[0].parse_args(words).command == words[0]


def test_the_fields_of_a_log_line_are_those_of_the_code() -> None:
    """Each field of the JSON is explained, and no other."""
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| .+ \|$", section(PAGE, "Logs"), re.M)
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(named) == sorted(entry_data(LogEntry(1, exchange())))


def test_the_page_of_requests_is_where_it_says() -> None:
    """At the path that is printed at the start too."""
    assert f"http://localhost:8081{HOME}" in section(PAGE, "See it")
    assert "`--pages` serves pages on a separate port" in section(PAGE, "What happened")


def test_every_word_for_what_the_cache_did_is_explained() -> None:
    """In the table under the lines of the terminal."""
    words = re.findall(r"^\| `([a-z-]+)` \| .+ \|$", section(PAGE, "See it"), re.M)
    assert sorted(words) == sorted(get_args(CacheStatus))


README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "told",
    [
        {"status": 412, "cache": "refused", "prefetch": "refused", "reason": "not requested yet"},
        {"cache": "miss", "origin_calls": ["web: 200 in 5 ms"], "ttl": 3600},
        {"cache": "hit", "prefetch": "hit", "ttl": 3598},
    ],
)
@pytest.mark.parametrize("page", [PAGE, README])
def test_the_lines_are_those_of_a_terminal(page: str, told: dict[str, Any]) -> None:
    """Of the width that the pages show."""
    rules = ("routes.py:34", "routes.py:35", "routes.py:39")
    assert f"\n{request_line(exchange('/products/2', rules=rules, **told), width=112)}\n" in page
