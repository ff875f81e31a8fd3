"""CDN rules as typed, tested Python, and pages that are already there when the user clicks.

A team keeps a ``routes.py``:

    >>> from prefetchrouter import Router
    >>> router = Router().match("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})

and ``python -m prefetchrouter build`` compiles it. Names load when they are first used, so importing
the package costs next to nothing.
"""

from __future__ import annotations

import importlib
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prefetchrouter.authoring.body import RuleBody
    from prefetchrouter.authoring.cache_key import CacheKey
    from prefetchrouter.authoring.criteria import Criteria, and_, exact, not_, or_, raw
    from prefetchrouter.authoring.loader import load
    from prefetchrouter.authoring.route import Route
    from prefetchrouter.authoring.router import Plugin, Router
    from prefetchrouter.browser_view.evaluation import evaluate_in_browser
    from prefetchrouter.errors import (
        Diagnostic,
        LoadError,
        OutputError,
        PrefetchRouterError,
        RequestError,
        RoutesError,
        RuleError,
    )
    from prefetchrouter.evaluation import Decision, Evaluator, evaluate
    from prefetchrouter.explanation import Explanation, explain
    from prefetchrouter.http.message import Request
    from prefetchrouter.output.build import Build, build
    from prefetchrouter.rules.duration import Duration
    from prefetchrouter.rules.features import (
        Access,
        Caching,
        Client,
        Features,
        Headers,
        Logs,
        Mtls,
        Nel,
        Response,
        Url,
    )
    from prefetchrouter.rules.pattern import PathPattern
    from prefetchrouter.rules.property import Host, Hostname, Location, Origin, Property
    from prefetchrouter.rules.rule_json import compile_rules
    from prefetchrouter.rules.rule_set import RuleSet
    from prefetchrouter.rules.size import Size
    from prefetchrouter.rules.typed import CachingDict, FeaturesDict
    from prefetchrouter.source import Source

_HOMES = {
    "output.build": ("Build", "build"),
    "authoring.cache_key": ("CacheKey",),
    "browser_view.evaluation": ("evaluate_in_browser",),
    "rules.rule_json": ("compile_rules",),
    "authoring.criteria": ("Criteria", "and_", "exact", "not_", "or_", "raw"),
    "errors": (
        "Diagnostic", "LoadError", "OutputError", "PrefetchRouterError", "RequestError", "RoutesError",
        "RuleError",
    ),
    "evaluation": ("Decision", "Evaluator", "evaluate"),
    "explanation": ("Explanation", "explain"),
    "http.message": ("Request",),
    "authoring.loader": ("load",),
    "authoring.route": ("Route",),
    "authoring.router": ("Plugin", "Router"),
    "rules.duration": ("Duration",),
    "rules.features": (
        "Access", "Caching", "Client", "Features", "Headers", "Logs", "Mtls", "Nel", "Response", "Url",
    ),
    "rules.pattern": ("PathPattern",),
    "rules.property": ("Host", "Hostname", "Location", "Origin", "Property"),
    "rules.rule_set": ("RuleSet",),
    "rules.size": ("Size",),
    "rules.typed": ("CachingDict", "FeaturesDict"),
    "source": ("Source",),
    "authoring.body": ("RuleBody",),
}  # fmt: skip
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Access",
    "Build",
    "CacheKey",
    "Caching",
    "CachingDict",
    "Client",
    "Criteria",
    "Decision",
    "Diagnostic",
    "Duration",
    "Evaluator",
    "Explanation",
    "Features",
    "FeaturesDict",
    "Headers",
    "Host",
    "Hostname",
    "LoadError",
    "Location",
    "Logs",
    "Mtls",
    "Nel",
    "Origin",
    "OutputError",
    "PathPattern",
    "Plugin",
    "PrefetchRouterError",
    "Property",
    "Request",
    "RequestError",
    "Response",
    "Route",
    "Router",
    "RoutesError",
    "RuleBody",
    "RuleError",
    "RuleSet",
    "Size",
    "Source",
    "Url",
    "and_",
    "build",
    "compile_rules",
    "evaluate",
    "evaluate_in_browser",
    "exact",
    "explain",
    "load",
    "not_",
    "or_",
    "raw",
]


_RENAMED = {"Target": "RuleBody"}
"""Names of the last release that still work, with a warning, and what to type instead."""


def __getattr__(name: str) -> object:
    if name in _RENAMED:
        message = f"prefetchrouter.{name} is now prefetchrouter.{_RENAMED[name]}; the old name goes away soon"
        warnings.warn(message, DeprecationWarning, stacklevel=2)
        return __getattr__(_RENAMED[name])
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
