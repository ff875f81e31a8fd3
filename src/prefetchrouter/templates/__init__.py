"""The templates that built files and pages are printed with."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from prefetchrouter.printable import printable

_MOST_SHOWN = 2000


def _is_html(name: str | None) -> bool:
    """Return whether values are to be escaped; those of scripts are quoted before they get here."""
    return name is None or name.endswith(".html.j2")


@pass_eval_context
def _one_line(context: EvalContext, value: object) -> object:
    """Return text as pages may show it; scripts and what is markup already are left as they are."""
    if context.autoescape and isinstance(value, str) and not isinstance(value, Markup):
        return printable(value, _MOST_SHOWN)
    return value


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("prefetchrouter", "templates"),
        autoescape=_is_html,
        undefined=StrictUndefined,
        finalize=_one_line,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def template(name: str) -> Template:
    """Return a template by its file name.

    Example:
        >>> template("starter_routes.py.j2").name
        'starter_routes.py.j2'
    """
    return _environment().get_template(name)
