"""Loading a routes file: what it must define, its own imports, and everything that can be wrong with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from authoring.routes_files import GOOD, IMPORT, failure, write
from prefetchrouter import load
from prefetchrouter.errors import LoadError, PropertyError, RoutesError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_gives_its_rules_its_property_and_its_path() -> None:
    """Whatever the variables are called."""
    write(IMPORT + 'site = Property(name="shop")\nanything = Router().match("/a", {})\n')
    routes = load()
    assert (routes.path, len(routes.rule_set.rules)) == (Path("routes.py"), 1)
    assert routes.rule_set.property is not None
    assert routes.rule_set.property.name == "shop"


def test_a_file_need_not_describe_a_property() -> None:
    """Then nothing is around the rules."""
    write(GOOD)
    assert load().rule_set.property is None


@pytest.mark.parametrize("name", ["routes.py", "sites/shop.py", "my routes.py", "routes"])
def test_any_name_and_folder_will_do(name: str) -> None:
    """Relative or absolute, text or path."""
    write(GOOD, name)
    assert load(name) == load(Path(name))
    assert load(Path(name).absolute()).rule_set == load(name).rule_set


def test_warnings_come_with_the_rules() -> None:
    """With their lines."""
    write("import re\n" + IMPORT + 'router = Router().match(re.compile("(a+)+$"), {})\n')
    assert [str(found.source) for found in load().warnings] == ["routes.py:3"]


def test_one_router_under_two_names_is_one_router() -> None:
    """What counts is the object."""
    write(GOOD + "default = router\n")
    assert len(load().rule_set.rules) == 1


def test_a_router_that_is_nested_in_another_is_not_a_second_one() -> None:
    """It is a part of the other."""
    write(IMPORT + 'shop = Router().match("/b", {})\nrouter = Router().match("/a", shop)\n')
    assert len(load().rule_set.rules) == 1


def test_a_router_that_another_module_made_can_be_imported() -> None:
    """Where it was made does not matter."""
    write(GOOD, "shop.py")
    write("from shop import router\n")
    assert len(load().rule_set.rules) == 1


@pytest.mark.parametrize("text", ["", "x = 1\n", IMPORT, IMPORT + "def make():\n    return Router()\n"])
def test_a_file_without_router_is_reported_with_what_it_needs(text: str) -> None:
    """An example is part of the message."""
    error = failure(text)
    assert error.code == "no-router"
    assert "routes.py defines no router; expected a variable that holds one" in str(error)


def test_two_routers_are_named_with_their_lines() -> None:
    """And how one can become a part of the other."""
    error = failure(GOOD + "other = Router()\n")
    assert error.code == "two-routers"
    assert "routes.py defines more than one router: router (line 2) and other (line 3)" in str(error)


def test_two_properties_are_named() -> None:
    """At most one."""
    error = failure(GOOD + "a = Property()\nb = Property(name='b')\n")
    assert error.code == "two-properties"
    assert "a, b" in str(error)


def test_a_file_that_is_not_there_is_reported_by_name() -> None:
    """As it was given."""
    error = failure(path="no/such.py")
    assert isinstance(error, LoadError)
    assert (error.code, str(error).split(";")[0]) == ("file-not-found", "no/such.py: there is no such file")


def test_a_folder_is_not_a_file() -> None:
    """The reason is the system's."""
    Path("routes.py").mkdir()
    assert failure().code == "file-unreadable"


@pytest.mark.parametrize("content", [b"\xff\xfe", "# ö".encode("latin-1")])
def test_a_file_that_is_not_utf_8_is_reported_as_such(content: bytes) -> None:
    """Python would guess."""
    Path("routes.py").write_bytes(content)
    error = failure()
    assert error.code == "file-unreadable"
    assert "it is not UTF-8 text" in str(error)


@pytest.mark.parametrize(
    "text, line",
    [
        ("router = Router(\n", 1),
        ("x = 1\n  y = 2\n", 2),
        (IMPORT + 'router = Router().match("/a", {}}\n', 2),
        ("x = 1\nx = '\n", 2),
        ("x = '\0'\n", None),
    ],
)
def test_a_file_that_is_not_python_is_reported_with_its_line(text: str, line: int | None) -> None:
    """Not as a traceback."""
    error = failure(text)
    assert isinstance(error, LoadError)
    assert error.code == "import-failed"
    assert line is None or str(error).startswith(f"routes.py:{line}: ")


@pytest.mark.parametrize(
    "statement",
    [
        "import no_such_module",
        "from prefetchrouter import Rooter",
        "1 / 0",
        "raise KeyError('x')",
        "raise SystemExit(3)",
        "exit()",
        "undefined",
        "def f(): f()\nf()",
        "assert False",
        "raise ExceptionGroup('several', [ValueError(1)])",
        "Router().no_such_call()",
        "Router().match()",
        "open('no such file')",
    ],
)
def test_whatever_a_file_raises_is_reported_with_its_line(statement: str) -> None:
    """The last line of the user's own that took part."""
    error = failure(IMPORT + "\n" + statement + "\n")
    assert isinstance(error, LoadError)
    assert (error.code, error.diagnostics[0].source is not None) == ("import-failed", True)
    assert str(error).startswith("routes.py:")
    assert str(Path.cwd()) not in str(error)


