"""What stopped three new users, as they met it: these faults stay fixed, and the messages are these."""

from __future__ import annotations

from pathlib import Path

import pytest

from prefetchrouter.cli import main

STATIC_OR_IMAGE = r'not_(re.compile(r"^/(static|img)/"))'
PRODUCTS = '.match("/p/:sku", caching={"max_age": "1h", "service_worker_max_age": "10m"})'
EVERYTHING = '.match("/:path*", caching={"max_age": "1h", "service_worker_max_age": "1h"})'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rules(*calls: str) -> None:
    """Write a routes file that makes these calls."""
    imports = "import re\nfrom prefetchrouter import Router, exact, not_, raw\n"
    Path("routes.py").write_text(imports + f"router = Router(){''.join(calls)}\n", encoding="utf-8")


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """Run a command; return all that it prints, on one line."""
    assert main(list(words)) == code
    printed = capsys.readouterr()
    return " ".join(f"{printed.out} {printed.err}".split())


def test_a_body_with_line_breaks_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    rules('.match("/robots.txt", lambda route: route.send("User-agent: *\\nDisallow: /\\n", 200))')
    assert r"User-agent: *\nDisallow: /\n" in said(capsys, "explain", "/robots.txt")


@pytest.mark.parametrize(
    ("header", "reason"),
    [("set-cookie: a=b", "Set-Cookie keeps"), ("cache-control: private, no-store", "Cache-Control")],
)
def test_explain_knows_what_the_origin_forbids(
    header: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rules(EVERYTHING)
    text = said(capsys, "explain", "/x", "--response-header", header)
    assert "Prefetched? no:" in text
    assert reason in text


def test_a_rule_that_stops_all_prefetching_is_a_warning_with_its_cure(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tests = f'{{"cookies": {{"session": re.compile(".+")}}, "path": {STATIC_OR_IMAGE}}}'
    rules(PRODUCTS, f'.match({tests}, caching={{"bypass_cache": True}})')
    text = said(capsys, "build", "--quiet")
    assert "browsers no longer prefetch /p/x" in text
    assert (
        'write comment="cache-manifest-ignore" in this rule, or Property(unsupported_conditions="drop")'
        in text
    )


@pytest.mark.parametrize(
    ("criteria", "cure"),
    [
        ('exact("/catalog.php?item=0")', 'write {"path": "/catalog.php", "query": {"item": "0"}}'),
        ('"/search/:q?page=2"', 'write {"path": "/search/:q", "query": {"page": "2"}}'),
        ('["/a/:id", "/b/:rest*"]', 'write or_("/a/:id", "/b/:rest*")'),
        ('"/a/[id]"', 'write "/a/:id"'),
        (r'"/^\\/a/"', "re.compile"),
        ('"c"', 'write "/c"'),
    ],
)
def test_a_rule_that_can_never_match_is_a_warning_with_its_cure(
    criteria: str, cure: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rules(f'.match({criteria}, caching={{"max_age": "1h"}})')
    assert cure in said(capsys, "build", "--quiet")
    assert "which --strict does not allow" in said(capsys, "build", "--quiet", "--strict", code=1)


def test_a_header_name_with_a_space_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    rules('.match("/h", headers={"set_response_headers": {"x y": "b", "x-ok": "1"}})')
    assert '"x y" is not a header name' in said(capsys, "build", code=1)


def test_a_special_rule_before_the_general_one_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    first = '.get("/api/products/:id.json", caching={"max_age": "1m"})'
    rules(first, '.get("/api/:path*", caching={"max_age": "10s"})')
    assert "is always replaced by routes.py:3" in said(capsys, "lint", code=1)


def test_localhost_is_trusted_and_a_logout_is_not_prefetched(capsys: pytest.CaptureFixture[str]) -> None:
    rules(EVERYTHING)
    local = said(capsys, "explain", "http://localhost:8080/x")
    assert "Prefetched? yes" in local
    assert "HTTPS" not in local
    assert "Prefetched? no: links that log out are never prefetched" in said(capsys, "explain", "/logout")


def test_examples_in_messages_are_of_the_section_and_operator_that_was_meant(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rules('.match("/a", origin="web").match(raw({"=": [{"request": "path"}, "/a"]}), comment="b")')
    text = said(capsys, "build", code=1)
    assert 'expected a mapping, such as {"set_origin": "web"}' in text
    assert 'did you mean "==="?' in text


def test_thousands_of_rules_are_summed_up(capsys: pytest.CaptureFixture[str]) -> None:
    lines = (
        "from prefetchrouter import Router\nrouter = Router()\n"
        'for i in range(2000):\n    router.match(f"/s{i}/:id", caching={"max_age": "1h"})\n'
    )
    Path("routes.py").write_text(lines, encoding="utf-8")
    assert main(["build"]) == 0
    assert len(capsys.readouterr().out.splitlines()) < 30


def test_a_function_called_router_is_to_be_called(capsys: pytest.CaptureFixture[str]) -> None:
    Path("routes.py").write_text("def router():\n    pass\n", encoding="utf-8")
    assert "router is a function: call it" in said(capsys, "build", code=2)


@pytest.mark.parametrize("package", [".common", "cdn.common"])
def test_a_routes_file_imports_its_neighbour(package: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("cdn").mkdir()
    Path("cdn/__init__.py").touch()
    Path("cdn/common.py").write_text('TIME = "1h"\n', encoding="utf-8")
    call = 'router = Router().match("/a", caching={"max_age": TIME})\n'
    text = f"from prefetchrouter import Router\nfrom {package} import TIME\n{call}"
    Path("cdn/routes.py").write_text(text, encoding="utf-8")
    assert "1 rule, 1 in the manifest" in said(capsys, "build", "cdn/routes.py", "--quiet")
