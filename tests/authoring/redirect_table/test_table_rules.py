"""Tables of redirects: what they do with requests, and what is said about wrong lines."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prefetchrouter import Evaluator, Request, Router, RuleSet, compile_rules, evaluate, load
from prefetchrouter.authoring.collect import gather
from prefetchrouter.errors import HelperError, RoutesError, RuleError
from prefetchrouter.lint import lint
from prefetchrouter.lint.check_registry import chosen_checks

ROUTES = "from prefetchrouter import Router\n\nrouter = Router().redirects({name!r})\n"


def site(folder: Path, text: str | bytes, name: str = "redirects.csv") -> Router:
    """A router of a table in a file."""
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Router().redirects(file)


def location(router: Router, url: str) -> str | None:
    redirect = evaluate(router, Request(url)).redirect
    return None if redirect is None else redirect.location


def errors(folder: Path, text: str | bytes, name: str = "redirects.csv") -> list[str]:
    with pytest.raises(RuleError) as caught:
        site(folder, text, name)
    return [str(found).replace(f"{os.path.relpath(folder)}/", "") for found in caught.value.diagnostics]


def test_each_line_redirects_with_its_own_status(tmp_path: Path) -> None:
    """301 where a line has none."""
    router = site(tmp_path, "/a,/b\n/c,/d,308\n")
    found = [evaluate(router, Request(path)).redirect for path in ("/a", "/c", "/e")]
    assert [redirect and (redirect.status, redirect.location) for redirect in found] == [
        (301, "/b"),
        (308, "/d"),
        None,
    ]


@pytest.mark.parametrize(
    ("line", "url", "expected"),
    [
        ("/old,/new", "/OLD/?x=1", "/new?x=1"),
        ("/old/,/new", "/old", "/new"),
        ("/old,/new?a=1#top", "/old?x=1", "/new?a=1&x=1#top"),
        ("/old,/new,,,drop", "/old?x=1", "/new"),
        ("/old/:id,/new/:id", "/old/7?x=1", "/new/7?x=1"),
        ("/old/:id,/new/:id,,,drop", "/old/7?x=1", "/new/7"),
        ("/old/:id,/new?id=:id,,,drop", "/old/7?x=1", "/new?id=7"),
        ("/old/*,/new/:splat", "/old/a/b?x=1", "/new/a/b?x=1"),
        ("/old/*,/new/:splat", "/old", "/new"),
        ("/old/*,https://www.shop.example/:splat", "/old/a/b", "https://www.shop.example/a/b"),
        ("/*,https://www.shop.example/:splat", "/a/b?x=1", "https://www.shop.example/a/b?x=1"),
        (r"/old/:id(\d+),/new/:id", "/old/x", None),
        ("/blog/:y-:m,/news/:y/:m", "/blog/2024-01", "/news/2024/01"),
        ("/item-:id,/i/:id", "/item-5", "/i/5"),
        ("/wiki/Talk:Foo_(bar),/talk", "/wiki/Talk:Foo_(bar)", "/talk"),
        ("/wiki/Talk:Foo_(bar),/talk", "/wiki/TalkX", None),
        ("/a+b*c,/x", "/a+b*c", "/x"),
        ("/a+b*c,/x", "/aab", None),
        ("/läden,/geschäfte", "/l%C3%A4den", "/gesch%C3%A4fte"),
        ("/l%c3%a4den,/shops", "/läden", "/shops"),
        ("/a b,/x", "/a%20b", "/x"),
        ("/index.php?id=5,/posts/five", "/index.php?id=5&y=1", "/posts/five"),
        ("/index.php?id=5,/posts/five", "/index.php?id=6", None),
        ("/index.php?id=:id,/posts/:id", "/index.php?id=6", "/posts/6"),
        ("/index.php?id=:id,/posts/:id", "/index.php", None),
        ("/s?q=a%20b,/found,,,keep", "/s?q=a+b", "/found?q=a+b"),
        ("/old,/new,,shop.example", "https://shop.example/old", "/new"),
        ("/old,/new,,shop.example", "https://other.example/old", None),
        ("http://blog.example/a,https://www.example/b", "https://blog.example/a", "https://www.example/b"),
        ("http://blog.example,https://www.example/b", "https://blog.example/", "https://www.example/b"),
        ("/docs,/docs/", "/docs?x=1", "/docs/?x=1"),
        ("/docs,/docs/", "/docs/", None),
        ("/docs/,/docs", "/docs/", "/docs"),
        ("/docs/,/docs", "/docs", None),
        ("/Docs,/docs", "/Docs", "/docs"),
        ("/Docs,/docs", "/docs", None),
        ("/,/home", "/", "/home"),
    ],
)
def test_a_line_means_what_the_page_says(line: str, url: str, expected: str | None, tmp_path: Path) -> None:
    """Paths, patterns, queries and hosts of one line."""
    assert location(site(tmp_path, line), url) == expected


def test_the_first_line_that_matches_counts(tmp_path: Path) -> None:
    """Whether it is exact or a pattern."""
    router = site(tmp_path, "/a/x,/first\n/a/:id,/second\n/a/*,/third\n")
    assert [location(router, url) for url in ("/a/x", "/a/y", "/a/y/z")] == ["/first", "/second", "/third"]


def test_rules_after_a_table_win_over_it(tmp_path: Path) -> None:
    """As over every rule before them."""
    router = site(tmp_path, "/a,/b\n").match("/a", lambda route: route.redirect("/c"))
    assert location(router, "/a") == "/c"


def test_a_redirects_file_is_read_as_its_providers_read_it(tmp_path: Path) -> None:
    """Comments, forced rules, query parameters and hosts."""
    text = """\
