"""Write docs/llms.txt, the list of pages for programs that read documentation, from docs/index.md.

Run it after a change to the index; with `--check` it only says whether the list is stale. The form is that of
llmstxt.org: a title, a summary, and lists of links with what each is about.
"""

from __future__ import annotations

import sys

from docs_index import DOCS, sections
from generating import main

HEAD = """# prefetchrouter

> CDN rules as typed, tested Python (`routes.py`), compiled for Varnish, nginx and Workers, and for browsers,
> which prefetch the links that the rules allow.
"""


def page() -> str:
    """Return the list, as the index is now."""
    lines = [HEAD]
    for title, entries in sections().items():
        lines += [f"## {title}", ""]
        lines += [f"- [{entry.title}]({entry.path}): {entry.text}" for entry in entries]
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main({DOCS / "llms.txt": page()}))
