"""Loads a routes file in a fresh module, and points at the user's line when something fails."""

from __future__ import annotations

import importlib.util
import os
import sys
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

from prefetchrouter.analysis import site_warnings
from prefetchrouter.authoring.collect import gather
from prefetchrouter.authoring.local_imports import fresh_imports, place_in_package
from prefetchrouter.authoring.router import Router
from prefetchrouter.errors import (
    Diagnostic,
    LoadError,
    PrefetchRouterError,
    RoutesError,
    RuleError,
    did_you_mean,
)
from prefetchrouter.rules.features.section import Section
from prefetchrouter.rules.origin_names import check_origins
from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.rules.typed_property import UnsupportedConditions

if TYPE_CHECKING:
    from prefetchrouter.rules.property import Property

T = TypeVar("T")

_MODULE = "prefetchrouter_routes"


def _line(found: Diagnostic) -> tuple[str, int]:
    return (found.source.file, found.source.line) if found.source else ("", 0)


@dataclass(frozen=True)
class Routes:
    """What a routes file defines.

    Args:
        path: The file.
        rule_set: Its rules, with the property that it describes, if any.
        load_warnings: The warnings raised while the file ran.

    Example:
        >>> from pathlib import Path
        >>> from prefetchrouter import Router, RuleSet
        >>> routes = Routes(Path("routes.py"), RuleSet(rules=Router().get("/a", comment="a").rules), ())
        >>> routes.path.name, len(routes.rule_set.rules), routes.warnings
        ('routes.py', 1, ())
    """

    path: Path
    rule_set: RuleSet
    load_warnings: tuple[Diagnostic, ...]

    def listing_by(self, unsupported_conditions: UnsupportedConditions | None) -> Routes:
        """Return the same with another way to make the cache manifest; see `RuleSet.listing_by`."""
        return Routes(self.path, self.rule_set.listing_by(unsupported_conditions), self.load_warnings)

    @cached_property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """The warnings: of each rule, and of the rules together."""
        return (*self.load_warnings, *sorted(site_warnings(self.rule_set), key=_line))


def load(
    path: str | os.PathLike[str] = "routes.py",
    *,
    strict: bool = False,
    unsupported_conditions: UnsupportedConditions | None = None,
) -> Routes:
    """Return what a routes file defines; its own imports work, and each call loads it afresh.

    Args:
        path: The file; it defines one `Router`, and perhaps one `Property`.
        strict: Whether warnings are raised as errors are.
        unsupported_conditions: Overrides the setting of the property.

    Raises:
        LoadError: The file is missing or unreadable, fails to run, or does not define exactly one router.
        RoutesError: Rules in it are wrong; `diagnostics` has all errors, and then the warnings.

    Example:
        >>> load("no/such/routes.py")
        Traceback (most recent call last):
        prefetchrouter.errors.LoadError: no/such/routes.py: there is no such file; name the file, or \
begin one with "prefetchrouter init" [file-not-found]
    """
    file = Path(path)
    code = _read(file)
    with gather() as problems:
        module, failure = _run(file, code)
    if failure is not None:
        problems.extend(failure.diagnostics)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        kind = LoadError if isinstance(failure, LoadError) else RoutesError
        raise kind(*dict.fromkeys(errors), *_warnings(problems, module))
    router = _router(file, module)
    property = _only_property(file, module)
    try:
        check_origins(router.rules, property)
    except RuleError as error:
        raise type(error)(*error.diagnostics, *_warnings(problems, module)) from None
    rule_set = RuleSet(rules=router.rules, property=property).listing_by(unsupported_conditions)
    routes = Routes(file, rule_set, router.warnings)
    if strict and routes.warnings:
        raise RoutesError(*routes.warnings)
    return routes


def _warnings(problems: list[Diagnostic], module: ModuleType) -> list[Diagnostic]:
    """Return the warnings of a file that has errors, each once."""
    found = [problem for problem in problems if problem.severity == "warning"]
    for router in _defined(module, Router).values():
        if not router.is_nested:
            found += router.warnings
    return list(dict.fromkeys(found))


def _read(file: Path) -> str:
    try:
        return importlib.util.decode_source(file.read_bytes())
    except FileNotFoundError:
        raise LoadError.of("file-not-found", f"{file}: there is no such file", hint=_near(file)) from None
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise LoadError.of("file-unreadable", f"{file} cannot be read: {reason}") from None


def _near(file: Path) -> str:
    """Return the file of a similar name in the folder, if any."""
    there = sorted(path.name for path in file.parent.glob("*.py")) if file.parent.is_dir() else []
    return did_you_mean(file.name, there) or 'name the file, or begin one with "prefetchrouter init"'


def _run(file: Path, text: str) -> tuple[ModuleType, PrefetchRouterError | None]:
    module = ModuleType(_MODULE)
    module.__file__ = str(file.absolute())
    place_in_package(module, file.absolute())
    with fresh_imports(file.absolute()):
        sys.modules[_MODULE] = module
        try:
            # What the file prints is for people, not a part of the output. Should it change the folder, the
            # paths that messages show and --out names still begin where the command was called.
            with redirect_stdout(sys.stderr), chdir("."):
                exec(compile(text, module.__file__, "exec"), module.__dict__)
        except RuleError as error:
            return module, error
        except (Exception, SystemExit) as error:
            from prefetchrouter.authoring.hints import load_failure

            return module, load_failure(file, error)
        finally:
            del sys.modules[_MODULE]
    return module, None


def _router(file: Path, module: ModuleType) -> Router:
    found = _defined(module, Router)
    routers = {name: router for name, router in found.items() if not router.is_nested}
    if not routers:
        raise LoadError.of(
            "no-router",
            f"{file} defines no router",
            expected="a variable that holds one, as in router = Router().match(...)",
            hint=_function_of_that_name(module),
        )
    if len(routers) > 1:
        names = " and ".join(
            f"{name} (line {r.source.line if r.source else '?'})" for name, r in routers.items()
        )
        raise LoadError.of(
            "two-routers",
            f"{file} defines more than one router: {names}",
            expected="exactly one",
            hint="nest one in a rule of the other, or make it local to a function",
        )
    return next(iter(routers.values()))


def _function_of_that_name(module: ModuleType) -> str | None:
    found = next((name for name in ("router", "routes", "rules") if callable(vars(module).get(name))), None)
    return f"{found} is a function: call it, as in site = {found}()" if found else None


def _only_property(file: Path, module: ModuleType) -> Property | None:
    if not _defined(module, Section):
        return None
    from prefetchrouter.rules.property import Property  # most files describe none, and it takes some time

    properties = _defined(module, Property)
    if len(properties) > 1:
        raise LoadError.of(
            "two-properties",
            f"{file} describes more than one property: {', '.join(properties)}",
            expected="at most one",
        )
    return next(iter(properties.values()), None)


def _defined(module: ModuleType, kind: type[T]) -> dict[str, T]:
    """Return the module's variables of a kind, each object once."""
    found: dict[int, tuple[str, T]] = {}
    for name, value in vars(module).items():
        if isinstance(value, kind):
            found.setdefault(id(value), (name, value))
    return dict(found.values())