# moved in 2024
/blog/*   /news/:splat  302!   # all of it
/articles id=:id tag=:tag /posts/:tag/:id 301
/home /
http://old.example/* https://new.example/:splat
"""
    router = site(tmp_path, text, "_redirects")
    assert location(router, "/blog/a") == "/news/a"
    assert location(router, "/articles?id=5&tag=x") == "/posts/x/5"
    assert location(router, "/articles?id=5") is None
    assert location(router, "/home") == "/"
    assert location(router, "https://old.example/a") == "https://new.example/a"


def test_columns_may_be_named_in_any_order_and_separated_by_semicolons(tmp_path: Path) -> None:
    """As spreadsheets write them, with a byte order mark and Windows line ends."""
    router = site(tmp_path, b"\xef\xbb\xbfStatus;To;From\r\n302;/b;/a\r\n")
    redirect = evaluate(router, Request("/a")).redirect
    assert redirect is not None
    assert (redirect.status, redirect.location) == (302, "/b")


def test_each_wrong_line_is_reported_with_its_own_file_and_line(tmp_path: Path) -> None:
    """All at once."""
    text = """\
from,to,status
/a,/b,200
b,/c
/c,
/d,"/e
/e#x,/f
/f,/g,301,extra
/a/../b,/c
/g/:id,/h/:di
/i/:id(,/j
/j,k
/k?,/l
"""
    found = errors(tmp_path, text)
    assert [line.split(":")[1] for line in found] == [str(number) for number in range(2, 13)]
    assert all(line.startswith("redirects.csv:") and line.endswith("[redirect-table]") for line in found)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"/a,/b\n\x00\x01", "redirects.csv:2: a zero byte"),
        (b"/a,/b\n/\xe4,/c", "redirects.csv:2: byte 0xe4 is not UTF-8"),
        ("/a,/b".encode("utf-16"), "redirects.csv:1: the file is UTF-16"),
        (b"/a,/b\n/b," + b"x" * 20_000, "redirects.csv:2: the line has more than"),
        (b"\n" * 200_001 + b"/a,/b", "redirects.csv:200001: the file has more than 200,000 lines"),
        (b"from,too\n/a,/b", 'redirects.csv:1: "too" is not a column'),
        (b"from,status\n/a,301", 'redirects.csv:1: there is no column "to"'),
        (b'/a,"/b"x', "redirects.csv:1: text follows a closing quote"),
        (b'/a,/b\n/c,"/d\n/e,/f', "redirects.csv:2: a quote is not closed"),
    ],
)
def test_a_file_that_is_not_a_table_is_an_error_with_its_line(
    content: bytes, expected: str, tmp_path: Path
) -> None:
    """Binary, huge, in another encoding, with broken quotes."""
    (found,) = errors(tmp_path, content)
    assert found.startswith(expected)


def test_files_that_are_not_there_or_no_files_are_errors_at_the_call(tmp_path: Path) -> None:
    """With the file of a similar name; a pipe is not waited for."""
    (tmp_path / "redirects.csv").write_text("/a,/b\n")
    routes = tmp_path / "routes.py"
    routes.write_text(ROUTES.format(name="redirect.csv"))
    with pytest.raises(RoutesError, match=r'routes.py:3: .*no such file; did you mean "redirects.csv"'):
        load(routes)
    os.mkfifo(tmp_path / "pipe.csv")
    for name in ("pipe.csv", "."):
        routes.write_text(ROUTES.format(name=name))
        with pytest.raises(RoutesError, match=r"routes.py:3: .*cannot be read"):
            load(routes)


def test_paths_count_from_the_routes_file_and_rules_have_the_lines_of_the_table(tmp_path: Path) -> None:
    """Wherever the command runs."""
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "old.csv").write_text("from,to\n/a,/b\n")
    routes = tmp_path / "routes.py"
    routes.write_text(ROUTES.format(name="tables/old.csv"))
    (rule,) = load(routes).rule_set.rules
    source = rule.source
    assert source is not None
    assert (Path(source.file), source.line) == (tmp_path / "tables" / "old.csv", 2)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("/a,/b\n/A/,/c", 2, r'"/A" appears twice: .*:1 comes first'),
        ("/a/*,/b\n/a/x,/c", 2, r'"/a/x" never acts'),
        ("/a/*,/b\n/a/x/:id,/c", 2, "never acts"),
        ("/a/:id,/b\n/a/:name,/c", 2, "never acts"),
        ("/a/:id,/b\n/a/x,/c", 2, "never acts"),
        ("/a,/b\n/a,/c,,shop.example", 2, "appears twice"),
        ("/a,/b\n/a?x=1,/c", 2, "appears twice"),
        (r"/*,/b" + "\n/a,/c", 2, "never acts"),
    ],
)
def test_lines_that_never_act_are_warned_of(text: str, line: int, message: str, tmp_path: Path) -> None:
    """Duplicates, and lines after a more general one."""
    router = site(tmp_path, text)
    (found,) = router.noted
    assert (found.code, found.source and found.source.line) == ("redirect-shadowed", line)
    assert re.search(message, found.message)


@pytest.mark.parametrize(
    "text",
    [
        "/a/x,/c\n/a/*,/b",
        "/a,/b,,shop.example\n/a,/c",
        "/a?x=1,/b\n/a,/c",
        "/a?x=1,/b\n/a?x=2,/c",
        r"/a/:id(\d+),/b" + "\n/a/x,/c",
        "/a/*,/b\n/ab,/c",
        "/docs,/docs/\n/docs/,/x",
    ],
)
def test_lines_that_act_are_not_warned_of(text: str, tmp_path: Path) -> None:
    """A special line before a general one, another host, another query."""
    assert site(tmp_path, text).noted == ()


def test_loops_are_reported_at_the_line_of_the_table(tmp_path: Path) -> None:
    """By what tries all rules with requests."""
    (tmp_path / "redirects.csv").write_text("/a,/b\n/b,/c\n/c,/a\n")
    routes = tmp_path / "routes.py"
    routes.write_text(ROUTES.format(name="redirects.csv"))
    found = [warning for warning in load(routes).warnings if warning.code == "redirect-loop"]
    assert [Path(warning.source.file).name for warning in found if warning.source] == ["redirects.csv"]


def test_chains_are_found_by_lint_at_the_line_of_the_table(tmp_path: Path) -> None:
    """A visitor waits for each redirect."""
    router = site(tmp_path, "/a,/b\n/b,/c\n")
    found = lint(RuleSet(rules=router.rules), checks=chosen_checks(select=["lint/redirect-chain"]))
    assert [finding.diagnostic.source and finding.diagnostic.source.line for finding in found] == [1]


def test_a_request_is_compared_with_few_lines_of_a_long_table() -> None:
    """Whatever the length of the table."""
    lines = [(f"/old/{number}.html", "/new") for number in range(1000)]
    patterns = [(f"/team-{number}/:id", "/people/:id") for number in range(1000)]
    evaluator = Evaluator(Router().redirects([*lines, *patterns, ("/rest/*", "/:splat")]))
    for path in ("/old/7.html", "/team-7/ann", "/rest/a/b", "/other"):
        assert len(evaluator.candidates(path, "GET")) <= 1


@pytest.mark.parametrize(
    "table",
    [5, None, [("/a",)], [("/a", "/b", 301, "", "", "")], [("/a", True)], {"/a": None, 1: 2}, "", "\0"],
)
def test_what_is_not_a_table_is_an_error_at_the_call(table: object) -> None:
    """Never a traceback."""
    with pytest.raises(RuleError) as caught:
        Router().redirects(table)  # type: ignore[arg-type]
    assert all(found.source is not None for found in caught.value.diagnostics)


@pytest.mark.parametrize(
    "options", [{"status_code": 300}, {"status_code": "301"}, {"keep_query": 1}, {"host": "a b"}]
)
def test_wrong_options_are_errors(options: dict[str, object]) -> None:
    """At the call."""
    with pytest.raises(HelperError):
        Router().redirects({"/a": "/b"}, **options)  # type: ignore[arg-type]


def test_lines_become_plain_rules() -> None:
    """The last rule is the first line; a target needs to know nothing of tables."""
    assert compile_rules(Router().redirects([("/a", "/b"), ("/c", "/d", 302, None, "drop")])) == [
        {
            "if": [
                {"==": [{"request": "path"}, "/c"]},
                {"url": {"url_redirect": {"code": 302, "destination": "/d"}}},
            ]
        },
        {
            "if": [
                {"==": [{"request": "path"}, "/a"]},
                {"url": {"url_redirect": {"code": 301, "destination": "/b%{is_args}%{query_string}"}}},
            ]
        },
    ]


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(alphabet='/:*?#,"\n\r;\tafromt(){}\\%é ', max_size=120).map(str.encode),
    ),
    st.sampled_from(["redirects.csv", "_redirects"]),
)
def test_no_file_gives_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    """Whatever is in it: rules, or errors with a code and a line of the file."""
    file = tmp_path_factory.getbasetemp() / name
    file.write_bytes(content)
    with gather() as problems:
        router = Router().redirects(file)
    lines = content.count(b"\n") + content.count(b"\r") + 1
    assert all(found.source and 1 <= found.source.line <= lines for found in problems)
    Evaluator(router).evaluate(Request("/a"))


SEGMENTS = st.sampled_from(["a", "b", "cd", "a-b", "e.html"])
PATHS = st.lists(SEGMENTS, min_size=1, max_size=3).map(lambda parts: "/" + "/".join(parts))
FROM = st.one_of(
    PATHS,
    PATHS,
    st.tuples(PATHS, st.sampled_from(["/*", "/:id", "/:id/b"])).map("".join),
    st.sampled_from(["/*", "/:id", "/:x/:y"]),
)
TABLES = st.lists(
    st.tuples(FROM, st.sampled_from(["", "shop.example"]), st.sampled_from(["keep", "drop"])), max_size=12
)


def reference(lines: list[tuple[str, str, str]], host: str, path: str, query: str) -> str | None:
    """The first line that matches, read one by one."""
    for number, (start, wanted, keeps) in enumerate(lines):
        if wanted and wanted != host:
            continue
        parts, given = start.split("/")[1:], path.split("/")[1:]
        if parts[-1] == "*":
            matches = given[: len(parts) - 1] == parts[:-1]
        else:
            matches = len(parts) == len(given) and all(
                part.startswith(":") or part == segment for part, segment in zip(parts, given, strict=True)
            )
        if matches:
            return f"/to/{number}" + (f"?{query}" if query and keeps == "keep" else "")
    return None


@settings(max_examples=300, deadline=None)
@given(
    TABLES,
    st.lists(st.tuples(PATHS, st.sampled_from(["", "x=1"])), min_size=1, max_size=6),
    st.sampled_from(["shop.example", "other.example"]),
)
def test_tables_do_what_their_lines_say_one_after_another(
    lines: list[tuple[str, str, str]], requests: list[tuple[str, str]], host: str
) -> None:
    """Evaluated by the index, a table gives what reading it from the top gives."""
    table = [
        (start, f"/to/{number}", None, wanted, keeps) for number, (start, wanted, keeps) in enumerate(lines)
    ]
    evaluator = Evaluator(Router().redirects(table))
    asked = [*requests, *((start.replace("*", "b").replace(":", ""), "") for start, _, _ in lines)]
    for path, query in asked:
        url = f"https://{host}{path}" + (f"?{query}" if query else "")
        redirect = evaluator.evaluate(Request(url)).redirect
        assert (redirect and redirect.location) == reference(lines, host, path, query)
