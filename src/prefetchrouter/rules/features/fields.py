"""How the fields of a section are declared: every fact about a feature is written beside its type.

`prefetchrouter.catalog` reads it; completion in editors, docs, merging, the manifest and the tables of the
browser part are all derived from it.

Modules of sections do not postpone the evaluation of annotations: pydantic would then parse the text of each
type again whenever a program starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import Field, GetCoreSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema
from pydantic_core.core_schema import NullableSchema

from prefetchrouter.rules.variable_tables import Phase

T = TypeVar("T")

Merge = Literal["value", "status", "header", "added-header", "header-names", "name", "none"]
"""How the values that several rules give a feature become one.

``value``: the value of the last rule. ``status``: one value for each status code, the last rule's; a value
without a code is that of 200. ``header``: one value for each header, whose name is compared without case; the
values of a ``+name`` are all sent. ``added-header``: the values of each header are all sent.
``header-names``: the names of all rules together. ``name``: one value for each name. ``none``: nothing, since
it is about the rule and not about the request.
"""

Prefetching = Literal["set", "positive", "not-true"]
"""The value of a feature that lets browsers prefetch a URL: set, longer than zero, or not ``true``."""


@dataclass(frozen=True, slots=True)
class FeatureFacts:
    """The facts about a feature besides its type and summary; the arguments of `feature`."""

    example: object
    default: object
    phase: Phase
    merge: Merge
    merged: Any
    codes_from: str | None
    in_manifest: bool
    prefetching: Prefetching | None
    elsewhere: tuple[str, ...]
    own: bool


class _Given:
    """A field that may be left out, but takes no None."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        return cast("NullableSchema", schema)["schema"]


Given = Annotated[T | None, _Given()]
"""The type of a field that is None until it is written; None itself cannot be written."""


def feature(
    summary: str,
    *,
    example: object = True,
    default: object = None,
    phase: Phase = "response",
    merge: Merge = "value",
    merged: Any = None,
    codes_from: str | None = None,
    in_manifest: bool = False,
    prefetching: Prefetching | None = None,
    elsewhere: tuple[str, ...] = (),
    own: bool = False,
) -> Any:
    """Return the field of a feature.

    Args:
        summary: What it does, in one sentence.
        example: A value that it takes, as a user writes it.
        default: What an edge does when it is not set; None if nothing is documented.
        phase: ``"request"`` for a feature that acts before there is a response, so that a condition on the
            response would choose it too late: where a request goes, what the origin gets, what the cache key
            holds.
        merge: How the values of several rules become one.
        merged: The type of the merged value, where that is not what the field's type and `merge` say.
        codes_from: The feature of the same section whose status codes get a value without a code, beside 200.
        in_manifest: Whether browsers see it, in the cache manifest.
        prefetching: What it must be so that browsers may prefetch a URL; None if they do not look at it.
        elsewhere: Its names in other programs, for "did you mean".
        own: Whether it is an extension that the published rule schema does not have.
    """
    field = cast("FieldInfo", Field(default=None, description=summary))
    field.metadata.append(
        FeatureFacts(
            example, default, phase, merge, merged, codes_from, in_manifest, prefetching, elsewhere, own
        )
    )
    return field


def facts_of(field: FieldInfo) -> FeatureFacts:
    """Return the facts about a feature that stand beside its field."""
    return next(extra for extra in field.metadata if isinstance(extra, FeatureFacts))


def group(summary: str) -> Any:
    """Return the field of a section, which holds features."""
    return Field(default=None, description=summary)


def option(summary: str) -> Any:
    """Return the field of an option inside a feature."""
    return Field(default=None, description=summary)


def required(summary: str) -> Any:
    """Return the field of an option that must be given."""
    return Field(description=summary)