def test_a_failure_in_another_module_names_its_line() -> None:
    """Not that of the import."""
    write("def add(router):\n    return router.no_such_call\n", "pages.py")
    error = failure(IMPORT + "from pages import add\nadd(Router())\n")
    assert str(error.diagnostics[0].source) == "pages.py:2"


def test_a_failure_in_somebody_elses_package_names_the_users_line() -> None:
    """There is nothing to change in the package."""
    error = failure("import json\n\njson.loads('{')\n" + GOOD)
    assert str(error.diagnostics[0].source) == "routes.py:3"


def test_an_interrupt_is_not_a_failure_of_the_file() -> None:
    """The user wants to stop."""
    write("raise KeyboardInterrupt\n")
    with pytest.raises(KeyboardInterrupt):
        load()


# All problems together


def test_all_problems_of_a_file_are_reported_together_in_order() -> None:
    """Each with its line, and each once."""
    error = failure("""\
        from prefetchrouter import Router
        router = Router()
        router.match("/a/*", {})
        router.match("/b", caching={"max_age": "1hr"}, headers={"set_response_header": {}})
        router.match("/c", {})
        router.else_({})
        router.match({"pth": "/d"}, cachng={})
        for name in ["e", "e"]:
            router.match("/(", {})
    """)
    assert isinstance(error, RoutesError)
    assert [(found.code, found.source.line if found.source else None) for found in error.diagnostics] == [
        ("path-pattern", 3),
        ("duration", 4),
        ("unknown-feature", 4),
        ("chain-order", 6),
        ("unknown-criterion", 7),
        ("unknown-feature", 7),
        ("path-pattern", 9),
    ]


def test_problems_before_a_failure_are_reported_with_it() -> None:
    """They may be its cause."""
    error = failure(IMPORT + 'router = Router().match("/a/*", {})\n1 / 0\n')
    assert isinstance(error, LoadError)
    assert [found.code for found in error.diagnostics] == ["path-pattern", "import-failed"]


def test_a_model_that_is_wrong_ends_the_file_and_is_reported_with_the_rest() -> None:
    """There is no model to go on with."""
    error = failure(
        IMPORT + 'router = Router().match("/a/*", {})\nOrigin(name="a b")\nrouter.match("/b/*", {})\n'
    )
    assert isinstance(error, RoutesError)
    assert [found.code for found in error.diagnostics] == ["path-pattern", "property"]


def test_a_file_with_problems_is_not_asked_for_its_router() -> None:
    """What is wrong first comes first."""
    assert [found.code for found in failure(IMPORT + 'Router().match("/a/*", {})\n').diagnostics] == [
        "path-pattern"
    ]


def test_unknown_origins_are_problems_of_the_file() -> None:
    """Once any are described."""
    error = failure(
        IMPORT + 'site = Property(origins=[Origin(name="web")])\n'
        'router = Router().match("/a", origin={"set_origin": "wbe"})\n'
    )
    assert isinstance(error, PropertyError)
    assert str(error) == (
        'routes.py:3: set_origin: "wbe" is not an origin of the property; expected one of web; '
        'did you mean "web"? [unknown-origin]'
    )


def test_an_endless_recursion_in_a_file_is_a_failure_like_any_other() -> None:
    """In its own process, with the default limit."""
    write(IMPORT + "def helper(route):\n    helper(route)\nrouter = Router().match('/a', helper)\n")
    finished = subprocess.run(
        [sys.executable, "-m", "prefetchrouter", "build"], capture_output=True, encoding="utf-8", timeout=60
    )
    assert finished.returncode == 2
    assert "routes.py:3: error: the file fails to run: RecursionError" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_a_chain_of_calls_that_python_does_not_compile_is_reported_with_a_cure() -> None:
    """The calls are fine one by one."""
    calls = "".join(f"    .match('/{number}', {{}})\n" for number in range(3000))
    error = failure(IMPORT + f"router = (\n    Router()\n{calls})\n")
    assert error.code == "import-failed"
    assert "about a thousand calls in one chain" in str(error)


@pytest.mark.parametrize("prefix", [b"\xef\xbb\xbf", b"# -*- coding: latin-1 -*-\n# \xe4\n"])
def test_the_file_may_have_any_encoding_that_python_reads(prefix: bytes) -> None:
    """A byte order mark, or one that it declares."""
    Path("routes.py").write_bytes(prefix + GOOD.encode())
    assert len(load().rule_set.rules) == 1
