"""Which product a file comes from: by its name, its content, or what the user says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from prefetchrouter.errors import LoadError
from prefetchrouter.importing import (
    cloudflare,
    edgio,
    netlify_headers,
    netlify_redirects,
    netlify_toml,
    nginx,
    vercel,
)
from prefetchrouter.importing.imported import Imported

Reader: TypeAlias = Callable[[str, str, Imported], None]

READERS: dict[str, dict[str, Reader]] = {
    "netlify": {
        "_redirects": netlify_redirects.read_redirects,
        "_headers": netlify_headers.read_headers,
        "toml": netlify_toml.read_netlify_toml,
    },
    "cloudflare": {"_redirects": cloudflare.read_redirects, "_headers": cloudflare.read_headers},
    "vercel": {"json": vercel.read_vercel},
    "edgio": {"json": edgio.read_edgio},
    "nginx": {"conf": nginx.read_nginx},
}
"""The readers of each product, by kind of file, in the order in which their rules apply."""

PRODUCTS = tuple(READERS)
_ONLY_NETLIFY = re.compile(
    r"^\s*(?:https?://|/)[^#\n]*?\s(?:[1-5]\d\d!|(?:Country|Language|Role|Cookie)=)", re.M | re.I
)
_ONLY_CLOUDFLARE = re.compile(r"^\s+!\s*[\w-]+\s*$|^https://", re.M)


def read_files(
    files: Sequence[tuple[Path, str]], product: str | None, site: tuple[str, ...] | None = None
) -> tuple[Imported, str]:
    """Read files of one product.

    Args:
        files: Each path with its text.
        product: The product; None to find it out.
        site: The path of each file of the site, where they are known.

    Returns:
        What was read, and the product.

    Raises:
        LoadError: The product is not known, or a file is none of its files.
    """
    kinds = [(path, text, _kind(path, text)) for path, text in files]
    product = product or _product(kinds)
    readers = READERS[product]
    for path, _, kind in kinds:
        if kind not in readers:
            raise LoadError.of(
                "import-format",
                f"{path} is not a file of {product}",
                expected="one named " + ", ".join(_NAMES[each] for each in readers),
            )
    imported = Imported(files=site)
    for each, reader in readers.items():
        for path, text, kind in kinds:
            if kind == each:
                reader(text, path.as_posix(), imported)
    return imported, product


_NAMES = {
    "_redirects": "_redirects",
    "_headers": "_headers",
    "toml": "netlify.toml",
    "json": "vercel.json",
    "conf": "nginx.conf",
}


def _kind(path: Path, text: str) -> str:
    """The kind of a file, by its name, then by its content."""
    for kind in ("_redirects", "_headers"):
        if path.name == kind or path.name.startswith(f"{kind}."):
            return kind
    if path.suffix in (".toml", ".json", ".conf"):
        return path.suffix[1:]
    lines = [line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    if lines and all(re.match(r"(?:/|https?://)\S*\s+\S", line) for line in lines):
        return "_redirects"
    if lines and re.match(r"/\S*\s*$", lines[0]) and len(lines) > 1 and re.match(r"\s+\S+:", lines[1]):
        return "_headers"
    return "unknown"


def _product(kinds: Sequence[tuple[Path, str, str]]) -> str:
    for path, text, kind in kinds:
        if kind == "toml" and path.name != "wrangler.toml":
            return "netlify"
        if kind == "conf":
            return "nginx"
        if path.name == "vercel.json":
            return "vercel"
        if kind == "json" and (text.lstrip().startswith("[") or '"rules"' in text):
            return "edgio"
        if kind == "_redirects" and _ONLY_NETLIFY.search(text):
            return "netlify"
        if kind == "_headers" and _ONLY_CLOUDFLARE.search(text):
            return "cloudflare"
    unknown = next((path for path, _, kind in kinds if kind not in ("_redirects", "_headers")), None)
    if unknown is not None:
        raise LoadError.of(
            "import-format",
            f"{unknown}: its format is not known by its name or content",
            hint="name the product: --from " + " or --from ".join(PRODUCTS),
        )
    for path, _, _ in kinds:
        if (path.parent / "netlify.toml").is_file():
            return "netlify"
        if any((path.parent / f"wrangler.{ending}").is_file() for ending in ("toml", "json", "jsonc")):
            return "cloudflare"
    raise LoadError.of(
        "import-format",
        f"{kinds[0][0]} may be of Netlify or of Cloudflare, which read it differently",
        hint="name the product: --from netlify or --from cloudflare",
    )


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises:
        LoadError: It is missing, cannot be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        raise LoadError.of("file-not-found", f"{path}: there is no such file") from None
    except OSError as error:
        raise LoadError.of("file-unreadable", f"{path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise LoadError.of("file-unreadable", f"{path} cannot be read: it is not UTF-8 text") from None
