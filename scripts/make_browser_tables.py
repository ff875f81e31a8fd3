"""Write browser/src/core/catalog.ts: what the browser part knows of features and operators.

Run it after a change to the catalogue; a test fails while the file is older than it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from generating import main
from prefetchrouter.catalog import FEATURES
from prefetchrouter.rules.operators import OPERATORS, of_group

TARGET = Path(__file__).parent.parent / "browser" / "src" / "core" / "catalog.ts"

TEXT = """/**
 * What the catalogue of features and operators says to browsers.
 *
 * Made by `scripts/make_browser_tables.py` from the models in Python; change those.
 */

/** What a feature must be so that a URL may be prefetched. */
export type Prefetching = 'set' | 'positive' | 'not-true';

/** The features of the section `caching` that decide whether a URL may be prefetched. */
export const DECIDING: [string, Prefetching][] = [
{deciding}
];

/** Two bits of each, the first one lowest: it is as it must be, it is not. This is so without rules. */
export const START = {start};

/** And so they are where a URL may be prefetched. */
export const PREFETCHABLE = {prefetchable};

/** The operators that are true where another one is not. */
export const NEGATIONS: Record<string, string> = {{ {negations} }};

/** The operators that compare values as they are, or as numbers: of two operands or more. */
export const RELATIONS = [{relations}];

/** The other operators, which test a text; but for those that turn one of these round. */
export type TextRelation = {text_relations};
"""


def tables() -> str:
    """Return the text of catalog.ts, as the catalogue says now."""
    deciding = [spec for spec in FEATURES.values() if spec.prefetching is not None]
    assert all(spec.section == "caching" and spec.in_manifest for spec in deciding)
    negations = [spec for spec in OPERATORS.values() if spec.negated]
    return TEXT.format(
        deciding="\n".join(f"  ['{spec.name}', '{spec.prefetching}']," for spec in deciding),
        start=sum((2 if spec.forbids_prefetching(None) else 1) << 2 * at for at, spec in enumerate(deciding)),
        prefetchable=sum(1 << 2 * at for at, _ in enumerate(deciding)),
        negations=", ".join(f"{_name(spec.name)}: '{spec.relation}'" for spec in negations),
        text_relations=" | ".join(
            f"'{spec.name}'"
            for spec in OPERATORS.values()
            if not spec.negated and spec.group not in ("equality", "order")
        ),
        relations=", ".join(
            f"'{name}'" for name in (*of_group("equality"), *of_group("order")) if not OPERATORS[name].negated
        ),
    )


def _name(text: str) -> str:
    return text if text.isidentifier() else f"'{text}'"


if __name__ == "__main__":
    sys.exit(main({TARGET: tables()}))
