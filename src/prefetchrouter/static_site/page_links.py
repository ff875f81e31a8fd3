"""The links of a page to pages of the same site."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from prefetchrouter.http.request_target import TargetRefusal, canonical_target

_VALUE = r"""\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))"""
_LINK = re.compile(rf"""<a(?:rea)?\s(?:[^>"']|"[^"]*"|'[^']*')*?(?<=[\s"'])href{_VALUE}""", re.IGNORECASE)
_BASE = re.compile(rf"""<base\s[^>]*?(?<=\s)href{_VALUE}""", re.IGNORECASE)


def linked_paths(page: str, url: str) -> Iterator[str]:
    """Yield the paths to which a page links on its own site, each once, in order.

    Args:
        page: The HTML of the page.
        url: Its URL.

    Example:
        >>> list(linked_paths('<a href="tea">Tea</a> <a href="//other.example/">x</a>', "http://a/shop/"))
        ['/shop/tea']
    """
    own, base = urlsplit(url), url
    found = _BASE.search(page)
    if found is not None:
        base = _joined(url, _text(found)) or url
    for text in dict.fromkeys(_text(link) for link in _LINK.finditer(page)):
        target = urlsplit(_joined(base, text))
        if (target.scheme, target.netloc) == (own.scheme, own.netloc):
            path = canonical_target(target.path or "/", target.query)
            if not isinstance(path, TargetRefusal):
                yield path.path


def _text(found: re.Match[str]) -> str:
    return html.unescape(next(group for group in found.groups() if group is not None)).strip()


def _joined(base: str, text: str) -> str:
    try:
        return urljoin(base, text)
    except ValueError:
        return ""
