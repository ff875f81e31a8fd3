"""Rules that move a value between path and query, and those that lead from an error to a page."""

from __future__ import annotations

import re
from typing import Final

from prefetchrouter.authoring.arguments import helper_error
from prefetchrouter.authoring.criteria import Criteria, exact, not_
from prefetchrouter.errors import shown
from prefetchrouter.regex import literal
from prefetchrouter.rules.typed.features_dict import FeaturesDict
from prefetchrouter.rules.typed.options import UrlRedirectDict, UrlRewriteDict

_REDIRECTS: Final = (301, 302, 303, 307, 308)
_PLAIN: Final = re.compile(r"(?:/[A-Za-z0-9._~-]+)*/?", re.ASCII)
_NAME: Final = re.compile(r":([a-z][a-z0-9_]*)", re.ASCII)
_PAIR: Final = re.compile(r"([\w.~-]+)=(:?[\w.~-]*)", re.ASCII)
_ONE_SEGMENT: Final = re.compile("^[^/ ]+$")
"""A value that is one segment of a path; a blank is + or %20 in a query, which are two things in a path."""


def query_to_path_rule(path: object, to: object, status_code: int | None) -> tuple[Criteria, FeaturesDict]:
    """Return criteria and features of the rule that `Router.query_to_path` adds; it describes the arguments.

    Raises:
        HelperError: A path or the status is not one that it takes.

    Example:
        >>> query_to_path_rule("/product", "/product/:id", 301)[1]["url"]
        {'url_redirect': {'code': 301, 'destination': '/product/%{arg_id}'}}
    """
    start = _plain("query_to_path", path)
    _check_status("query_to_path", status_code)
    names = _NAME.findall(to) if isinstance(to, str) else []
    if not isinstance(to, str) or not names or not _PLAIN.fullmatch(_NAME.sub("x", to)) or "//" in to:
        raise helper_error(
            f"query_to_path(to={shown(to)})",
            expected='a path with parameters as :names in small letters, such as "/product/:id"',
        )
    destination = _NAME.sub(lambda found: f"%{{arg_{found[1]}}}", to)
    criteria: Criteria = {"path": exact(start), "query": dict.fromkeys(names, _ONE_SEGMENT)}
    if status_code is None:
        source = rf"^{literal(start)}(?:\?.*)?$"
        rewrite: UrlRewriteDict = {"source": source, "syntax": "regexp", "destination": destination}
        return criteria, {"url": {"url_rewrite": [rewrite]}}
    redirect: UrlRedirectDict = {"code": status_code, "destination": destination}
    return criteria, {"url": {"url_redirect": redirect}}


def path_to_query_rule(path: object, to: object, status_code: int | None) -> tuple[Criteria, FeaturesDict]:
    """Return criteria and features of the rule that `Router.path_to_query` adds; it describes the arguments.

    Raises:
        HelperError: A path, a parameter or the status is not one that it takes.

    Example:
        >>> path_to_query_rule("/s/:term", "/search?q=:term", None)[0].pattern
        '^/s/([^/?]+)/?$'
    """
    _check_status("path_to_query", status_code)
    names = _NAME.findall(path) if isinstance(path, str) else []
    segments = path.strip("/").split("/") if isinstance(path, str) else []
    if not _is_pattern(path, segments, names):
        raise helper_error(
            f"path_to_query({shown(path)})",
            expected='a path whose segments are text or :names in small letters, such as "/search/:term"',
        )
    address, _, query = to.partition("?") if isinstance(to, str) else ("", "", "")
    pairs = [_PAIR.fullmatch(pair) for pair in query.split("&")]
    used = [pair[2][1:] for pair in pairs if pair is not None and pair[2].startswith(":")]
    if not _PLAIN.fullmatch(address) or not address or None in pairs or sorted(used) != sorted(names):
        raise helper_error(
            f"path_to_query(to={shown(to)})",
            expected='a path and parameters that take each :name once, such as "/search?q=:term"',
        )
    whole = "".join(
        "/([^/?]+)" if segment.startswith(":") else f"/{literal(segment)}" for segment in segments
    )
    source = f"^{whole}/?$"
    destination = _NAME.sub(lambda found: f"${names.index(found[1]) + 1}", str(to))
    criteria = re.compile(source)
    if status_code is None:
        rewrite: UrlRewriteDict = {"source": source, "syntax": "regexp", "destination": destination}
        return criteria, {"url": {"url_rewrite": [rewrite]}}
    redirect: UrlRedirectDict = {
        "code": status_code, "source": source, "syntax": "regexp", "destination": destination,
    }  # fmt: skip
    return criteria, {"url": {"url_redirect": redirect}}


def error_page_rule(status: object, to: object, status_code: int) -> tuple[Criteria, FeaturesDict]:
    """Return criteria and features of the rule that `Router.error_page` adds; it describes the arguments.

    Raises:
        HelperError: The page is not a path, or a status is not one that it takes.

    Example:
        >>> error_page_rule(404, "/search", 302)[1]["headers"]
        {'set_response_headers': {'location': '/search'}}
    """
    page = _plain("error_page", to)
    if isinstance(status, bool) or not isinstance(status, int) or not 400 <= status <= 599:
        raise helper_error(f"error_page({shown(status)})", expected="a status from 400 to 599")
    if status_code not in _REDIRECTS:
        raise helper_error(
            f"error_page(status_code={shown(status_code)})", expected="301, 302, 303, 307 or 308"
        )
    # The page itself may answer so: then it is shown, not redirected to itself for ever.
    criteria: Criteria = {"path": not_(exact(page)), "response": {"status_code": str(status)}}
    return criteria, {
        "headers": {"set_response_headers": {"location": page}},
        "response": {"set_status_code": status_code},
    }


def _plain(helper: str, path: object) -> str:
    if not isinstance(path, str) or not path.startswith("/") or not _PLAIN.fullmatch(path):
        raise helper_error(f"{helper}: {shown(path)}", expected='a plain path such as "/product"')
    return path


def _is_pattern(path: object, segments: list[str], names: list[str]) -> bool:
    return (
        isinstance(path, str)
        and path.startswith("/")
        and 0 < len(names) == len(set(names)) <= 9
        and all(_NAME.fullmatch(segment) or _PLAIN.fullmatch(f"/{segment}") for segment in segments)
        and all(segments)
    )


def _check_status(helper: str, status_code: object) -> None:
    if status_code is not None and status_code not in _REDIRECTS:
        raise helper_error(
            f"{helper}(status_code={shown(status_code)})",
            expected="None for a rewrite, or 301, 302, 303, 307 or 308",
        )
