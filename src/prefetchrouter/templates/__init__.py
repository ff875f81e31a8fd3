"""The templates that built files and pages are printed with."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


def _is_html(name: str | None) -> bool:
    """Return whether values are to be escaped; those of scripts are quoted before they get here."""
    return name is None or name.endswith(".html.j2")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("prefetchrouter", "templates"),
        autoescape=_is_html,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def template(name: str) -> Template:
    """Return a template by its file name.

    Example:
        >>> template("cache-manifest.js.j2").name
        'cache-manifest.js.j2'
    """
    return _environment().get_template(name)
