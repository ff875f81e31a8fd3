"""No line ends a reader with a traceback: unreadable ones are counted, and the next one is read."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navigation.log_samples import FORMATS, shop_visits
from prefetchrouter.errors import NavigationError
from prefetchrouter.navigation import Navigation
from prefetchrouter.navigation.counts_file import read_counts
from prefetchrouter.navigation.field_lines import json_line, table_parser, w3c_parser
from prefetchrouter.navigation.learned_site import PlainSite
from prefetchrouter.navigation.learning import learn_files
from prefetchrouter.navigation.log_files import LogFile
from prefetchrouter.navigation.log_line import LogLine
from prefetchrouter.navigation.model_data import LearnSettings
from prefetchrouter.navigation.quoted_lines import quoted_line

LINES = int(os.environ.get("PREFETCHROUTER_FUZZ_LINES", "4000"))
"""How many random lines each reader gets; a million take some minutes."""

_W3C = [
    "date",
    "time",
    "cs-method",
    "cs-uri-stem",
    "cs-uri-query",
    "c-ip",
    "cs(User-Agent)",
    "cs(Referer)",
    "sc-status",
    "sc-bytes",
]
_TABLE = table_parser("host\ttime\tmethod\turl\tresponse\tbytes\treferer\tuseragent")
assert _TABLE is not None
READERS: dict[str, Callable[[str], LogLine | None]] = {
    "combined": quoted_line,
    "nginx JSON": json_line,
    "Caddy": json_line,
    "Cloudflare": json_line,
    "Fastly": json_line,
    "IIS": w3c_parser(_W3C, is_tabbed=False),
    "CloudFront": w3c_parser(_W3C, is_tabbed=True),
    "table": _TABLE,
}
_JUNK = [
    '"',
    "\\",
    "[",
    "]",
    "{",
    "}",
    "-",
    " ",
    "\t",
    "%",
    "%2",
    "\0",
    "\x85",
    "é",
    "\ud800",
    "9" * 400,
    "NaN",
    "1e999",
]


def mangled(line: str, dice: random.Random) -> str:
    """Return a line with some of its characters removed, doubled, exchanged, or replaced by junk."""
    for _ in range(dice.randint(1, 4)):
        start = dice.randint(0, len(line))
        end = min(len(line), start + dice.choice((0, 1, 1, 2, 8, 60)))
        line = (
            line[:start] + dice.choice(("", line[start:end] * 2, dice.choice(_JUNK), line[:7])) + line[end:]
        )
    return line


@pytest.mark.parametrize("name", FORMATS)
def test_no_mangled_line_ends_a_reader(name: str) -> None:
    dice = random.Random(name)
    lines = [line for line in FORMATS[name](shop_visits(20)) if not line.startswith("#")]
    read = READERS[name]
    found = 0
    for _ in range(LINES):
        line = read(mangled(dice.choice(lines), dice))
        if line is not None:
            found += 1
            assert {type(line.url), type(line.address), type(line.agent), type(line.referer)} == {str}
            assert 0 <= line.time < 1e11
            assert 0 <= line.status < 10**15
    assert LINES // 50 < found < LINES


@given(st.text(max_size=300))
def test_no_text_ends_a_reader(text: str) -> None:
    for read in READERS.values():
        read(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["request", "headers", "time", "ts", "url", "ip", "status", "size", "Referer"]),
            inner, max_size=6,
        ),
        max_leaves=12,
    )
)  # fmt: skip
def test_no_json_ends_a_reader(value: object) -> None:
    json_line(json.dumps(value))
    json_line(json.dumps({"ip": "192.0.2.1", "time": 1, "url": "/a", "status": value, "size": value}))


@pytest.mark.parametrize("name", FORMATS)
def test_a_mangled_log_is_learned_from_and_its_lines_are_counted(name: str, tmp_path: Path) -> None:
    dice = random.Random(name)
    lines = FORMATS[name](shop_visits(90))
    for number in range(3, len(lines), 3):
        lines[number] = mangled(lines[number], dice)
    path = tmp_path / "access.log"
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    learned = learn_files([path], PlainSite(), LearnSettings())
    assert sum(learned.traffic.dropped.values()) + sum(len(visit.views) for visit in learned.visits) == (
        learned.traffic.lines
    )
    assert learned.traffic.dropped["unreadable"] == learned.traffic.files[0].unreadable > 0
    assert learned.navigation.after("/").covers("/products/:id")


@given(st.binary(max_size=400))
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.log"
    for start in (b"", b"\x1f\x8b", b"#Fields: c-ip time date cs-uri\n", b"from,to,n,visitors\n"):
        path.write_bytes(start + content)
        with suppress(NavigationError):
            list(LogFile(path))
            read_counts(path)


@given(st.text(max_size=60), st.sampled_from(["pages", "pairs", "templates", "popular", "held_out", "order"]))
def test_any_navigation_file_is_read_or_refused(text: str, key: str) -> None:
    for content in (
        text,
        json.dumps({"version": 1, key: text}),
        json.dumps({"version": 1, key: {text: {text: 1}}}),
    ):
        with suppress(NavigationError):
            Navigation.from_json(content)
