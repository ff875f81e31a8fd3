"""The templates that built files are printed with."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("prefetchrouter", "templates"),
        autoescape=False,  # values are quoted before they get here
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
