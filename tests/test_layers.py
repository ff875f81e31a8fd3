"""Imports point one way: the model knows no reader, nothing low imports something high, nothing is a cycle.

A new module finds its place in `LAYERS`; `docs/layout.md` tells what each of them is for.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import prefetchrouter

ROOT = Path(prefetchrouter.__file__).parent

LAYERS = (
    ("moved", "source", "version", "printable"),
    ("diagnostics",),
    ("errors", "browser", "public"),
    ("regex", "templates", "browser_support"),
    ("rules",),
    ("catalog",),
    ("http",),
    ("likely_mistakes",),
    ("freshness",),
    ("evaluation",),
    ("browser_view", "http_cache"),
    ("lowering",),
    ("speculation",),
    ("targets",),
    ("output", "analysis", "importing"),
    ("navigation",),
    ("simulation",),
    ("measurement", "lab"),
    ("static_site",),
    ("authoring",),
    ("report",),
    ("explanation",),
    ("comparison", "live_check"),
    ("lint",),
    ("edge",),
    ("engines",),
    ("installation",),
    ("testing",),
    ("cli",),
    ("__main__",),
)
"""Each may import what stands above it, and its own nothing line or below."""

EXCUSED = {
    (
        "prefetchrouter.authoring.hints",
        "prefetchrouter",
    ): "says which public names there are, and how to call them",
}
"""Imports that would be wrong elsewhere; with the reason. The package itself leads to all of its parts."""

HEIGHT = {name: height for height, names in enumerate(LAYERS) for name in names}
MODULES = {
    ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(ROOT.rglob("*.py"))
}


def imported(path: Path) -> Iterator[str]:
    """The modules of ours that a file imports, anywhere in it and for any purpose, those of types too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names if part_of(name.name) == "prefetchrouter")
            case ast.ImportFrom(level=level, module=module, names=names):
                assert level == 0, f"{path.name} has a relative import"
                if module is not None and part_of(module) == "prefetchrouter":
                    submodules = [f"{module}.{name.name}" for name in names]
                    yield from (found if found in MODULES else module for found in submodules)
            case ast.Call(
                func=ast.Attribute(attr="import_module") | ast.Name(id="import_module" | "__import__")
            ):
                called = [str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)]
                yield from (name for name in called if part_of(name) == "prefetchrouter")
            case _:
                pass


def part_of(module: str) -> str:
    """The package that a module belongs to."""
    return module.partition(".")[0]


def part(module: str) -> str:
    """The part of ours that a module belongs to; the package itself leads to all of them."""
    return module.split(".")[1] if "." in module else module


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import prefetchrouter", "prefetchrouter"),
        ("import os, prefetchrouter.authoring.router as r", "prefetchrouter.authoring.router"),
        ("from prefetchrouter import Router", "prefetchrouter"),
        ("from prefetchrouter import authoring", "prefetchrouter.authoring"),
        ("from prefetchrouter.authoring.router import Router", "prefetchrouter.authoring.router"),
        ("from prefetchrouter.rules import rule", "prefetchrouter.rules.rule"),
        ("def f():\n    if f:\n        from prefetchrouter import Router", "prefetchrouter"),
        ("class A:\n    import prefetchrouter.edge", "prefetchrouter.edge"),
        (
            "if TYPE_CHECKING:\n    from prefetchrouter.authoring.router import Router",
            "prefetchrouter.authoring.router",
        ),
        ("try:\n    import prefetchrouter.cli.build\nexcept ImportError: pass", "prefetchrouter.cli.build"),
        ("importlib.import_module('prefetchrouter.edge')", "prefetchrouter.edge"),
        ("__import__('prefetchrouter.edge')", "prefetchrouter.edge"),
    ],
)
def test_each_way_to_write_an_import_is_seen(tmp_path: Path, code: str, found: str) -> None:
    """In each place of a file."""
    (tmp_path / "module.py").write_text(code)
    assert list(imported(tmp_path / "module.py")) == [found]


def test_every_module_has_a_layer_and_imports_only_what_stands_above_it() -> None:
    """Within its own part it may import anything."""
    faults = [
        f"{part(name)} needs a place in LAYERS"
        for name in MODULES
        if "." in name and part(name) not in HEIGHT
    ]
    assert not faults
    for name, path in MODULES.items():
        for other in imported(path) if "." in name else ():
            is_above = part(other) in HEIGHT and HEIGHT[part(other)] < HEIGHT[part(name)]
            if part(other) != part(name) and not is_above and (name, other) not in EXCUSED:
                faults.append(f"{name} imports {other}")
    assert not faults


def test_each_excuse_is_needed() -> None:
    """None is left for an import that is gone."""
    assert all(other in imported(MODULES[name]) for name, other in EXCUSED)


def test_no_module_leads_back_to_itself() -> None:
    """Within a part neither, and not even by what only type checkers import."""
    graph = {name: set(imported(path)) - {name} for name, path in MODULES.items()}
    graph.pop("prefetchrouter")  # loads its names when they are used
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_the_model_imports_no_reader() -> None:
    """Rules are data: errors, sources, text, expressions and old names are all that they know."""
    known = {
        part(other)
        for name, path in MODULES.items()
        if name.startswith("prefetchrouter.rules")
        for other in imported(path)
    }
    assert known == {"rules", "diagnostics", "errors", "printable", "source", "regex", "moved"}


