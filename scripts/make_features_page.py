"""Write docs/features.md: every feature, its value, its default and what it does, from the models.

Run it after a change to the feature models; a test fails while the page is older than the models.
"""

from __future__ import annotations

import inspect
import json
import sys
from pathlib import Path
from types import NoneType
from typing import get_args

from pydantic.fields import FieldInfo

from generating import main
from prefetchrouter.catalog import FEATURES
from prefetchrouter.rules import features
from prefetchrouter.rules.features import Section
from prefetchrouter.rules.features.text import Checked

TARGET = Path(__file__).parent.parent / "docs" / "features.md"

HEAD = """# Features

What a rule can do, section by section. Everything here can be written as a mapping
(`{"caching": {"max_age": "1h"}}`), as a model (`CachingFeatures(max_age="1h")`) or as keywords of `match`.
A feature that is not set keeps its default; "-" means that no default is documented. "Too late" is a
feature that acts before there is a response: under a condition on the response, as `catch` makes one, it has
no effect ([no-effect](errors/no-effect.md)).

Durations are one whole number and one unit: `s`, `m` (minutes), `h`, `d`, `w`, `y` (365 days). Sizes are
one whole number and `B`, `kB`, `MB`, `GB`, `TB` (powers of 1000) or `kiB`, `MiB`, `GiB`, `TiB` (powers
of 1024). Status codes are 100 to 599, and 888 and 893. The long form of a feature is a mapping that also
says whether an origin shield applies it: `{"value": True, "execute_on_shield": False}`, or with
`headers` in place of `value`.

Features in the manifest are the only ones that browsers get to see.

*This page is made by `scripts/make_features_page.py` from the models.*
"""
BESIDE = "Beside the sections"
OWN = "*(ours: the published rule schema does not have it)*"


def page() -> str:
    """Return the page, as the models say now."""
    order = sorted(Section.sections, key=lambda name: (name == "", name))
    parts = [
        HEAD,
        *(_section(name, Section.sections[name]) for name in order),
        "## Options of single features\n",
    ]
    options = inspect.getmembers(features, _is_options)
    return "\n".join([*parts, *(_options(model) for _, model in options)])


def _is_options(value: object) -> bool:
    return (
        inspect.isclass(value)
        and issubclass(value, Section)
        and value.section_of is None
        and value is not Section
    )


def _section(name: str, section: type[Section]) -> str:
    rows = [
        "| feature | value | default | manifest | `catch` | what it does |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for feature, field in section.model_fields.items():
        if feature in Section.sections:
            continue
        spec = FEATURES[f"{name}.{feature}" if name else feature]
        default = "-" if spec.default is None else f"`{json.dumps(spec.default)}`"
        listed = "yes" if spec.in_manifest else ""
        late = "too late" if spec.phase == "request" else ""
        what = f"{spec.summary} {OWN}" if spec.own else spec.summary
        rows.append(f"| `{feature}` | {_value(field)} | {default} | {listed} | {late} | {what} |")
    return "\n".join([f"## {name or BESIDE}\n", *rows, ""])


def _options(model: type[Section]) -> str:
    rows = ["| option | value | required | what it is |", "| --- | --- | --- | --- |"]
    for name, field in model.model_fields.items():
        rows.append(
            f"| `{name}` | {_value(field)} | {'yes' if field.is_required() else ''} | {field.description} |"
        )
    summary = (inspect.getdoc(model) or "").partition("\n")[0]
    return "\n".join([f"### {model.__name__}\n", f"{summary}\n", *rows, ""])


def _value(field: FieldInfo) -> str:
    """Return what a field takes, in words."""
    kinds = [field.annotation] if field.is_required() else get_args(field.annotation)
    extras = [*field.metadata, *(extra for kind in kinds for extra in get_args(kind)[1:])]
    forms = [extra.form for extra in extras if isinstance(extra, Checked)]
    models = [kind.__name__ for kind in kinds if inspect.isclass(kind) and kind is not NoneType]
    return forms[0] if forms else f"[{models[0]}](#{models[0].lower()})"


if __name__ == "__main__":
    sys.exit(main({TARGET: page()}))
