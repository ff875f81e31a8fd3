"""Write src/prefetchrouter/rules/typed/: what editors complete and type checkers hold features to.

Run it after a change to the feature models; a test fails while they are older than the models.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable
from pathlib import Path

from generating import formatted, main, type_text
from prefetchrouter.rules import features
from prefetchrouter.rules.features.section import Section
from prefetchrouter.rules.rule_set_schema import accepted

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "src" / "prefetchrouter" / "rules" / "typed"

HEAD = '''"""What {what} look like as mappings, for editors and type checkers.

Made by `scripts/make_typed_dicts.py` from the models in `prefetchrouter.rules.features`; change those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Required, TypedDict
'''
# Each file needs only the ones before it, and the models that are made of those: so no import leads back.
FILES = {"options": "the options of features", "sections": "sections of features", "features": "features"}


def typed_dicts() -> dict[str, str]:
    """Return the text of each file, as the models say now."""
    models = [model for _, model in inspect.getmembers(features, _is_model)]
    return {file: _text(file, models) for file in FILES}


def _text(file: str, models: list[type[Section]]) -> str:
    dicts = "\n\n".join(_typed_dict(model, _or_model) for model in models if _file(model) == file)
    if file == "features":
        dicts += "\n\n" + _keywords(features.Features)
    words = set(re.findall(r"\w+", dicts))
    imports = []
    for model in models:
        if _file(model) == file:
            continue
        if model.__name__ in words:
            imports.append(f"    from {model.__module__} import {model.__name__}")
        if _dict_name(model) in words:
            home = f"prefetchrouter.rules.typed.{_file(model)}"
            imports.append(f"    from {home} import {_dict_name(model)}")
    if imports:
        imports = ["if TYPE_CHECKING:", *imports, ""]
    return formatted("\n".join([HEAD.format(what=FILES[file]), *imports, "", dicts]), TARGET / f"{file}.py")


def _file(model: type[Section]) -> str:
    if model.section_of is None:
        return "options"
    return "sections" if model.section_of else "features"


def _is_model(value: object) -> bool:
    return inspect.isclass(value) and issubclass(value, Section) and value is not Section


def _typed_dict(model: type[Section], written_as: Callable[[type[Section]], str]) -> str:
    summary = f"The keys of `{model.__name__}`, to annotate a mapping."
    lines = [f"class {_dict_name(model)}(TypedDict, total=False):", f'    """{summary}"""', ""]
    for name, field in model.model_fields.items():
        written = type_text(accepted(field), written_as)
        lines += [
            f"    {name}: {f'Required[{written}]' if field.is_required() else written}",
            f'    """{field.description}"""',
        ]
    return "\n".join(lines)


def _keywords(model: type[Section]) -> str:
    """Return the mapping for keywords: sections as mappings only, so that a checker names a misspelled key.

    Of a union with a model it would say only that the whole value has the wrong type.
    """
    _, _, rest = _typed_dict(model, _dict_name).partition("\n\n")
    name, summary = "FeatureKeywords", "The same as keywords: what is a model there is a mapping here."
    return f'class {name}(TypedDict, total=False):\n    """{summary}"""\n\n{rest}'


def _dict_name(model: type[Section]) -> str:
    """``CachingDict`` for `CachingFeatures`; ``FeaturesDict`` for `Features` itself."""
    return f"{model.__name__.removesuffix('Features') or model.__name__}Dict"


def _or_model(model: type[Section]) -> str:
    return f"{_dict_name(model)} | {model.__name__}"


if __name__ == "__main__":
    sys.exit(main({TARGET / f"{file}.py": text for file, text in typed_dicts().items()}))
