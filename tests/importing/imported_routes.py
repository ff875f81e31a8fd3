"""What tests of importers share: the written file, run; a request, evaluated."""

from __future__ import annotations

from typing import Any

from prefetchrouter import Request, RuleSet, evaluate
from prefetchrouter.importing import Imported, routes_text


def rules_of(imported: Imported) -> RuleSet:
    """The rules of the written file, which is run as Python."""
    return run(routes_text(imported, "Imported"))


def run(text: str) -> RuleSet:
    """The rules of the text of a routes file."""
    names: dict[str, Any] = {}
    exec(compile(text, "routes.py", "exec"), names)
    return RuleSet(rules=names["router"].rules, property=names.get("site"))


def outcome(rules: RuleSet, url: str, **given: Any) -> tuple[object, ...]:
    """What a request gets: a redirect, or what the origin is asked for, and the status."""
    decision = evaluate(rules, Request(url, **given))
    if decision.redirect is not None:
        return "redirect", decision.redirect.status, decision.redirect.location
    return "origin", decision.origin, decision.path, decision.status
