"""Modules and public names that have moved: they keep working until the next minor release, with a warning.

A row of `MODULES` or `NAMES` is all that it takes; the warning says what to type instead, and points at the
line that uses the old name.
"""

from __future__ import annotations

import importlib
import sys
import warnings
from importlib.machinery import ModuleSpec

TYPE_CHECKING = False  # as checkers read it; `typing` takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

_PACKAGE = "prefetchrouter"

GONE_IN = "0.2"
"""The release that drops what is listed here."""

NAMES = {
    "prefetchrouter.Access": "prefetchrouter.AccessFeatures",
    "prefetchrouter.Caching": "prefetchrouter.CachingFeatures",
    "prefetchrouter.Client": "prefetchrouter.ClientFeatures",
    "prefetchrouter.Headers": "prefetchrouter.HeadersFeatures",
    "prefetchrouter.Logs": "prefetchrouter.LogsFeatures",
    "prefetchrouter.Target": "prefetchrouter.RuleBody",
    "prefetchrouter.Url": "prefetchrouter.UrlFeatures",
    "prefetchrouter.builder.BuiltFile": "prefetchrouter.targets.Artifact",
    "prefetchrouter.builder.json_text": "prefetchrouter.report.json_text.json_text",
    "prefetchrouter.freshness.Answer": "prefetchrouter.freshness.ReceivedResponse",
    "prefetchrouter.freshness.Lookup": "prefetchrouter.freshness.ClickOutcome",
    "prefetchrouter.freshness.Visit": "prefetchrouter.freshness.Circumstances",
    "prefetchrouter.rules.property.Host": "prefetchrouter.Host",
    "prefetchrouter.rules.property.Location": "prefetchrouter.Location",
    "prefetchrouter.rules.typed.CachingDict": "prefetchrouter.CachingDict",
    "prefetchrouter.rules.typed.FeaturesDict": "prefetchrouter.FeaturesDict",
}
"""Names that have another name or another home now, each with its package or module."""

MODULES = {
    "browsing": ("browser.links",),
    "builder": ("output.building",),
    "cache_key": ("authoring.cache_key",),
    "compiler": ("rules.rule_json", "rules.origin_names"),
    "criteria": ("authoring.criteria",),
    "failures": ("authoring.hints",),
    "freshness.dates": ("http.http_dates",),
    "helper_values": ("authoring.arguments",),
    "loader": ("authoring.loader",),
    "manifest": ("browser_view", "targets.manifest"),
    "names": ("browser.names",),
    "output.build": ("output.building",),
    "problems": ("authoring.collect",),
    "request_target": ("http.request_target",),
    "rewrites": ("authoring.rewrites",),
    "route": ("authoring.route",),
    "router": ("authoring.router",),
    "structured_fields": ("http.structured_fields",),
    "unlikely": ("likely_mistakes",),
    "url_text": ("http.url_text",),
}
"""Modules and packages that have another name now; where one was split, the modules that its names are in."""


def moved_name(package: str, name: str, *, depth: int = 1) -> object:
    """Return what an old name of a package stands for, with a warning.

    Args:
        package: The package.
        name: The name that it lacks.
        depth: How many calls above this one the line stands that the warning points at.

    Raises:
        AttributeError: The package never had such a name.
    """
    new = NAMES.get(f"{package}.{name}")
    if new is None:
        raise AttributeError(
            f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package]
        )
    home, _, new_name = new.rpartition(".")
    _warn(f"{package}.{name}", home, new_name, depth + 1)
    return getattr(importlib.import_module(home), new_name)


def warn_of_attribute(kind: str, old: str, new: str) -> None:
    """Warn that a class has another name for an attribute now; the property of the old name calls it.

    Args:
        kind: The class, such as ``"Artifact"``.
        old: The old name.
        new: What to write.
    """
    message = f"{kind}.{old} is now {kind}.{new}, and the old name goes in {GONE_IN}; write .{new}"
    warnings.warn(f"{_PACKAGE}.{message}", DeprecationWarning, stacklevel=3)


def _warn(old: str, home: str, name: str, depth: int) -> None:
    # Python looks twice for the name in "from package import name", first from within the import system.
    if sys._getframe(depth).f_code.co_filename != "<frozen importlib._bootstrap>":
        message = f"{old} is now {home}.{name}, and the old name goes in {GONE_IN}; "
        message += f"write: from {home} import {name}"
        warnings.warn(message, DeprecationWarning, stacklevel=depth + 1)


class _Finder:
    """Finds the modules of `MODULES`; it comes last in ``sys.meta_path``, so modules that exist go before."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how to load an old module, None for any other."""
        package, _, module = name.partition(".")
        homes = _homes(module) if package == _PACKAGE else ()
        if not homes:
            return None
        from importlib.util import find_spec  # not needed unless something old is imported

        found = [spec for home in homes if (spec := find_spec(home)) is not None]
        if not found:
            return None
        is_package = any(spec.submodule_search_locations for spec in found)
        return ModuleSpec(name, self, is_package=is_package)  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> None:
        """Let the import system make the module."""

    def exec_module(self, module: ModuleType) -> None:
        """Fill an old module: it has the names of the new ones, and warns of each that is used."""
        old = module.__name__
        homes = _homes(old.partition(".")[2])

        def __getattr__(name: str) -> object:
            if f"{old}.{name}" in NAMES:
                return moved_name(old, name, depth=2)
            for home in () if name.startswith("__") else filter(None, map(_existing, homes)):
                if hasattr(home, name):
                    value: object = getattr(home, name)
                    package = sys.modules[_PACKAGE]
                    is_public = name in dir(package) and getattr(package, name) is value
                    _warn(f"{old}.{name}", _PACKAGE if is_public else home.__name__, name, 2)
                    return value
            raise AttributeError(f"module {old!r} has no attribute {name!r}", name=name, obj=module)

        module.__dict__["__getattr__"] = __getattr__


def _homes(module: str) -> tuple[str, ...]:
    """Return the modules that an old one is in now; a module of an old package keeps its last name."""
    if module in MODULES:
        return tuple(f"{_PACKAGE}.{home}" for home in MODULES[module])
    package, dot, last = module.rpartition(".")
    return tuple(f"{home}.{last}" for home in _homes(package)) if dot else ()


def _existing(module: str) -> ModuleType | None:
    """Return a module, or None; of a package that was split, one part has it."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        return None


def find_moved_modules() -> None:
    """Let ``import`` find the modules of `MODULES`."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder())
