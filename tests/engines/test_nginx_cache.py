"""Which files of nginx's cache a purge removes; tests/cases/purging shows that nginx fetches anew."""

from __future__ import annotations

import struct
import time
from pathlib import Path

import pytest

from prefetchrouter.cli import main
from prefetchrouter.engines.nginx_cache import StoredFile, purge_files, stored_file
from prefetchrouter.engines.purge_request import PurgeRequest

PAGE = "www.shop.example/a"


def content(key: str, tags: str = "", body: bytes = b"page", version: int = 5) -> bytes:
    """Return what nginx 1.22 and 1.31 write."""
    head = b"HTTP/1.1 200 OK\r\nX-Kind: x-pr-tags: no\r\n"
    head += f"X-Pr-Tags: {tags}\r\n".encode() if tags else b""
    named = b"\nKEY: " + key.encode() + b"\n"
    head_at = 336 + len(named)
    body_at = head_at + len(head) + 2
    numbers = struct.pack("=QqqqqqLHHHB", version, 0, 0, 0, 0, 0, 0, 0, head_at, body_at, 0)
    return numbers.ljust(336, b"\0") + named + head + b"\r\n" + body


def cache(folder: Path, **files: bytes) -> Path:
    (folder / "c" / "29").mkdir(parents=True)
    for name, text in files.items():
        (folder / "c" / "29" / name).write_bytes(text)
    return folder


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "c" / "29").iterdir())


def test_a_file_has_a_key_and_tags() -> None:
    assert stored_file(content(f"{PAGE}|cookie plan=gold", "a b%20c")) == StoredFile(
        b"www.shop.example/a|cookie plan=gold", frozenset((b"a", b"b%20c"))
    )
    assert stored_file(content(PAGE, body=b"\r\nX-Pr-Tags: a\r\n")) == StoredFile(PAGE.encode(), frozenset())


@pytest.mark.parametrize("text", [b"", b"x" * 40, b"x" * 4000, content(PAGE, version=4)])
def test_other_files_are_left_alone(text: bytes) -> None:
    assert stored_file(text) is None


@pytest.mark.parametrize(
    "tags, urls, removed",
    [
        (["a"], [], ["tagged", "temporary.0000000012"]),
        (["a b"], [], ["blank"]),
        ([], ["/a"], ["blank", "other_host", "tagged", "temporary.0000000012"]),
        ([], ["https://www.shop.example/a"], ["blank", "tagged", "temporary.0000000012"]),
        ([], ["/a?b=1"], ["query"]),
        ([], ["/"], []),
        (["nothing"], ["/nothing"], []),
    ],
)
def test_tags_and_urls_name_files(
    tags: list[str], urls: list[str], removed: list[str], tmp_path: Path
) -> None:
    files = {
        "tagged": content(PAGE, "a ab"),
        "blank": content(f"{PAGE}|header x=/a", "a%20b"),
        "query": content(f"{PAGE}?b=1"),
        "below": content(f"{PAGE}/b"),
        "other_host": content("m.shop.example/a"),
        "temporary.0000000012": content(PAGE, "a"),  # still arriving
        "strange": b"not of nginx",
    }
    folder = cache(tmp_path, **files)
    assert purge_files(folder, PurgeRequest.of(tags, urls)) == len(removed)
    assert left(folder) == sorted(files.keys() - {*removed})


def test_long_heads_are_read_to_their_end(tmp_path: Path) -> None:
    text = content(PAGE + "?" + "x" * 9000, "a")
    assert purge_files(cache(tmp_path, long=text), PurgeRequest(("a",))) == 1


def test_everything_goes_and_the_time_stays_for_what_is_in_flight(tmp_path: Path) -> None:
    folder = cache(tmp_path, a=content(PAGE), failure=content("failure|1"), strange=b"not of nginx")
    before = time.time() * 1000 - 1
    assert purge_files(folder, PurgeRequest()) == 1
    assert left(folder) == ["strange"]
    assert before < int((folder / "temp" / "purged").read_text()) < time.time() * 1000


def test_the_configuration_names_the_cache(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configuration = tmp_path / "nginx.conf"
    configuration.write_text("http {\n    proxy_cache_path /x keys_zone=other:1m;\n}\n")
    assert main(["purge", "--all", "--folder", str(tmp_path)]) == 2
    assert "keys_zone=prefetchrouter" in capsys.readouterr().err
    configuration.write_text(
        "proxy_cache_path /x keys_zone=other:1m;\n"
        "proxy_cache_path stored levels=1:2 keys_zone=prefetchrouter:32m;\n"
    )
    assert main(["purge", "--all", "--folder", str(tmp_path)]) == 2
    assert "nginx has stored nothing" in capsys.readouterr().err
    cache(tmp_path / "stored", a=content(PAGE))
    assert main(["purge", "--all", "--folder", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "1 stored response removed\n"
