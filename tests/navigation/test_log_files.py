"""Formats are found by themselves, and each gives the same requests."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from navigation.log_samples import FORMATS, combined, request
from prefetchrouter.errors import NavigationError
from prefetchrouter.navigation.field_lines import json_line
from prefetchrouter.navigation.log_files import MOST_LINE, LogFile
from prefetchrouter.navigation.log_line import is_own_prefetch, is_robot

REQUESTS = [
    request(1, 0, "/"),
    request(1, 9, "/a?b=1", "https://shop.example/"),
    request(2, 12, "/a", agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0"),
    request(2, 13, "/b", status=404, size=0),
    request(2, 14, "/c", purpose="prefetch"),
    request(3, 15, "/d", method="POST"),
]
LINES = [line._replace(purpose=line.purpose or "-") for line in REQUESTS]
"""Each format has a field for `Sec-Purpose`."""


def read(path: Path) -> list[object]:
    return [line for _, line, _ in LogFile(path)]


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_found_and_gives_the_same_requests(name: str, tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_text("\n".join(FORMATS[name](LINES)) + "\n")
    assert read(path) == LINES


@pytest.mark.parametrize("name", FORMATS)
def test_what_a_program_prints_before_its_log_hides_no_format(name: str, tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_text("listening on http://127.0.0.1:8080\n" + "\n".join(FORMATS[name](LINES)) + "\n")
    assert read(path) == [None, *LINES]


@pytest.mark.parametrize(
    ("prefetch", "purpose", "found"),
    [
        ("hit", None, "prefetch"),
        ("1", "", "prefetch"),
        ("refused", "prefetch;prerender", "prefetch;prerender"),
        (None, None, "-"),
        ("", "", "-"),
        ("0", "-", "-"),
    ],
)
def test_a_line_of_an_edge_says_itself_whether_it_is_a_prefetch(
    prefetch: str | None, purpose: str | None, found: str
) -> None:
    fields = {"client": "192.0.2.1", "time": 1, "url": "https://shop.example/a"}
    line = json_line(json.dumps({**fields, "prefetch": prefetch, "sec_purpose": purpose}))
    assert line is not None
    assert line.purpose == found


@pytest.mark.parametrize(
    "more",
    [
        {"RequestHeaders": {"sec-purpose": "prefetch;prerender"}},  # custom fields of Cloudflare
        {"sec_purpose": "-", "http_x_moz": "prefetch"},
        {"request": {"uri": "/a", "headers": {"Sec-Purpose": [""], "Purpose": ["prefetch"]}}},
    ],
)
def test_a_browser_says_in_several_ways_that_it_prefetches(more: dict[str, object]) -> None:
    line = json_line(json.dumps({"ip": "192.0.2.1", "time": 1, "url": "/a", **more}))
    assert line is not None
    assert is_own_prefetch(line.url, line.purpose)


def test_no_header_of_a_client_takes_the_place_of_a_field() -> None:
    headers = {
        "Uri": ["/b"],
        "Status": ["404"],
        "Remote-Addr": ["192.0.2.9"],
        "Referer": ["https://a.example/"],
    }
    request = {"client_ip": "192.0.2.1", "method": "GET", "uri": "/a", "headers": headers}
    line = json_line(json.dumps({"ts": 1, "request": request, "status": 200}))
    assert line is not None
    assert (line.address, line.url, line.status, line.referer) == (
        "192.0.2.1",
        "/a",
        200,
        "https://a.example/",
    )


@pytest.mark.parametrize("name", ["ClientIP", "remote_addr", "c-ip"])
def test_the_port_of_a_client_does_not_make_another_visitor(name: str) -> None:
    """As old versions of Caddy and gateways of Azure log it: each connection has another one."""
    for address, known in (
        ("192.0.2.1:50432", "192.0.2.1"),
        ("[2001:db8::1]:9", "2001:db8::1"),
        ("::1", "::1"),
    ):
        line = json_line(json.dumps({name: address, "time": 1, "url": "/a"}))
        assert line is not None
        assert line.address == known


@pytest.mark.parametrize(
    "agent",
    [
        "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
        "Mozilla/5.0 AppleWebKit/537.36; compatible; ChatGPT-User/1.0", "GoogleOther", "WhatsApp/2.24 A",
        "Mozilla/5.0 (compatible; Google-InspectionTool/1.0;)", "kube-probe/1.31", "GoogleHC/1.0",
        "Bun/1.3.0", "undici", "GuzzleHttp/7", "Amazon CloudWatch Synthetics",
    ],
)  # fmt: skip
def test_robots_of_today_are_not_visitors(agent: str) -> None:
    assert is_robot(agent)


@pytest.mark.parametrize("name", FORMATS)
def test_compressed_files_are_read_whatever_their_name_is(name: str, tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_bytes(gzip.compress("\r\n".join(FORMATS[name](LINES)).encode()))
    assert read(path) == LINES


def test_the_columns_of_a_w3c_log_may_change(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_text(
        "#Fields: date time c-ip cs-uri-stem\n2027-05-17 10:00:00 192.0.2.1 /a\n"
        "#Fields: c-ip cs-uri-stem date time\n192.0.2.1 /b 2027-05-17 10:00:01\n"
    )
    first, second = LogFile(path)
    assert first.line is not None
    assert second.line is not None
    assert (first.line.url, second.line.url, second.line.time - first.line.time) == ("/a", "/b", 1)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('shop.example:443 192.0.2.1 - - {AT} "GET /a HTTP/1.1" 200 2', "192.0.2.1 /a"),
        ('::1 - - {AT} "GET /a HTTP/1.1" 200 2 "-" "Firefox"', "::1 /a"),
        ('192.0.2.1 - - {AT} "GET //a/b HTTP/1.0" 200 -', "192.0.2.1 //a/b"),
        ('192.0.2.1 - - {AT} "GET /a b" 200 1', "192.0.2.1 /a b"),
        ('192.0.2.1 - - {AT} "GET /"a" HTTP/1.0" 200 1', '192.0.2.1 /"a"'),
        ('192.0.2.1 - - {AT} "GET /a HTTP/1.0" 200 1 "-" "Fire', "192.0.2.1 /a"),
        (
            '10.0.0.1 - - {AT} "GET /a HTTP/1.0" 200 1 "-" "Firefox" "192.0.2.7, 10.0.0.9"',
            "192.0.2.7 /a",
        ),
        ('10.0.0.1 - - {AT} "GET /a" 200 1 "-" "Firefox" "[2001:db8::7]:50432, 10.0.0.9"', "2001:db8::7 /a"),
        ('10.0.0.1 - - {AT} "GET /a" 200 1 "-" "Firefox" "192.0.2.7:50432"', "192.0.2.7 /a"),
        ('192.0.2.1:50432 - - {AT} "GET /a HTTP/1.1" 200 2', "192.0.2.1 /a"),
        ('[2001:db8::1]:50432 - - {AT} "GET /a HTTP/1.1" 200 2', "2001:db8::1 /a"),
    ],
)  # fmt: skip
def test_odd_lines_of_the_combined_format_are_read(text: str, found: str, tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_text(text.replace("{AT}", "[17/May/2015:10:05:03 +0000]"))
    (line,) = LogFile(path)
    assert line.line is not None
    assert f"{line.line.address} {line.line.url}" == found


def test_escaped_quotes_end_no_field(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_text(
        r'192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 2 "-" "a \"b\" \\" "prefetch"'
    )
    (line,) = LogFile(path)
    assert line.line is not None
    assert (line.line.agent, line.line.purpose) == ('a "b" \\', "prefetch")


def test_an_unreadable_line_does_not_keep_the_next_from_being_read(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    good = combined(LINES[0])
    path.write_bytes(
        b"\n".join([good.encode(), b"\xff\x00 no line", b"x" * (3 * MOST_LINE), b"", good.encode()])
    )
    assert [line is not None for line in read(path)] == [True, False, False, True]


def test_a_line_longer_than_a_block_is_one_unreadable_line(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    good = combined(LINES[0])
    path.write_bytes(b"\n".join([good.encode(), b"x" * (3 * 1024 * 1024), good.encode()]))
    assert [line is not None for line in read(path)] == [True, False, True]


@pytest.mark.parametrize("start", [b"\x28\xb5\x2f\xfd0000", b"BZh91AY", b"\xfd7zXZ\x00"])
def test_other_compressions_are_refused_by_name(start: bytes, tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_bytes(start)
    with pytest.raises(NavigationError, match="compressed with"):
        list(LogFile(path))


def test_a_truncated_gzip_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "access.log.gz"
    path.write_bytes(gzip.compress(b"a line\n" * 1000)[:-12])
    with pytest.raises(NavigationError, match="log-file"):
        list(LogFile(path))


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.touch()
    assert read(path) == []
