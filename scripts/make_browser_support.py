"""Write what browsers support: support.json with the versions of browser-compat-data, and docs/browsers.md.

The npm package of browser-compat-data is pinned in browser/package.json. With ``--newest`` nothing is
written: the newest version that npm has is compared with support.json, and each difference is printed.

Run it after an update of that package; a test fails while the files are older than it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from generating import main
from prefetchrouter.browser_support import BrowserSupport, support_data

ROOT: Final = Path(__file__).parent.parent
PACKAGE: Final = "@mdn/browser-compat-data"
PINNED: Final = ROOT / "browser" / "node_modules" / PACKAGE / "data.json"
SUPPORT: Final = ROOT / "src" / "prefetchrouter" / "browser_support" / "support.json"
PAGE: Final = ROOT / "docs" / "browsers.md"
MARKS: Final = ("<!-- made by scripts/make_browser_support.py -->", "<!-- end -->")
_SHOWN: Final = ("chrome", "chrome-android", "firefox", "safari")


def support_text(data: dict[str, Any], compat: dict[str, Any]) -> str:
    """Return support.json with the versions of browser-compat-data."""
    meta = compat["__meta"]
    head = {"version": meta["version"], "date": meta["timestamp"][:10]}
    browsers = {
        name: {**facts, **_releases(compat["browsers"][name]["releases"])}
        for name, facts in data["browsers"].items()
    }
    rows = [_row(row, compat, list(browsers)) for row in data["rows"]]
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(facts)}" for name, facts in browsers.items())
    listed = ",\n".join(f"    {json.dumps(row)}" for row in rows)
    first = f'  "compat": {json.dumps(head)},\n  "browsers": {{\n{lines}\n  }},\n'
    return f'{{\n{first}  "rows": [\n{listed}\n  ]\n}}\n'


def _releases(releases: dict[str, Any]) -> dict[str, str]:
    """Return the versions by their state; without a beta the next one that is known."""
    found = {facts["status"]: version for version, facts in releases.items()}
    kept = {"stable": found["current"], "beta": found.get("beta", found["current"])}
    return {**kept, **({"esr": found["esr"]} if "esr" in found else {})}


def _row(row: dict[str, Any], compat: dict[str, Any], browsers: list[str]) -> dict[str, Any]:
    if "compat" not in row:
        return row
    found: Any = compat
    for part in row["compat"].split("."):
        found = found.get(part, {})
    if "__compat" not in found:
        raise SystemExit(f"{row['name']}: browser-compat-data has no {row['compat']} any more")
    support = found["__compat"]["support"]
    rest = {key: value for key, value in row.items() if key not in ("support", "name", "title", "compat")}
    made = {name: _support(support.get(name, {"version_added": False})) for name in browsers}
    return {"name": row["name"], "title": row["title"], "compat": row["compat"], "support": made, **rest}


def _support(statements: Any) -> str:
    """Return the first statement that still holds, one without a setting before one with it."""
    listed = statements if isinstance(statements, list) else [statements]
    current = [found for found in listed if found["version_added"] and not found.get("version_removed")]
    for found in sorted(current, key=lambda found: "flags" in found):
        version = str(found["version_added"]).removeprefix("≤")
        if version == "preview":
            return "preview"
        if "flags" in found:
            return f"flag {version}"
        return f"partial {version}" if found.get("partial_implementation") else version
    return "no"


def page_text(page: str) -> str:
    """Return docs/browsers.md with its table."""
    before, rest = page.split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    return f"{before}{MARKS[0]}\n{''.join(_table())}{MARKS[1]}{after}"


def _table() -> Iterator[str]:
    data = support_data()
    versions = "; ".join(
        f"{facts.title} {facts.stable}" + (f" (beta {facts.beta})" if facts.beta != facts.stable else "")
        for name, facts in data.browsers.items()
        if name in _SHOWN
    )
    yield f"MDN browser-compat-data {data.version} of {data.date}. Current versions: {versions}.\n\n"
    yield f"| what | {' | '.join(data.browsers[name].title for name in _SHOWN)} | source |\n"
    yield "|---|" + "---|" * (len(_SHOWN) + 1) + "\n"
    for row in data.rows.values():
        cells = " | ".join(str(row.support[name]) for name in _SHOWN)
        sources = [f"MDN `{row.compat}`"] if row.compat else []
        yield f"| {row.title} | {cells} | {'; '.join([*sources, *([row.source] if row.source else [])])} |\n"


def differences(ours: str, newest: str) -> Iterator[str]:
    """Yield a line for each fact that differs, and for each correction that is not needed any more."""
    old, new = json.loads(ours), json.loads(newest)
    for name, facts in new["browsers"].items():
        yield from _changed(name, old["browsers"][name], facts)
    for before, row in zip(old["rows"], new["rows"], strict=True):
        yield from _changed(row["name"], before["support"], row["support"])
    yield from needless(new)


def needless(data: dict[str, Any]) -> Iterator[str]:
    """Yield a line for each correction that says what browser-compat-data says by now."""
    for row in data["rows"]:
        for browser, text in row.get("instead", {}).items():
            theirs = BrowserSupport.parse(row["support"][browser])
            if theirs.kind == BrowserSupport.parse(text).kind:
                yield f"{row['name']}: the correction for {browser} is not needed: the data has {theirs}"


def _changed(name: str, old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    for key, text in new.items():
        if old.get(key) != text:
            yield f"{name}: {key} was {old.get(key)}, is {text}"


def newest_compat() -> dict[str, Any]:
    """Return the newest browser-compat-data, as npm has it."""
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            ["npm", "pack", f"{PACKAGE}@latest", "--silent", "--pack-destination", folder],
            check=True, capture_output=True, text=True,
        ).stdout.split()  # fmt: skip
        with tarfile.open(Path(folder) / packed[-1]) as archive:
            member = archive.extractfile("package/data.json")
            assert member is not None
            found: dict[str, Any] = json.load(member)
            return found


def run(words: list[str]) -> int:
    """Write, check, or compare with the newest data."""
    ours = SUPPORT.read_text("utf-8")
    if "--newest" in words:
        compat = newest_compat()
        found = list(differences(ours, support_text(json.loads(ours), compat)))
        print(f"{PACKAGE} {compat['__meta']['version']}: {len(found)} differences", *found, sep="\n  ")
        return 1 if found else 0
    if not PINNED.exists():
        print(f"{PACKAGE} is not installed: npm --prefix browser ci", file=sys.stderr)
        return 2
    stale = main({SUPPORT: support_text(json.loads(ours), json.loads(PINNED.read_text("utf-8")))})
    support_data.cache_clear()
    return stale or main({PAGE: page_text(PAGE.read_text("utf-8"))})


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
