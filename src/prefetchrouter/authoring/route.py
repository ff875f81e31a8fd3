"""`Route`: what a helper function receives (``lambda route: route.proxy("web")``); it writes features.

Every method returns the route, so calls can be chained. `docs/helpers.md` lists what each one writes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

from prefetchrouter.authoring.arguments import (
    check_redirect,
    copied,
    helper_error,
    part,
    plain,
    seconds,
    text,
    url,
)
from prefetchrouter.authoring.cache_key import CacheKey
from prefetchrouter.authoring.cache_options import BrowserCache, EdgeCache, browser_caching, edge_caching
from prefetchrouter.authoring.header_text import cors_headers, replacing, set_cookie
from prefetchrouter.authoring.rewrites import (
    ANY_PATH,
    SLASHES,
    RulePath,
    redirect,
    refuse_built_query,
    rewrite,
)
from prefetchrouter.errors import Diagnostic, shown
from prefetchrouter.rules.typed.features_dict import FeaturesDict
from prefetchrouter.source import Source, caller

Header = str | Literal[False]


class Route:
    """Writes the features of one rule.

    Example:
        >>> from prefetchrouter import Router, compile_rules
        >>> compile_rules(Router().match("/old", lambda route: route.set_response_code(410)))
        [{'if': [{'==': [{'request': 'path'}, '/old']}, {'response': {'set_status_code': 410}}]}]
    """

    def __init__(self, path: RulePath | None = None, *, query_names: Sequence[str] = ()) -> None:
        self._path = path
        self._query_names = query_names
        self.features: dict[str, Any] = {}
        self.warnings: list[Diagnostic] = []
        self.lines: dict[str, Source | None] = {}
        """For each section, the last call that wrote it."""

    def _section(self, name: str) -> dict[str, Any]:
        self.lines[name] = caller()
        section: dict[str, Any] = part(self.features, name, {})
        return section

    def _warn(self, message: str, hint: str | None = None) -> None:
        self.warnings.append(Diagnostic("helper", message, caller(), hint=hint, severity="warning"))

    # What applies to all kinds of features

    def add_features(self, features: FeaturesDict) -> Self:
        """Add features unchanged; a section given here replaces the one already there."""
        if not isinstance(features, Mapping):
            raise helper_error(f"add_features({shown(features)})", expected="a mapping of features")
        self.features.update({name: copied(section) for name, section in features.items()})
        self.lines.update(dict.fromkeys(map(str, features), caller()))
        return self

    def set_comment(self, text: str, append: bool = False) -> Self:
        """Set the rule's comment, or add to it."""
        before = self.features.get("comment")
        self.lines["comment"] = caller()
        self.features["comment"] = (
            f"{plain('comment', before)} {plain('comment', text)}" if append and before else text
        )
        return self

    def set_origin(self, name: str) -> Self:
        """Send what is not cached to this origin."""
        self._section("origin")["set_origin"] = name
        return self

    # Caching

    def cache(
        self,
        *,
        edge: EdgeCache | Literal[False] | None = None,
        browser: BrowserCache | Literal[False] | None = None,
        key: CacheKey | None = None,
        cacheable_status_codes: Sequence[int] | None = None,
        enable_caching_methods: Sequence[str] | None = None,
        ignore_origin_no_cache: Sequence[int] | None = None,
    ) -> Self:
        """Say how edge and browser keep the response.

        Args:
            edge: ``max_age_seconds``, ``stale_while_revalidate_seconds`` and ``force_private_caching``;
                False bypasses the edge cache. A number counts seconds, text is a duration.
            browser: ``max_age_seconds`` and ``service_worker_seconds``; False forbids the browser to keep it.
            key: The cache key.
            cacheable_status_codes: Further response statuses to keep.
            enable_caching_methods: ``POST`` or ``PUT``, to keep their responses too.
            ignore_origin_no_cache: Statuses for which the origin's ``no-store`` and the like do not count.

        Raises:
            HelperError: `browser` names no lifetime, or a value is of the wrong kind.
        """
        caching = self._section("caching")
        if edge is False:
            caching["bypass_cache"] = True
        elif edge is not None:
            caching.update(edge_caching(edge, self._warn))
        if browser is False:
            caching["bypass_client_cache"] = True
        elif browser is not None:
            caching.update(browser_caching(browser, self._warn))
        for name, value in (
            ("cacheable_status_codes", cacheable_status_codes),
            ("enable_caching_for_methods", enable_caching_methods),
            ("ignore_origin_no_cache", ignore_origin_no_cache),
        ):
            if value is not None:
                caching[name] = list(value) if isinstance(value, tuple | list) else value
        if key is not None:
            if not isinstance(key, CacheKey):
                raise helper_error(
                    f"cache(key={shown(key)})", expected='a CacheKey, such as CacheKey().add_header("x")'
                )
            options = key.options()
            if options:
                part(caching, "cache_key", {}).update(options)
        return self

    # Where the response comes from

    def proxy(
        self,
        origin: str,
        *,
        path: str | None = None,
        headers: Mapping[str, str] | None = None,
        follow_redirects: bool | None = None,
    ) -> Self:
        """Fetch from an origin, perhaps under another path, with more headers, following its redirects."""
        self.set_origin(origin)
        if path is not None:
            self.update_path(path)
        if headers is not None and not isinstance(headers, Mapping):
            raise helper_error(f"proxy(headers={shown(headers)})", expected="a mapping of names to values")
        if headers is not None:
            for name, value in headers.items():
                self.set_request_header(name, value)
        if follow_redirects is not None:
            self._section("url")["follow_redirects"] = follow_redirects
        return self

    def update_path(self, destination: str) -> Self:
        """Fetch another path; ``:names`` of the rule's pattern, or ``$1`` of its regex, are filled in."""
        self._rewrite(self._path or ANY_PATH, url("update_path", destination))
        return self

    def serve_static(
        self,
        path: str,
        *,
        edge_max_age_seconds: int | str = "1y",
        permanent: bool = False,
        status_code: int | None = None,
        rewrite_path_source: str | None = None,
    ) -> Self:
        """Serve a file of the deployment.

        Args:
            path: The file, such as ``"dist/:path*"``.
            edge_max_age_seconds: Its time at the edge, in seconds or as a duration.
            permanent: Keep it over deployments.
            status_code: The status to answer with.
            rewrite_path_source: The pattern that `path` takes its names from, if not the rule's.
        """
        file = re.sub(r"^\./", "", url("serve_static", path).replace("\\", "/"))
        if edge_max_age_seconds != 0:
            self._section("caching")["max_age"] = seconds("serve_static", edge_max_age_seconds)
        self.set_origin("edgio_permanent_static" if permanent else "edgio_static")
        if status_code is not None:
            self.set_response_code(status_code)
        source = self._path or ANY_PATH
        if rewrite_path_source is not None:
            source = RulePath.pattern(text("rewrite_path_source", rewrite_path_source))
        self._rewrite(source, "/" + file.lstrip("/"), keep_slash=False)
        return self

    def service_worker(self, path: str) -> Self:
        """Serve the service worker's file: long at the edge, never from the browser's own cache."""
        self._section("caching").update(max_age="1y", bypass_client_cache=True)
        return self.serve_static(path)

    def app_shell(self, path: str) -> Self:
        """Serve one HTML file for every path of the rule."""
        return self.set_response_header("content-type", "text/html").serve_static(path)

    def _rewrite(self, source: RulePath, destination: str, *, keep_slash: bool = True) -> None:
        rewrites = part(self._section("url"), "url_rewrite", [])
        rewrites.append(rewrite(source, destination, keep_slash=keep_slash))

    # The response

    def redirect(
        self,
        to: str,
        status_code: int = 302,
        *,
        keep_query: bool = False,
        query: Mapping[str, str] | None = None,
    ) -> Self:
        """Send the client to another URL.

        Args:
            to: The URL; ``:names`` of the rule's pattern, or ``$1`` of its regex, are filled in.
            status_code: 302 unless another is given.
            keep_query: Whether the request's query goes along, after the one that `to` may have. Without,
                it is dropped, except for rules whose regex takes it in.
            query: Not possible with a helper; kept so that the error can say how it is written instead.

        Raises:
            HelperError: `to` is not text of a URL, or its query is built from captures.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> router = Router()
            >>> router = router.match("/old/:id", lambda route: route.redirect("/new/:id", keep_query=True))
            >>> evaluate(router, Request("/old/7?utm=x")).redirect.location
            '/new/7?utm=x'
        """
        check_redirect("redirect", status_code, keep_query=keep_query)
        if not url("redirect", to):
            raise helper_error('redirect("") has no target', expected="a path or a URL")
        refuse_built_query(self._path, to, status_code, query, self._query_names)
        value = redirect(self._path, to, status_code, keep_query=keep_query)
        self._rewrite(ANY_PATH, ANY_PATH.text)
        self._section("url")["url_redirect"] = value
        return self

    def trailing_slash(self, mode: Literal["never", "always"], status_code: int = 308) -> Self:
        """Redirect to the same URL without, or with, a slash at the end of its path; the query stays.

        Paths whose last segment has a dot, such as ``/index.html`` or ``/v1.2``, are given no slash, nor is
        anything under a segment that begins with one, such as ``/.well-known/``. The root stays as it is.

        Args:
            mode: ``"never"`` or ``"always"``.
            status_code: 308 unless another is given: a POST stays a POST.

        Raises:
            HelperError: The mode or the status is another.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> router = Router().always(lambda route: route.trailing_slash("never"))
            >>> evaluate(router, Request("/docs/?page=2")).redirect
            Redirect(status=308, location='/docs?page=2')
        """
        if mode not in SLASHES:
            raise helper_error(f"trailing_slash({shown(mode)})", expected='"never" or "always"')
        check_redirect("trailing_slash", status_code)
        self._section("url")["url_redirect"] = {"code": status_code, **SLASHES[mode], "syntax": "regexp"}
        return self

    def set_response_code(self, code: int) -> Self:
        """Answer with this status."""
        if isinstance(code, bool) or not isinstance(code, int):
            raise helper_error(f"set_response_code({shown(code)})", expected="a status such as 410")
        self._section("response")["set_status_code"] = code
        return self

    def set_response_body(self, body: str, code: int | None = None, done: bool = False) -> Self:
        """Answer with this body; with `done`, without asking the origin."""
        self._section("response").update(set_done=done, set_response_body=body)
        return self if code is None else self.set_response_code(code)

    def send(self, body: str, code: int | None = None) -> Self:
        """Answer with this body, without asking the origin."""
        return self.set_response_body(body, code, done=True)

    def optimize_images(self, value: bool = True) -> Self:
        """Let the edge transform images."""
        self._section("response")["optimize_images"] = value
        return self

    # Headers

    def set_response_header(self, name: str, value: str) -> Self:
        """Set a header of the response."""
        return self._header("set_response_headers", name, value)

    def add_response_header(self, name: str, value: str) -> Self:
        """Add a header to the response, beside one of the same name."""
        return self._header("add_response_headers", name, value)

    def set_request_header(self, name: str, value: str) -> Self:
        """Set a header of the request that the origin gets."""
        return self._header("set_request_headers", name, value)

    def remove_request_header(self, name: str) -> Self:
        """Keep a request header from the origin."""
        return self._header("set_request_headers", name, "")

    def remove_response_header(self, name: str) -> Self:
        """Keep a response header from the client."""
        part(self._section("headers"), "remove_response_headers", []).append(name)
        return self

    def remove_upstream_response_header(self, name: str) -> Self:
        """Drop a header of the origin's response before the edge reads it."""
        part(self._section("headers"), "remove_origin_response_headers", []).append(name)
        return self

    def update_response_header(
        self, name: str, regex: re.Pattern[str], replacement: str, *, count: Literal[0, 1] = 0
    ) -> Self:
        """Replace in a response header: every match, or with ``count=1`` the first."""
        return self.set_response_header(name, self._replaced("resp", name, regex, replacement, count))

    def update_request_header(
        self, name: str, regex: re.Pattern[str], replacement: str, *, count: Literal[0, 1] = 0
    ) -> Self:
        """Replace in a request header: every match, or with ``count=1`` the first."""
        return self.set_request_header(name, self._replaced("http", name, regex, replacement, count))

    def _replaced(self, prefix: str, name: str, regex: re.Pattern[str], replacement: str, count: int) -> str:
        value, warnings = replacing(f"{prefix}_{text('name', name)}", regex, replacement, count)
        self.warnings += (warning.at(caller()) for warning in warnings)
        return value

    def add_response_cookie(self, name: str, value: str, **options: str | int | bool) -> Self:
        """Add a cookie to the response.

        Args:
            name: The cookie's name.
            value: Its value.
            options: ``path="/"``, ``max_age=60``, ``same_site="Lax"``, ``secure=True``, ...

        Raises:
            HelperError: The rule sets a cookie already.
        """
        return self.add_response_header("set-cookie", set_cookie(name, value, options))

    def allow_cors(
        self,
        origin: str = "*",
        *,
        methods: Sequence[str] | str | None = None,
        headers: Sequence[str] | str | None = None,
        max_age: int | None = None,
        credentials: bool | None = None,
    ) -> Self:
        """Let pages of other origins read the response; `max_age` counts seconds."""
        for name, value in cors_headers(origin, methods, headers, max_age, credentials):
            self.set_response_header(name, value)
        return self

    def set_security_headers(
        self,
        *,
        x_frame_options: Header = "SAMEORIGIN",
        x_xss_protection: Header = "1; mode=block",
        x_content_type_options: Header = "nosniff",
        referrer_policy: Header = "same-origin",
    ) -> Self:
        """Set the usual security headers; False leaves one out."""
        for name, value in (
            ("x-frame-options", x_frame_options),
            ("x-xss-protection", x_xss_protection),
            ("x-content-type-options", x_content_type_options),
            ("referrer-policy", referrer_policy),
        ):
            if value is not False:
                self.set_response_header(name, value)  # pyright: ignore[reportArgumentType]
        return self

    def _header(self, feature: str, name: str, value: str) -> Self:
        headers = part(self._section("headers"), feature, {})
        lowered = text("header", name).lower()
        is_cookie = (feature, lowered) == ("add_response_headers", "set-cookie")
        if is_cookie and lowered in map(str.lower, headers):
            raise helper_error(
                f"the rule adds a cookie already: {shown(value)}",
                hint="a rule holds one value a header: add the second cookie in another rule",
            )
        for other in [other for other in headers if str(other).lower() == lowered]:
            del headers[other]
        headers[name] = value
        return self
