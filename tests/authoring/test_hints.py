"""The cure for a routes file that fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from prefetchrouter.authoring.loader import load
from prefetchrouter.errors import LoadError

RESPONSE = "from prefetchrouter import Response; Response"


def told(tmp_path: Path, code: str) -> tuple[str, str | None]:
    """Load a file and return the message and the cure."""
    file = tmp_path / "routes.py"
    file.write_text(f"from prefetchrouter import Router\n{code}\n", encoding="utf-8")
    with pytest.raises(LoadError) as caught:
        load(file)
    (found,) = caught.value.diagnostics
    assert found.code == "import-failed"
    assert found.source is not None
    assert found.source.line == 2
    return found.message, found.hint


@pytest.mark.parametrize(
    ("code", "cure"),
    [
        ("Router().forceHttps()", 'did you mean "force_https"?'),
        ("Router().macth('/a', {})", 'did you mean "match"?'),
        ("Router().elseif('/a', {})", 'did you mean "elif_"?'),
        ("Router().match('/a', lambda route: route.setOrigin('web'))", 'did you mean "set_origin"?'),
        ("Router().match('/a', lambda route: route.compute('f'))", "edge_function"),
        ("from prefetchrouter import Ruoter", 'did you mean "Router"?'),
        ("exact('/a')", "write: from prefetchrouter import exact"),
        ("Router().match('/a', caching={'bypass_cache': true})", "write True"),
        ("Router().match('/a', {caching: {}})", 'write it in quotes: "caching"'),
        ("import no_such_module", "install it, or put no_such_module.py beside the file"),
        ("Router().if('/a', {})", "write if_(...)"),
        ("Router().match(and('/a'), {})", "write and_(...)"),
        ("Router().match('/a', caching: {})", 'write "caching": ... in a mapping, caching=... in a call'),
        ("Router.match('/a', {'caching': {}})", "write Router().match(...)"),
        ("Router.match('/a', caching={})", "write Router().match(...)"),
        ("None.match('/a')", "return the router"),
        ("None.append('/a')", "run with --debug for the full traceback"),
        ("Router().match('/a', {}, {}, {})", "call match(criteria, features=None, /, **sections)"),
        ("Router({})", "call Router()"),
        (
            "from prefetchrouter import Response; Response(set_status_code=410)",
            "write ResponseFeatures(set_status_code=...)",
        ),
        ("from prefetchrouter import Response; Response(done=True)", "call Response(status=200, headers="),
        (
            "Router().match('/a', lambda route: route.add_features(caching={}))",
            "call add_features(features)",
        ),
        (
            "Router().match('/a', lambda route: route.cache(max_age=1))",
            "call cache(*, edge=None, browser=None,",
        ),
        ("Router().match('/a', lambda: None)", "a helper function takes one argument, the route"),
        ("Router().match('/a', lambda route, path: None)", "a helper function takes one argument, the route"),
        ("Router().use(Router)", "use(MyPlugin(...))"),
        ("(lambda: 1)(2)", "run with --debug for the full traceback"),
        ("1 / 0", "run with --debug for the full traceback"),
    ],
)
def test_the_likely_cure_is_proposed(code: str, cure: str, tmp_path: Path) -> None:
    """A spelling from elsewhere, a misspelled name or a missing import is recognised."""
    hint = told(tmp_path, code)[1]
    assert hint is not None
    assert cure in hint


def test_no_path_of_the_machine_is_reported(tmp_path: Path) -> None:
    """What Python adds about where a module is installed is left out."""
    assert (
        (told(tmp_path, "from prefetchrouter import Ruoter")[0])
        == "the file fails to run: cannot import name 'Ruoter' from 'prefetchrouter'"
    )


def test_a_method_that_nothing_resembles_is_reported_without_a_guess(tmp_path: Path) -> None:
    """A wild guess would be worse than none."""
    assert told(tmp_path, "Router().xyzzy()")[1] == "run with --debug for the full traceback"


def test_a_file_of_nearly_that_name_is_proposed(tmp_path: Path) -> None:
    """A misspelled file name is the likeliest reason for a missing file."""
    (tmp_path / "routes.py").touch()
    with pytest.raises(LoadError) as caught:
        load(tmp_path / "rotues.py")
    assert caught.value.diagnostics[0].hint == 'did you mean "routes.py"?'
