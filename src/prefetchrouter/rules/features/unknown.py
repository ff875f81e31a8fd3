"""Unknown names in a section, and the names that were probably meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from prefetchrouter.diagnostics import Fix
from prefetchrouter.errors import Diagnostic, did_you_mean, shown
from prefetchrouter.printable import PLAIN_KEY
from prefetchrouter.rules.feature_errors import Found, Problems, problems_of_line, wrong
from prefetchrouter.rules.features.fields import FeatureFacts

_NOT_A_MAPPING = ("model_type", "dict_type", "mapping_type")


@dataclass(frozen=True, slots=True)
class Known:
    """The names that a model has, and those of all sections.

    Args:
        section: The section's name; ``""`` for the features beside the sections, None for options.
        example: A mapping that the model takes; empty when there is no example.
        fields: Its fields by name.
        sections: The fields of every section.
    """

    section: str | None
    example: str
    fields: Mapping[str, FieldInfo]
    sections: Mapping[str, Mapping[str, FieldInfo]]


def problems_of_model(known: Known, error: ValidationError) -> Problems:
    """Return the problems of one model: pydantic gives the place, the model the valid names."""
    found: list[Found] = []
    for line in error.errors(include_url=False):
        if line["type"] == "extra_forbidden":
            found.append(((), unknown_feature(str(line["loc"][-1]), known, line["input"])))
        elif known.section == "origin" and type(line["input"]).__name__ == "Origin":
            hint = "this Origin is a part of the property: it describes a server"
            found.append(((), wrong(line["input"], 'a mapping, such as {"set_origin": "web"}', hint)))
        elif not line["loc"] and line["type"] in _NOT_A_MAPPING and known.example:
            found.append(((), wrong(line["input"], f"a mapping, such as {known.example}")))
        else:
            found.extend(problems_of_line(line))
    return Problems(found)


def unknown_feature(key: str, known: Known, value: object = None) -> Diagnostic:
    """Return the diagnostic for a name that a model does not have, with the likely cure."""
    what = "an option" if known.section is None else "a feature"
    home = f' of "{known.section}"' if known.section else ""
    names = list(known.fields)
    hint = _synonym(key, known, value) or _cure(key, known, names)
    expected = f"one of {', '.join(names)}" if hint is None and len(names) <= 15 else None
    if hint is None and expected is None:
        expected = "one of the names that docs/features.md lists"
    meant = re.fullmatch(r'did you mean "(\w+)"\?', hint or "")
    fix = Fix(key, meant[1]) if meant else None
    message = f"{shown(key)} is not {what}{home}"
    return Diagnostic("unknown-feature", message, expected=expected, hint=hint, fix=fix)


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
"""Names of the options of a cache key in other programs."""


def _synonym(key: str, known: Known, value: object) -> str | None:
    snake = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", key[:100]).replace("-", "_").lower()
    if snake in known.fields:
        return None
    if known.section is None:
        name = _CACHE_KEY.get(snake)
        return f'did you mean "{name}"?' if name in known.fields else None
    entry = _entry_elsewhere(key, snake, known, value)
    if entry is not None:
        home, text = entry
        return f"write {{{text}}}" if home == known.section else f"write {home}={{{text}}}"
    return None


def _entry_elsewhere(key: str, snake: str, known: Known, value: object) -> tuple[str, str] | None:
    """Return the section and the entry that a name of another program corresponds to, with its value."""
    is_plain = isinstance(value, str | int | list)
    shown_value = shown(value)
    if snake in ("redirect", "redirects") and isinstance(value, str):
        return "url", f'"url_redirect": {{"code": 301, "destination": {shown_value}}}'
    if snake in ("rewrite", "rewrites") and isinstance(value, str):
        destination = shown(f"{value}%{{is_args}}%{{query_string}}")
        rewrite = f'{{"source": "(.*)", "destination": {destination}, "syntax": "regexp"}}'
        return "url", f'"url_rewrite": [{rewrite}]'
    is_known = any(snake in fields for fields in known.sections.values())
    if known.section == "headers" and not is_known and isinstance(value, str) and PLAIN_KEY.fullmatch(key):
        return "headers", f'"set_response_headers": {{{shown(key)}: {shown_value}}}'
    if (
        snake == "header"
        and isinstance(value, dict)
        and all(isinstance(part, str) for part in value.values())
    ):
        entries = ", ".join(f"{shown(name)}: {shown(part)}" for name, part in value.items())
        return ("headers", f'"set_response_headers": {{{entries}}}') if entries else None
    home, name = _elsewhere(known).get(snake, ("", ""))
    return (home, f'"{name}": {shown_value}') if home and is_plain else None


def _elsewhere(known: Known) -> dict[str, tuple[str, str]]:
    """Return the names of features in other programs, each with the section and the name here."""
    return {
        word: (section, name)
        for section, fields in known.sections.items()
        for name, field in fields.items()
        for facts in field.metadata
        if isinstance(facts, FeatureFacts)
        for word in facts.elsewhere
    }


def _cure(key: str, known: Known, names: list[str]) -> str | None:
    snake = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", key[:100]).replace("-", "_").lower()
    if snake == known.section and snake:
        return f'remove the inner "{key}": write "{snake}": {known.example or "..."}'
    if snake in names:
        return f'did you mean "{snake}"?'
    if known.section is None:
        return did_you_mean(key, names)
    if snake and snake in known.sections:
        return f'"{snake}" is a separate section: write it beside "{known.section}"'
    homes = {name: home for home, fields in known.sections.items() for name in fields}
    if snake in homes:
        return f"{'it' if snake == key else shown(snake)} {_belongs(homes[snake])}"
    if hint := did_you_mean(key, names):
        return hint
    elsewhere = difflib.get_close_matches(snake, homes, n=1)
    return f'did you mean "{elsewhere[0]}"? It {_belongs(homes[elsewhere[0]])}' if elsewhere else None


def _belongs(home: str) -> str:
    return f'belongs in "{home}"' if home else "belongs beside the sections"
