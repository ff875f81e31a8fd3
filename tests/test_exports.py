"""The public names: written once, loaded when they are used, and each works as its name says."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

import prefetchrouter
from prefetchrouter.public import public_names

ROOT = Path(prefetchrouter.__file__).parent
NAMES = public_names("prefetchrouter")

USES: dict[str, str] = {
    "AccessDict": "Router().get('/a', access=AccessDict(deny_access=True))",
    "AccessFeatures": "Router().get('/a', access=AccessFeatures(deny_access=True))",
    "Build": "isinstance(build(Router()), Build)",
    "CacheKey": "Router().get('/a', lambda route: route.cache(key=CacheKey().add_header('accept')))",
    "CachingDict": "Router().get('/a', caching=CachingDict(max_age='1h'))",
    "CachingFeatures": "Router().get('/a', caching=CachingFeatures(max_age='1h'))",
    "ClientDict": "Router().get('/a', client=ClientDict(quic=True))",
    "ClientFeatures": "Router().get('/a', client=ClientFeatures(quic=True))",
    "Criteria": "get_args(Criteria | None)",
    "Decision": "isinstance(evaluate(Router(), Request('/a')), Decision)",
    "Diagnostic": "RuleError(Diagnostic('path', 'no such path', source=Source('routes.py', 1)))",
    "Duration": "Duration('1h').seconds == 3600",
    "Evaluator": "Evaluator(Router()).evaluate(Request('/a'))",
    "Explanation": "isinstance(explain(Router(), Request('/a')), Explanation)",
    "FeatureKeywords": "Router().get('/a', **FeatureKeywords(caching={'max_age': '1h'}))",
    "Features": "Router().get('/a', Features(comment='note'))",
    "FeaturesDict": "Router().get('/a', FeaturesDict(comment='note'))",
    "HeadersDict": "Router().get('/a', headers=HeadersDict(remove_response_headers=['server']))",
    "HeadersFeatures": "Router().get('/a', headers=HeadersFeatures(remove_response_headers=['server']))",
    "Host": "Origin(name='web', hosts=[Host(location='origin.shop.example')])",
    "Hostname": "Property(hostnames=[Hostname(hostname='www.shop.example')])",
    "LoadError": "issubclass(LoadError, PrefetchRouterError)",
    "Location": "Host(location=[Location(hostname='origin.shop.example', port=443)], scheme='https')",
    "LogsDict": "Router().get('/a', logs=LogsDict(mask_client_subnet=True))",
    "LogsFeatures": "Router().get('/a', logs=LogsFeatures(mask_client_subnet=True))",
    "Mtls": "Router().get('/a', mtls=Mtls(forward_client_certificate_to_origin=True))",
    "Nel": "Router().get('/a', nel=Nel(disabled=True))",
    "Origin": "Property(origins=[Origin(name='web', hosts=['origin.shop.example'])])",
    "OriginDict": "Router().get('/a', origin=OriginDict(set_origin='web'))",
    "OriginFeatures": "Router().get('/a', origin=OriginFeatures(set_origin='web'))",
    "OutputError": "issubclass(OutputError, PrefetchRouterError)",
    "PathPattern": "PathPattern('/pages/:id').match('/pages/1')",
    "Plugin": "get_args(Plugin | None)",
    "PrefetchRouterError": "issubclass(PrefetchRouterError, Exception)",
    "Property": "RuleSet(rules=(), property=Property(name='shop'))",
    "Request": "Request('/a', response=Response(404)).response.status == 404",
    "RequestError": "issubclass(RequestError, PrefetchRouterError)",
    "Response": "evaluate(Router().catch(404, comment='x'), Request('/a', response=Response(404)))",
    "ResponseDict": "Router().get('/a', response=ResponseDict(set_status_code=410))",
    "ResponseFeatures": "Router().get('/a', response=ResponseFeatures(set_status_code=410))",
    "Route": "Router().get('/a', lambda route: isinstance(route, Route) and route.set_comment('note'))",
    "Router": "Router().get('/a', comment='note')",
    "Routes": "Routes.__doc__",
    "RoutesError": "issubclass(RoutesError, PrefetchRouterError)",
    "RuleBody": "get_args(RuleBody | None)",
    "RuleError": "issubclass(RuleError, PrefetchRouterError)",
    "RuleSet": "RuleSet.from_json(compile_rules(Router().get('/a', comment='note')))",
    "Size": "Size('1MB').bytes == 1000 ** 2",
    "Source": "Source('routes.py', 3)",
    "UrlDict": "Router().get('/a', url=UrlDict(follow_redirects=True))",
    "SpeculationFeatures": "Router().get('/a', speculation=SpeculationFeatures(eagerness='eager'))",
    "UrlFeatures": "Router().get('/a', url=UrlFeatures(follow_redirects=True))",
    "and_": "Router().match(and_('/a', {'method': 'GET'}), comment='note')",
    "build": "build(Router()).files",
    "compile_rules": "compile_rules(Router().get('/a', comment='note'))",
    "evaluate": "evaluate(Router(), Request('/a')).rules == ()",
    "evaluate_in_browser": "evaluate_in_browser(Router(), Request('/a')).rules == ()",
    "exact": "Router().match({'path': exact('/a:b')}, comment='note')",
    "explain": "explain(Router(), Request('/a'))",
    "load": "load(ROUTES).rule_set",
    "not_": "Router().match(not_('/a'), comment='note')",
    "or_": "Router().match(or_('/a', '/b'), comment='note')",
    "raw": "Router().match(raw({'===': [{'request': 'path'}, '/a']}), comment='note')",
}
"""Each public name, used in the way that its name and the messages suggest."""


def python(code: str) -> str:
    """What a fresh interpreter prints."""
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def packages() -> Iterator[tuple[str, Path]]:
    """The packages, with their folders."""
    for file in sorted(ROOT.rglob("__init__.py")):
        yield ".".join(file.parent.relative_to(ROOT.parent).parts), file.parent


def test_each_public_name_works_as_its_name_and_the_messages_suggest() -> None:
    """`Request(response=Response(404))` failed while the public `Response` held features."""
    names: dict[str, Any] = {"get_args": get_args, "ROUTES": Path(__file__).parents[1] / "examples/routes.py"}
    exec("from prefetchrouter import *", names)
    assert sorted(USES) == sorted(NAMES)
    for name, code in USES.items():
        assert re.search(rf"\b{name}\b", code)
        assert eval(code, names) is not None, code


def test_no_two_public_things_share_a_word() -> None:
    """A name in two packages is one thing, and no module takes the place of a name that loads when used."""
    seen: dict[str, object] = {}
    for package, folder in packages():
        module = importlib.import_module(package)
        for name in set(getattr(module, "__all__", ())) - {"Answer"}:  # of tests, and of HTTP: to be renamed
            value = getattr(module, name)
            assert seen.setdefault(name, value) is value, f"{package}.{name} is another thing elsewhere"
            hides = (folder / f"{name}.py").exists() and (folder / "__init__.pyi").exists()
            assert not hides, f"{package}.{name} is a module too"


@pytest.mark.parametrize("package", ["prefetchrouter", "prefetchrouter.testing"])
def test_the_list_of_names_holds_nothing_else(package: str) -> None:
    """Lines of one shape, in order, so that type checkers, editors and `public_names` read the same."""
    stub = Path(importlib.import_module(package).__file__ or "").with_suffix(".pyi")
    lines = [line for line in stub.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    found = {}
    for line in lines:
        (node,) = ast.parse(line).body
        assert isinstance(node, ast.ImportFrom)
        (alias,) = node.names
        assert alias.name == alias.asname
        found[alias.name] = f"{package}.{node.module}"
    assert found == public_names(package)
    assert len(found) == len(lines)


@pytest.mark.parametrize("package", ["prefetchrouter", "prefetchrouter.testing"])
def test_every_public_name_is_there_and_documented(package: str) -> None:
    """The object of its home module, with a docstring."""
    for name, home in public_names(package).items():
        value = getattr(importlib.import_module(package), name)
        assert value is getattr(importlib.import_module(home), name)
        assert value.__doc__


@pytest.mark.parametrize("name", ["Criteria", "Plugin", "RuleBody"])
def test_the_types_that_plugins_are_written_with_can_be_combined(name: str) -> None:
    """Also where annotations are evaluated, as without ``from __future__ import annotations``."""
    assert type(None) in get_args(getattr(prefetchrouter, name) | None)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match="module 'prefetchrouter' has no attribute 'Rooter'"):
        getattr(prefetchrouter, "Rooter")  # noqa: B009


def test_dir_lists_the_public_names_before_they_are_used() -> None:
    """Editors and shells ask it."""
    assert python("import prefetchrouter as p\nprint(set(p.__all__) <= set(dir(p)))") == "True\n"


def test_importing_the_package_imports_nothing_heavy() -> None:
    """Neither pydantic nor jinja2 nor typing, its own and modules the two that find names."""
    loaded = python("import sys, prefetchrouter\nprint(*sys.modules)").split()
    assert not {"pydantic", "pydantic_core", "jinja2", "parse", "typing", "ast"} & set(loaded)
    ours = [name for name in loaded if name.startswith("prefetchrouter")]
    assert sorted(ours) == ["prefetchrouter", "prefetchrouter.moved", "prefetchrouter.public"]


def test_a_star_import_gives_the_public_names() -> None:
    """No more, no fewer."""
    printed = python("names = {}\nexec('from prefetchrouter import *', names)\nprint(*sorted(names))")
    assert printed.split() == sorted(["__builtins__", *NAMES])


def test_the_package_is_typed() -> None:
    """PEP 561."""
    assert (ROOT / "py.typed").is_file()
