"""From what pydantic found wrong with features to our coded diagnostics, each with a path and a cure.

A check inside a feature raises `Problems` (paths relative to its own value), pydantic collects them, and the
outermost call turns all of them into one `FeatureError`. No wording of pydantic reaches a user.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from prefetchrouter.errors import Diagnostic, FeatureError, RuleError, did_you_mean, shown

if TYPE_CHECKING:
    from prefetchrouter.rules.features.section import Section

Path = tuple[str | int, ...]
Found = tuple[Path, Diagnostic]

_PLAIN_KEY = re.compile(r"[-+\w.]{1,80}", re.ASCII)


class Problems(ValueError):
    """What is wrong inside one value, each problem with its path from there."""

    def __init__(self, found: Iterable[Found]) -> None:
        super().__init__("see the diagnostics")
        self.found = tuple(found)


_NOT_A_MAPPING = ("model_type", "dict_type", "mapping_type")

EXAMPLES = {
    "AccessFeatures": '{"deny_access": True}',
    "BandwidthThrottling": '{"kbytes_per_sec": 256}',
    "CacheKeyOptions": '{"include_query_params": ["page"]}',
    "CacheKeyQueryString": '{"include": ["page"]}',
    "CacheKeyRewrite": '{"source": "/img/(.*)", "destination": "/$1"}',
    "CachingFeatures": '{"max_age": "1h"}',
    "ClientFeatures": '{"quic": True}',
    "Features": '{"caching": {"max_age": "1h"}}',
    "HeadersFeatures": '{"set_response_headers": {"x-tier": "gold"}}',
    "LogsFeatures": '{"mask_client_subnet": True}',
    "Mtls": '{"forward_client_certificate_to_origin": True}',
    "Nel": '{"disabled": True}',
    "OriginFeatures": '{"set_origin": "web"}',
    "ResponseFeatures": '{"set_status_code": 410}',
    "TokenAuthDenialCode": '{"code": 403}',
    "TokenAuthKeys": '{"primary": "correct-horse"}',
    "UrlFeatures": '{"follow_redirects": True}',
    "UrlRedirect": '{"code": 301, "destination": "/new"}',
    "UrlRewrite": '{"source": "/a/(.*)", "destination": "/b/$1", "syntax": "regexp"}',
    "VideoSeekParameters": '{"seek_start": "from"}',
}
"""For each section, and each feature with options, a mapping that it takes."""

CHECK_ERRORS = (Problems, RuleError, ValidationError)
"""Everything that a check raises for a bad value."""


def problem(message: str, *, expected: str | None = None, hint: str | None = None) -> Problems:
    """Return a single problem of the value at hand."""
    return Problems([((), Diagnostic("feature-value", message, expected=expected, hint=hint))])


def feature_error(error: ValueError) -> FeatureError:
    """Return everything that `error` found as one error, each message with the path of the value in front."""
    return FeatureError(
        *(found.within(path_text(path)) if path else found for path, found in problems_in(error))
    )


def problems_in(error: ValueError) -> list[Found]:
    """Return the problems of an error raised by a check or by pydantic, in the order they were found."""
    match error:
        case Problems():
            return list(error.found)
        case RuleError():
            return [((), diagnostic) for diagnostic in error.diagnostics]
        case ValidationError():
            lines = error.errors(include_url=False)
            return [found for line in lines for found in _problems_of_line(line)]
        case _:
            return list(problem("this value cannot be read").found)


def problems_of_model(model: type[Section], error: ValidationError) -> Problems:
    """Return the problems of one model: pydantic says where, the model knows which names there are."""
    found: list[Found] = []
    for line in error.errors(include_url=False):
        if line["type"] == "extra_forbidden":
            found.append(((), unknown_feature(str(line["loc"][-1]), model, line["input"])))
        elif model.section_of == "origin" and type(line["input"]).__name__ == "Origin":
            hint = "this Origin is a part of the property: it describes a server"
            found.append(((), wrong(line["input"], 'a mapping, such as {"set_origin": "web"}', hint)))
        elif not line["loc"] and line["type"] in _NOT_A_MAPPING and model.__name__ in EXAMPLES:
            example = EXAMPLES[model.__name__]
            found.append(((), wrong(line["input"], f"a mapping, such as {example}")))
        else:
            found.extend(_problems_of_line(line))
    return Problems(found)


def path_text(path: Path) -> str:
    """Return a path as messages show it.

    Example:
        >>> path_text(("url", "url_rewrite", 0, "source"))
        'url.url_rewrite[0].source'
    """
    text = ""
    for part in path:
        if isinstance(part, int) or not _PLAIN_KEY.fullmatch(part):
            text += f"[{shown(part)}]"
        else:
            text += f".{part}" if text else part
    return text


def unknown_feature(key: str, model: type[Section], value: object = None) -> Diagnostic:
    """Return the diagnostic for a name that `model` does not have, with the likely cure."""
    what = "an option" if model.section_of is None else "a feature"
    home = f' of "{model.section_of}"' if model.section_of else ""
    names = list(model.model_fields)
    hint = _synonym(key, model, value) or _cure(key, model, names)
    expected = f"one of {', '.join(names)}" if hint is None and len(names) <= 15 else None
    if hint is None and expected is None:
        expected = "one of the names that docs/features.md lists"
    return Diagnostic("unknown-feature", f"{shown(key)} is not {what}{home}", expected=expected, hint=hint)


_SYNONYMS = {
    **dict.fromkeys(("ttl", "s_maxage", "edge_max_age", "max_age_seconds"), ("caching", "max_age")),
    **dict.fromkeys(("swr", "stale"), ("caching", "stale_while_revalidate")),
    **dict.fromkeys(("service_worker", "service_worker_seconds"), ("caching", "service_worker_max_age")),
    **dict.fromkeys(("browser_max_age", "browser_ttl"), ("caching", "client_max_age")),
    **dict.fromkeys(("no_cache", "no_store", "bypass"), ("caching", "bypass_cache")),
    **dict.fromkeys(("status", "status_code", "code"), ("response", "set_status_code")),
    **dict.fromkeys(("body", "response_body", "text"), ("response", "set_response_body")),
    **dict.fromkeys(("proxy", "backend", "upstream", "origin_name", "name"), ("origin", "set_origin")),
    **dict.fromkeys(("deny", "block", "forbid"), ("access", "deny_access")),
    **dict.fromkeys(("response_headers",), ("headers", "set_response_headers")),
    **dict.fromkeys(("request_headers",), ("headers", "set_request_headers")),
}
"""What features are called elsewhere: the section and the name here."""


_CACHE_KEY = {
    **dict.fromkeys(
        ("exclude_query_params", "ignore_query_params", "except", "exclude", "ignore"),
        "include_all_query_params_except",
    ),
    **dict.fromkeys(("query", "query_params", "params"), "include_query_params"),
    "headers": "include_headers",
    "cookies": "include_cookies",
    "host": "include_hostname",
}
"""What options of a cache key are called elsewhere."""


def _synonym(key: str, model: type[Section], value: object) -> str | None:
    snake = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", key[:100]).replace("-", "_").lower()
    if snake in model.model_fields:
        return None
    if model.section_of is None:
        name = _CACHE_KEY.get(snake)
        return f'did you mean "{name}"?' if name in model.model_fields else None
    entry = _entry_elsewhere(key, snake, model, value)
    if entry is not None:
        home, text = entry
        return f"write {{{text}}}" if home == model.section_of else f"write {home}={{{text}}}"
    return None


def _entry_elsewhere(key: str, snake: str, model: type[Section], value: object) -> tuple[str, str] | None:
    """Return the section and the entry that a name from elsewhere stands for, with the value that it has."""
    is_plain = isinstance(value, str | int | list)
    shown_value = shown(value)
    if snake in ("redirect", "redirects") and isinstance(value, str):
        return "url", f'"url_redirect": {{"code": 301, "destination": {shown_value}}}'
    if snake in ("rewrite", "rewrites") and isinstance(value, str):
        destination = shown(f"{value}%{{is_args}}%{{query_string}}")
        rewrite = f'{{"source": "(.*)", "destination": {destination}, "syntax": "regexp"}}'
        return "url", f'"url_rewrite": [{rewrite}]'
    is_known = any(snake in section.model_fields for section in model.sections.values())
    if (
        model.section_of == "headers"
        and not is_known
        and isinstance(value, str)
        and _PLAIN_KEY.fullmatch(key)
    ):
        return "headers", f'"set_response_headers": {{{shown(key)}: {shown_value}}}'
    if (
        snake == "header"
        and isinstance(value, dict)
        and all(isinstance(part, str) for part in value.values())
    ):
        entries = ", ".join(f"{shown(name)}: {shown(part)}" for name, part in value.items())
        return ("headers", f'"set_response_headers": {{{entries}}}') if entries else None
    home, name = _SYNONYMS.get(snake, ("", ""))
    return (home, f'"{name}": {shown_value}') if home and is_plain else None


def _cure(key: str, model: type[Section], names: list[str]) -> str | None:
    snake = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", key[:100]).replace("-", "_").lower()
    if snake == model.section_of and snake:
        return f'leave the inner "{key}" out: write "{snake}": {EXAMPLES.get(model.__name__, "...")}'
    if snake in names:
        return f'did you mean "{snake}"?'
    if model.section_of is None:
        return did_you_mean(key, names)
    if snake and snake in model.sections:
        return f'"{snake}" is a section of its own: write it beside "{model.section_of}"'
    homes = {name: home for home, section in model.sections.items() for name in section.model_fields}
    if snake in homes:
        return f"{'it' if snake == key else shown(snake)} {_belongs(homes[snake])}"
    if hint := did_you_mean(key, names):
        return hint
    elsewhere = difflib.get_close_matches(snake, homes, n=1)
    return f'did you mean "{elsewhere[0]}"? It {_belongs(homes[elsewhere[0]])}' if elsewhere else None


def _belongs(home: str) -> str:
    return f'belongs in "{home}"' if home else "belongs beside the sections"


def _problems_of_line(line: ErrorDetails) -> list[Found]:
    path: Path = line["loc"]
    if "error" in (context := line.get("ctx", {})):
        return [((*path, *deeper), found) for deeper, found in problems_in(context["error"])]
    value = line["input"]
    match line["type"]:
        case "missing":
            return [(path, Diagnostic("feature-value", "it is missing", expected="a value: it is required"))]
        case "model_type" | "dict_type" | "mapping_type":
            return [(path, wrong(value, "a mapping"))]
        case "invalid_key":
            return [((), Diagnostic("unknown-feature", f"{shown(value)} is not a name", expected="text"))]
        case _:
            return [(path, wrong(value, "another value"))]


def wrong(value: object, expected: str, hint: str | None = None) -> Diagnostic:
    """Return the diagnostic for a value of the wrong kind."""
    if value is None:
        hint = "leave the feature out to not set it"
    return Diagnostic(
        "feature-value", f"{shown(value)} is not a value it takes", expected=expected, hint=hint
    )
