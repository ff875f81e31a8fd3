"""Warnings about names of query parameters that look like patterns or lists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prefetchrouter.errors import Diagnostic, shown
from prefetchrouter.rules.features import Features
from prefetchrouter.rules.foreign_syntax import quoted

_KNOWN = {
    "utm_": ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id"),
    "mc_": ("mc_cid", "mc_eid"),
    "pk_": ("pk_campaign", "pk_kwd", "pk_source", "pk_medium", "pk_content"),
    "mtm_": ("mtm_campaign", "mtm_kwd", "mtm_source", "mtm_medium", "mtm_content"),
    "hsa_": ("hsa_acc", "hsa_cam", "hsa_grp", "hsa_ad", "hsa_src", "hsa_kw", "hsa_mt", "hsa_net", "hsa_ver"),
}
"""The parameters of web analytics tools, by prefix, so that a suggestion can list them."""

_LISTS = (
    ("cache_key", ("include_query_params", "include_all_query_params_except")),
    ("cache_key_query_string", ("include", "include_all_except")),
)
_PATTERN = re.compile(r"[*^$|\\()]|\.\+")
_SEVERAL = re.compile(r"[,;&\s]+")


def listed_parameters(features: Features) -> Iterator[Diagnostic]:
    """Return a warning for each name of a query parameter that is probably not a name.

    Example:
        >>> key = {"include_all_query_params_except": ["utm_*"]}
        >>> next(listed_parameters(Features(caching={"cache_key": key}))).message.partition(": ")[2]
        '"utm_*" is the name of one parameter, not a pattern'
    """
    if features.caching is None:
        return
    for option, lists in _LISTS:
        written = getattr(features.caching, option)
        for name in lists if written is not None else ():
            for entry in getattr(written, name) or ():
                found = odd_name(entry)
                if found is not None:
                    what, hint = found
                    yield Diagnostic(
                        "unlikely-value",
                        f"caching.{option}.{name}: {shown(entry)} {what}",
                        hint=hint,
                        severity="warning",
                    )


def odd_name(name: str) -> tuple[str, str] | None:
    """Return the problem of an unlikely parameter name, and what to write; None for a plain name.

    Example:
        >>> odd_name("page=1"), odd_name("ids[]")
        (('is the name of a parameter, without its value', 'write "page"'), None)
    """
    stem = re.match(r"\^?([A-Za-z_]+)(?:\.?[*+]|\.\*\$?|\(\.\*\))\$?$", name)
    if stem or (_PATTERN.search(name) and not name.endswith("[]")):
        known = _KNOWN.get(stem[1].lower()) if stem else None
        hint = f"write {', '.join(map(quoted, known))}" if known else "write each name"
        return "is the name of one parameter, not a pattern", hint
    if _SEVERAL.search(name.strip()):
        parts = [part for part in _SEVERAL.split(name) if part]
        return "is the name of one parameter", f"write {', '.join(map(quoted, parts))}"
    if "=" in name or name.startswith("?"):
        plain = name.lstrip("?").partition("=")[0]
        return "is the name of a parameter, without its value", f"write {quoted(plain)}"
    return None
