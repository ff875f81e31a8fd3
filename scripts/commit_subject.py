"""The subject of a commit: imperative, 72 characters at most, no full stop; a blank line before a body.

`pre-commit install` makes Git run it on each message.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

LONGEST = 72

_NOT_IMPERATIVE = re.compile(r"\w*[aeiouy]\w*(?:ed|ing)|\w+[^suia]s")
"""The endings of other forms, after a syllable: not as in "shed" and "ping", nor as in "pass" and "alias"."""

_IMPERATIVE = frozenset(
    {
        "bleed",
        "breed",
        "embed",
        "exceed",
        "feed",
        "heed",
        "imbed",
        "need",
        "proceed",
        "seed",
        "speed",
        "succeed",
    }
)


def problems(message: str) -> list[str]:
    """Return what is wrong with a message, an empty list if it is right."""
    lines = [line for line in message.splitlines() if not line.startswith("#")]
    subject = lines[0] if lines else ""
    if subject.startswith(("Merge ", "Revert ", "fixup! ", "squash! ")):
        return []
    found = []
    words = re.sub(r"^[a-z-]+: ", "", subject).split()
    first = words[0] if words else ""
    if not first:
        found.append("there is no subject")
    elif _NOT_IMPERATIVE.fullmatch(first.lower()) and first.lower() not in _IMPERATIVE:
        found.append(
            f'"{first}" is not imperative: write what the commit does to the code, such as "Add ..."'
        )
    if len(subject) > LONGEST:
        found.append(f"the subject has {len(subject)} characters, and at most {LONGEST} are read everywhere")
    if subject.endswith("."):
        found.append("the subject is a title: no full stop")
    if len(lines) > 1 and lines[1].strip():
        found.append("a blank line goes between subject and body")
    return found


if __name__ == "__main__":
    wrong = problems(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print("\n".join(wrong), file=sys.stderr)
    sys.exit(bool(wrong))