def test_nothing_imports_the_command_line() -> None:
    """But the program itself."""
    users = {
        part(name)
        for name, path in MODULES.items()
        if "." in name
        for other in imported(path)
        if part(other) == "cli" != part(name)
    }
    assert users == {"__main__"}


def test_a_target_knows_no_other_target() -> None:
    """Nor the registry that lists them: what two share is in the frame."""
    frame = {
        "artifact", "edge_rules", "field_patterns", "findings", "manifest_text", "origin_addresses",
        "page_navigation", "page_rules", "purge_tag", "quoting", "site_files", "support", "target",
        "used_forms", "uses", "value_forms",
    }  # fmt: skip
    for name, path in MODULES.items():
        own = name.split(".")[2] if name.startswith("prefetchrouter.targets.") else "registry"
        if own != "registry":
            used = {
                other.split(".")[2] for other in imported(path) if other.startswith("prefetchrouter.targets.")
            }
            assert used <= frame | ({own} - frame), name


def libraries(path: Path) -> set[str]:
    """The packages of others that a file imports."""
    outside = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            outside |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            outside.add(node.module.partition(".")[0])
    return outside - sys.stdlib_module_names - {"prefetchrouter"}


_IN_EXTRAS = (
    "prefetchrouter.edge",
    "prefetchrouter.importing.nginx_conf",
    "prefetchrouter.navigation.fast_lines",
    "prefetchrouter.lab",
)


def test_few_packages_are_needed() -> None:
    """Those of pyproject.toml with what they bring along; pytest for its plugin."""
    needed = {
        library
        for name, path in MODULES.items()
        # The edge, the lab, the readers of nginx and of large logs belong to extras.
        if not name.startswith(_IN_EXTRAS)
        for library in libraries(path)
    }
    assert needed <= {
        "pydantic",
        "pydantic_core",
        "parse",
        "jinja2",
        "markupsafe",
        "http_sf",
        "packaging",
        "shtab",
        "pytest",
        "wcwidth",
    }


def test_what_serves_is_at_the_rim() -> None:
    """Sockets, HTTP and TLS come from libraries, each in one place; the decisions of the edge need none."""
    users: dict[str, set[str]] = {}
    for name, path in MODULES.items():
        if name.startswith("prefetchrouter.edge."):
            for library in libraries(path) - {"jinja2"}:
                users.setdefault(library, set()).add(name.split(".")[2])
    assert users == {
        "aiohappyeyeballs": {"origins"},
        "cryptography": {"clients", "origins"},
        "httptools": {"clients", "origins"},
        "starlette": {"origins"},
        "trustme": {"clients"},
        "uvicorn": {"clients"},
        "uvloop": {"clients"},
        "watchfiles": {"running"},
    }


def test_the_decisions_of_the_edge_know_neither_clients_nor_origins() -> None:
    """Each part of the edge imports only from those named; who puts it all together is `running`."""
    shared = {"requests", "request_trace", "origin_client", "limits", "hosts", "descriptors"}
    allowed = {
        "policy": set(),
        "cache": {"policy"},
        "engine": {"cache", "policy"},
        "origins": set(),
        "clients": {"logging"},
        "logging": set(),
        "pages": {"cache", "policy", "logging"},
        "preview": {"pages", "policy"},
    }
    for name, path in MODULES.items():
        own = name.split(".")[2] if name.startswith("prefetchrouter.edge.") else ""
        if own in allowed:
            used = {
                other.split(".")[2] for other in imported(path) if other.startswith("prefetchrouter.edge.")
            }
            assert used <= allowed[own] | shared | {own}, name


LISTED = re.compile(r"(?<![\w`/.])(\w+\.py)\b")
"""A module in the list of a docstring; prose has names of files in backticks."""


def listed(folder: Path) -> list[str]:
    """The modules that a package's docstring lists; not the user's file that it speaks of."""
    docstring = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    return [name for name in LISTED.findall(docstring) if name != "routes.py"]


LISTING = sorted(path.parent for path in ROOT.rglob("__init__.py") if listed(path.parent))


@pytest.mark.parametrize("folder", LISTING, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_package_that_lists_its_modules_lists_each_of_them_once(folder: Path) -> None:
    """All of them, and none that is gone."""
    assert sorted(listed(folder)) == sorted(
        path.name for path in folder.glob("*.py") if path.stem != "__init__"
    )


def test_most_packages_list_their_modules() -> None:
    """Every part of the edge does, and so does every part that a reader enters first."""
    names = {str(path.relative_to(ROOT)) for path in LISTING}
    parts_of_the_edge = {f"edge/{path.parent.name}" for path in (ROOT / "edge").glob("*/__init__.py")}
    assert {"authoring", "evaluation", "lowering", "targets", "targets/nginx", "lint"} <= names
    assert parts_of_the_edge <= names
