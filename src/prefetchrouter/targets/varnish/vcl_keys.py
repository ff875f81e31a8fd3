"""Cache keys: which part of a query counts, and what else tells stored responses apart (E13)."""

from __future__ import annotations

import re

from prefetchrouter.browser_view.no_vary_search import no_vary_search
from prefetchrouter.http.request_target import loose_name, named_parameter
from prefetchrouter.lowering.parts import Parts
from prefetchrouter.lowering.readings import Reading
from prefetchrouter.rules.features import CacheKeyOptions, CacheKeyQueryString
from prefetchrouter.targets.varnish.vcl_fill import text
from prefetchrouter.targets.varnish.vcl_readings import parameter_name_regex, read
from prefetchrouter.targets.varnish.vcl_text import regex, string

QUERY = "req.http.pr_place"


def query_lines(options: CacheKeyOptions | CacheKeyQueryString) -> list[str] | None:
    """Return statements that leave of the query what counts, or None if the options say nothing of it.

    Args:
        options: `cache_key`, or the older `cache_key_query_string`.
    """
    if isinstance(options, CacheKeyOptions):
        include, leave_out = options.include_query_params, options.include_all_query_params_except
        none, whole = options.exclude_all_query_params, options.include_all_query_params
    else:
        include, leave_out, none, whole = (
            options.include,
            options.include_all_except,
            options.exclude_all,
            None,
        )
    if none:
        return [f'set {QUERY} = "";', _left_out(options)]
    if include:
        names = "|".join(_loose(loose_name(named_parameter(name))) for name in include)
        found = rf"(?:[^&]*;)?(?:{names})(?=[=&;\[]|%5B|$)"
        return _removing(rf"(?<![^&])(?!{found})[^&]*(?:&|$)")
    if leave_out:
        piece = (
            f"(?:{'|'.join(parameter_name_regex(named_parameter(name)) for name in leave_out)})(?:=[^&;]*)?"
        )
        return [*_removing(rf"(?<![^&]){piece}(?:;{piece})*(?:&|$)"), _left_out(options)]
    return [] if whole else None


def _left_out(options: CacheKeyOptions | CacheKeyQueryString) -> str:
    found = (
        no_vary_search(options, None)
        if isinstance(options, CacheKeyOptions)
        else no_vary_search(None, options)
    )
    return f"set req.http.pr_left_out = {string(found)};"


def arranging_lines(options: CacheKeyOptions) -> list[str]:
    """Return statements that bring what counts of the query into the order and letters that count."""
    lines = []
    if options.ignore_query_case:
        lines.append(f"set {QUERY} = std.tolower({QUERY});")
    if options.sort_query_params:
        lines.append(f'set {QUERY} = regsub(std.querysort("?" + {QUERY}), "^\\?", "");')
    return lines


def _removing(expression: str) -> list[str]:
    return [f'set {QUERY} = regsub(regsuball({QUERY}, {regex(expression)}, ""), "&\\z", "");']


def _loose(name: str) -> str:
    """Return the expression of all names that an origin may take for a parameter of this loose name."""
    made = ""
    for character in name:
        if character == "_":
            made += r"(?:%[0-9A-F]{2}|[^A-Za-z0-9%=&;\[-])"
        elif character.isalpha():
            made += f"[{character.upper()}{character}]"
        else:
            made += re.escape(character).replace("\\-", "-")
    return rf"(?:\+|%20)*{made}(?:\+|%20)*"


def part_lines(options: CacheKeyOptions, expressions: tuple[Parts, ...]) -> list[str]:
    """Return statements that append the further parts of a key."""
    lines = []
    for name in options.include_headers or ():
        found = read(Reading("header", name.lower()) if name.lower() != "host" else Reading("host-and-port"))
        if found.present == "false":
            continue
        before = string(f"\theader {name.lower()}=")
        set_it = f"set req.http.pr_key = req.http.pr_key + {before} + {found.value};"
        lines.append(set_it if found.present is None else f"if ({found.present}) {{ {set_it} }}")
        if name.lower() == "authorization":
            lines.append('if (req.http.Authorization) { set req.http.pr_keyed_by_user = "1"; }')
    for name in options.include_cookies or ():
        found = read(Reading("cookie", name))
        before = string(f"\tcookie {name}=")
        lines.append(
            f"if ({found.present}) {{ set req.http.pr_key = req.http.pr_key + {before} + {found.value}; }}"
        )
    lines += [
        f'set req.http.pr_key = req.http.pr_key + "\texpression " + {text(parts)};' for parts in expressions
    ]
    return lines
