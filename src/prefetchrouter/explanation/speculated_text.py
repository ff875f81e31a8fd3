"""What browsers do by themselves, and what becomes of a prefetch in one of them, as lines and as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from prefetchrouter.browser_support import support_data
from prefetchrouter.explanation.in_browser import InBrowser
from prefetchrouter.explanation.speculated import Speculated
from prefetchrouter.freshness import spoken
from prefetchrouter.freshness.mechanisms import WINDOW
from prefetchrouter.report.table import table
from prefetchrouter.source import Source
from prefetchrouter.speculation import tag

OUTLIVES_LOGIN: Final = (
    "an earlier prefetch is shown for up to "
    f"{spoken(WINDOW)}, since Vary: Cookie is not compared: mark logins by Router.session_change()"
)


def browser_title(found: InBrowser) -> str:
    """Return the heading of the section about one browser."""
    return f"In {found.browser} (browser data of {support_data().date})"


def browser_lines(found: InBrowser) -> Iterator[str]:
    """Yield the lines about one browser."""
    yield table(
        [*map(list, found.facts), *(["not there", f"{title}: {why}"] for title, why in found.missing)]
    )


def speculated_lines(found: Speculated) -> Iterator[str]:
    """Yield the lines about Speculation Rules; none where the rules announce none."""
    rows = [
        ["covered by", f"{_place(one.source)}: {one.action}, {one.eagerness}, tag {_tag(one.source)}"]
        for one in found.covered_by
    ]
    if found.is_announced and not rows and not found.dropped:
        rows.append(["covered by", "no rule"])
    rows += (["left out", why] for why in found.left_out)
    rows += (["sent by", _sender(text, line)] for text, line in found.sent_by)
    fates: dict[str, list[str]] = {}
    for title, fate in found.dropped:
        fates.setdefault(fate, []).append(title)
    rows += (["Clear-Site-Data", f"{'; '.join(titles)}: {fate}"] for fate, titles in fates.items())
    if found.outlives_login:
        rows.append(["after a login", OUTLIVES_LOGIN])
    if rows:
        yield table(rows)


def _sender(text: str, line: Source | None) -> str:
    if line is not None:
        return f'tag "{text}": the rule at {line}'
    if text == "null":
        return "a rule without a tag, which is not one of these"
    return f'tag "{text}": no rule of this file that covers such links has it'


def _tag(source: Source | None) -> str:
    return "none" if source is None else f'"{tag(source)}"'


def _place(source: Source | None) -> str:
    return "-" if source is None else str(source)


def browser_data(found: InBrowser | None) -> dict[str, Any] | None:
    """Return the section about one browser as plain data."""
    if found is None:
        return None
    browser = found.browser
    return {
        "name": browser.browser.name,
        "version": browser.version,
        "data": support_data().version,
        "facts": [{"subject": subject, "text": text} for subject, text in found.facts],
        "missing": [{"mechanism": title, "why": why} for title, why in found.missing],
    }


def speculated_data(found: Speculated) -> dict[str, Any]:
    """Return what browsers do by themselves as plain data."""
    return {
        "announced": found.is_announced,
        "covered_by": [
            {
                "line": None if one.source is None else str(one.source),
                "tag": None if one.source is None else tag(one.source),
                "action": one.action,
                "eagerness": one.eagerness,
            }
            for one in found.covered_by
        ],
        "left_out": list(found.left_out),
        "sent_by": [
            {"tag": text, "line": None if line is None else str(line)} for text, line in found.sent_by
        ],
        "outlives_login": found.outlives_login,
        "clear_site_data": [{"mechanism": title, "what": what} for title, what in found.dropped],
    }
