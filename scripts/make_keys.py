"""Write src/prefetchrouter/catalog/keys.py: the key of every feature, with the type of its value.

Run it after a change to the feature models; a test fails while the file is older than the models.
"""

from __future__ import annotations

import collections.abc
import sys
from itertools import groupby
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from generating import formatted, main, type_text
from prefetchrouter.catalog.feature_specs import FEATURES, FeatureSpec
from prefetchrouter.rules.features import Section
from prefetchrouter.rules.node import FrozenDict

TARGET = Path(__file__).parent.parent / "src" / "prefetchrouter" / "catalog" / "keys.py"

HEAD = '''"""The key of every feature, with the type of its value: a key that is not here cannot be written.

Made by `scripts/make_keys.py` from the models in `prefetchrouter.rules.features`; change those.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from prefetchrouter.catalog.key import HeaderKey, Key, NamedKey, StatusKey

if TYPE_CHECKING:
    from prefetchrouter.rules.duration import Duration
    from prefetchrouter.rules.features import {models}
    from prefetchrouter.rules.size import Size
'''


def keys() -> str:
    """Return the text of keys.py, as the models say now."""
    models: set[str] = set()
    parts = []
    for section, specs in groupby(FEATURES.values(), lambda spec: spec.section):
        lines = (
            [f"class {section}:", f'    """The keys of the `{section}` section."""', ""] if section else []
        )
        indent = "    " if section else ""
        for spec in specs:
            if spec.merge == "none":
                continue
            kind = type(spec.key).__name__
            lines += [
                f'{indent}{spec.name}: Final[{kind}[{_types(spec, models)}]] = {kind}("{spec.key}")',
                f'{indent}"""{spec.summary}"""',
            ]
        parts.append("\n".join(lines))
    return formatted("\n\n".join([HEAD.format(models=", ".join(sorted(models))), *parts]), TARGET)


def _types(spec: FeatureSpec, models: set[str]) -> str:
    """Return the type of the merged value, and of one entry where there are entries."""
    if spec.merged is not None:
        return _written(spec.merged, models)
    kinds = [_unwrapped(kind) for kind in get_args(spec.field.annotation) if kind is not NoneType]
    plain = dict.fromkeys(part for kind in kinds for part in _parts(kind))
    entry = dict.fromkeys(
        value for part in plain if get_origin(part) is FrozenDict for value in _parts(get_args(part)[1])
    )
    match spec.merge:
        case "value":
            return _joined(plain, models)
        case "status" | "name":
            return f"Mapping[str, {_joined(entry, models)}], {_joined(entry, models)}"
        case "header":
            value = _joined(entry, models)
            return f"Mapping[str, {value} | tuple[{value}, ...]], {value}"
        case "added-header":
            return f"Mapping[str, tuple[{_joined(entry, models)}, ...]], tuple[{_joined(entry, models)}, ...]"
        case "header-names":
            return "tuple[str, ...], Literal[True]"
        case "none":
            raise ValueError(spec.key)


def _parts(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in {Union, UnionType} else (kind,)


def _unwrapped(kind: Any) -> Any:
    """Return a type without the checks of its values, and without the long forms beside the plain ones."""
    if get_origin(kind) is Annotated:
        return _unwrapped(get_args(kind)[0])
    parts = _parts(kind)
    if len(parts) == 1:
        return kind
    short = [part for part in map(_unwrapped, parts) if not _is_long_form(part)]
    return Union[tuple(short)]  # noqa: UP007


def _is_long_form(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Section) and "execute_on_shield" in kind.model_fields


def _joined(kinds: collections.abc.Iterable[Any], models: set[str]) -> str:
    return " | ".join(_written(kind, models) for kind in kinds)


def _written(kind: Any, models: set[str]) -> str:
    def noted(model: type[Section]) -> str:
        models.add(model.__name__)
        return model.__name__

    return type_text(kind, noted)


if __name__ == "__main__":
    sys.exit(main({TARGET: keys()}))
