"""What to write in place of criteria that are wrong: as other routers, CDNs and languages have them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from prefetchrouter.authoring.criteria.criterion_values import NAMED, Exact, Joined, Not, Raw
from prefetchrouter.errors import shown
from prefetchrouter.rules.conditions import AllOf
from prefetchrouter.rules.foreign_syntax import quoted, regex, tests_of_query
from prefetchrouter.rules.header_syntax import bad_in_name
from prefetchrouter.rules.operators import OPERATORS
from prefetchrouter.rules.typed.features_dict import FeaturesDict
from prefetchrouter.rules.variables import names_in

_OTHER_CRITERIA = {
    **dict.fromkeys(
        ("url", "uri", "pathname", "route", "source", "pattern", "request_path"), '{{"path": {}}}'
    ),
    **dict.fromkeys(("host", "hostname", "domain"), '{{"headers": {{"host": {}}}}}'),
    **dict.fromkeys(("protocol",), '{{"scheme": "HTTPS"}}'),
    **dict.fromkeys(("status", "status_code"), '{{"response": {{"status_code": {}}}}}'),
    **dict.fromkeys(("country", "geo", "country_code"), '{{"location": {{"country": {}}}}}'),
    **dict.fromkeys(("methods", "http_method", "verb"), '{{"method": {}}}'),
    **dict.fromkeys(("params", "search", "query_params", "query_string", "searchParams"), '{{"query": {}}}'),
    **dict.fromkeys(("user_agent", "userAgent"), '{{"headers": {{"user-agent": {}}}}}'),
    **dict.fromkeys(("header", "request_headers"), '{{"headers": {}}}'),
    **dict.fromkeys(("cookie",), '{{"cookies": {}}}'),
    **dict.fromkeys(("referer", "referrer"), '{{"headers": {{"referer": {}}}}}'),
}
"""What other routers and CDNs call criteria, and how they are written here."""


def instead(key: object, value: object) -> str | None:
    """Return how to write an unknown criterion that another part of a rule expresses."""
    if not isinstance(key, str):
        return None
    if key in ("random", "pop_code"):
        return f'write raw({{"<": [{{"random": 99}}, 10]}}) or the like: "{key}" has no criterion'
    if key in ("and", "or") and isinstance(value, list | tuple) and value:
        return f"write {key}_({', '.join(map(code_of, value))})"
    if key in ("and", "or"):
        return f"write {key}_(..., ...) in place of the mapping"
    if key == "not" and isinstance(value, str | re.Pattern | list | Exact):
        return f"write not_({code_of(value)})"
    if key == "not" and isinstance(value, Mapping) and len(value) == 1:
        ((name, inner),) = value.items()
        return f'write {{"{name}": not_({code_of(inner)})}}'
    if key == "not":
        return "write not_(...) around each value"
    if key in _OTHER_CRITERIA:
        return f"write {_OTHER_CRITERIA[key].format(code_of(value))}"
    if key == "raw" or key in OPERATORS:
        return f'write raw({{"{"===" if key == "raw" else key}": [...]}}) in place of the mapping'
    if key == "ip":
        return f'write {{"client_ip": {code_of(value)}}}'
    if key == "edgeControlCriteria":
        return f"write raw({code_of(value)})"
    if key in ("has", "missing"):
        return "each is a separate criterion: headers, cookies or query, with not_(...) where it is missing"
    if key in FeaturesDict.__annotations__ and not isinstance(value, str):
        return f'"{key}" belongs to the features; criteria come first: match("/a", {key}=...)'
    home = next((home for home, namespace in NAMED.items() if key in names_in(namespace)), None)
    if home is None and "-" in key:
        home = "headers"
    return f'write {{"{home}": {{{quoted(key)}: {code_of(value)}}}}}' if home else None


_MONGO = {"not": "not_", "$not": "not_", "exact": "exact", "equals": "", "eq": "", "$eq": "", "is": ""}
_AS_REGEX = ("regex", "$regex", "match", "matches", "re", "pattern")
_AS_LIST = ("in", "$in", "one_of", "any", "or", "any_of")


def instead_of_nested(value: Mapping[object, object] | Joined | Raw) -> str | None:
    """Return, as code, the value that was probably meant by a mapping or by joined criteria."""
    if isinstance(value, Joined):
        return _opposite(value)
    if not isinstance(value, Mapping) or len(value) != 1:
        return None
    ((name, inner),) = value.items()
    if name in _MONGO and (code := code_of(inner)):
        return f"{_MONGO[str(name)]}({code})" if _MONGO[str(name)] else code
    if name in _AS_REGEX and isinstance(inner, str):
        return regex(inner)
    if name in _AS_LIST and isinstance(inner, list | tuple):
        return code_of(list(inner))
    return None


def _opposite(joined: Joined) -> str | None:
    """Return the negation of joined values, by De Morgan's laws."""
    if any(isinstance(member, Joined | Raw | Not | Mapping) for member in joined.members):
        return None
    name = "or_" if joined.kind is AllOf else "and_"
    return f"{name}({', '.join(f'not_({code_of(member)})' for member in joined.members)})"


_LONGEST = 400


def code_of(value: object) -> str:
    """Return criteria as Python code, shortened where they are too long or too deep.

    Example:
        >>> code_of(Not(["/a", Exact("/b")]))
        'not_(["/a", exact("/b")])'
    """
    try:
        code = _written(value)
    except Exception:  # values nested without end, a __repr__ that fails
        return shown(value)
    return code if len(code) <= _LONGEST and code.isprintable() else shown(value)


def _written(value: object) -> str:
    match value:
        case str():
            return quoted(value)
        case Exact(text=str(text)):
            return f"exact({quoted(text)})"
        case Not(value=inner):
            return f"not_({_written(inner)})"
        case re.Pattern(pattern=str(source)):
            return regex(source, ignore_case=bool(value.flags & re.I))
        case list() | tuple():
            return f"[{', '.join(map(_written, value))}]"
        case Mapping():
            return (
                "{" + ", ".join(f"{_written(name)}: {_written(part)}" for name, part in value.items()) + "}"
            )
        case Joined(kind=kind, members=members):
            return f"{'and_' if kind is AllOf else 'or_'}({', '.join(map(_written, members))})"
        case Raw(condition=condition):
            return f"raw({_written(condition)})"
        case _:
            return shown(value)


def instead_of_text(key: str, value: object) -> str | None:
    """Return the mapping that was probably meant by a text, such as ``q=1`` for the query.

    Example:
        >>> instead_of_text("query", "q=1"), instead_of_text("cookies", "session")
        ('write {"query": {"q": "1"}}', 'write {"cookies": {"session": re.compile(".+")}}')
    """
    if not isinstance(value, str) or not value:
        return None
    if key == "query":
        return f'write {{"query": {{{", ".join(tests_of_query(value.lstrip("?")))}}}}}'
    if key in ("headers", "cookies"):
        name, _, wanted = (part.strip() for part in value.partition(":" if key == "headers" else "="))
        if bad_in_name(name) is None:
            test = quoted(wanted) if wanted else 're.compile(".+")'
            return f'write {{"{key}": {{{quoted(name)}: {test}}}}}'
    return None
