"""A toy target: the file of headers that some hosts of static sites read. One folder, and a golden file.

Nothing here looks for what such a file cannot say: the frame does, by the table.
"""

from __future__ import annotations

from prefetchrouter.catalog import headers
from prefetchrouter.rules.conditions import Comparison
from prefetchrouter.rules.rule import Apply, Chain
from prefetchrouter.targets import FULL, Artifact, Job, SupportTable, Target, approximate, none


class HeadersFile(Target):
    name = "headers"
    summary = "Response headers by path, as hosts of static sites read them."
    support = SupportTable(
        features={
            headers.set_response_headers: FULL,
            f"{headers.set_response_headers}.execute_on_shield": none("there is no shield"),
            "comment": FULL,
        },
        variables={"request.path": FULL},
        operators={"===": FULL, "==": approximate("a pattern matches as the host reads it")},
    )

    def print(self, job: Job) -> list[Artifact]:
        lines: list[str] = []
        for rule in job.rules:
            match rule:
                case Apply():
                    lines += _lines("/*", rule)
                case Chain(branches=[branch, *_]) if isinstance(branch.condition, Comparison):
                    if isinstance(branch.rule, Apply):
                        lines += _lines(str(branch.condition.value), branch.rule)
                case _:  # what is neither has been reported by the frame
                    pass
        return [Artifact("_headers", "\n".join(lines) + "\n")]


def _lines(path: str, rule: Apply) -> list[str]:
    section = rule.features.headers
    found = section.set_response_headers if section is not None else None
    pairs = found.items() if isinstance(found, dict) else ()
    comment = [f"# {rule.features.comment}"] if rule.features.comment else []
    return [*comment, path, *(f"  {name}: {value}" for name, value in pairs)]
