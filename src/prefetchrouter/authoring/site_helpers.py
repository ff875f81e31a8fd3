"""`SiteHelpers`: the calls of a router that add rules for a whole site: HTTPS, one host name, old URLs."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Self, TypeAlias

from prefetchrouter.authoring.body import Nested
from prefetchrouter.authoring.collect import Collector, report
from prefetchrouter.authoring.criteria import Criteria
from prefetchrouter.authoring.site_moves import error_page_rule, path_to_query_rule, query_to_path_rule
from prefetchrouter.authoring.site_rules import (
    basic_auth_rule,
    canonical_host_rule,
    https_rules,
    session_change_rule,
    speculation_rule,
)
from prefetchrouter.errors import HelperError
from prefetchrouter.rules.rule import Rule
from prefetchrouter.rules.typed.features_dict import FeaturesDict

RedirectTable: TypeAlias = (
    str | os.PathLike[str] | Mapping[str, str] | Iterable[tuple[str, str] | Sequence[str | int | None]]
)
"""What `redirects` takes: the path of a file, a mapping, or lines."""


class SiteHelpers(Nested):
    """The calls of a router for a whole site."""

    @abstractmethod
    def match(self, criteria: Criteria, features: FeaturesDict, /) -> Self:
        """Add a rule for requests that match the criteria."""

    @abstractmethod
    def _add_rules(self, make: Callable[[Collector], list[Rule]]) -> Self:
        """Add the rules that a function makes, and report what is wrong with them."""

    def _match_all(self, make: Callable[[], Iterable[tuple[Criteria, FeaturesDict]]]) -> Self:
        """Add the rules that a function makes; where it cannot make them, report that and add none."""
        try:
            rules = list(make())
        except HelperError as error:
            report(error)
            return self
        for criteria, features in rules:
            self.match(criteria, features)
        return self

    def force_https(
        self,
        *,
        redirect_code: int = 301,
        hsts: bool = True,
        hsts_max_age: int = 15768000,
        hsts_include_sub_domains: bool = False,
        hsts_preload: bool = False,
    ) -> Self:
        """Redirect plain HTTP to HTTPS, and tell browsers to stay there.

        Args:
            redirect_code: The status of the redirect.
            hsts: Whether to set ``strict-transport-security`` (RFC 6797).
            hsts_max_age: How many seconds browsers remember it.
            hsts_include_sub_domains: Whether it holds for sub-domains.
            hsts_preload: Whether browsers may ship it in their lists.
        """
        return self._match_all(
            lambda: https_rules(
                redirect_code=redirect_code,
                hsts=hsts,
                hsts_max_age=hsts_max_age,
                hsts_include_sub_domains=hsts_include_sub_domains,
                hsts_preload=hsts_preload,
            )
        )

    def canonical_host(self, host: str, *, status_code: int = 308, scheme: str = "https") -> Self:
        """Redirect from the apex to ``www``, or from ``www`` to the apex; path and query stay.

        Other hosts, such as localhost or those of a staging site, are left alone.

        Args:
            host: The host that visitors are to see, such as ``"www.shop.example"`` or ``"shop.example"``.
            status_code: 308 unless another is given: a POST stays a POST.
            scheme: ``"https"`` or ``"http"``.

        Raises:
            HelperError: The host is not a name of two labels or more, or another value is wrong.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> router = Router().canonical_host("www.shop.example")
            >>> evaluate(router, Request("https://shop.example/a?b=1")).redirect
            Redirect(status=308, location='https://www.shop.example/a?b=1')
        """
        return self._match_all(lambda: [canonical_host_rule(host, status_code, scheme)])

    def basic_auth(
        self, criteria: Criteria, credentials: Mapping[str, str], *, realm: str = "Restricted"
    ) -> Self:
        """Answer 401 to requests without one of the given names and passwords (RFC 7617).

        The built files hold the passwords, readable: keep them secret, and use no password of a person. The
        call comes after the rules for the same requests, since later rules win.

        Args:
            criteria: Which requests need a password; as in `match`, ``{}`` for all.
            credentials: Passwords by user name.
            realm: What browsers may show when they ask for the password.

        Raises:
            HelperError: A name has a colon, is empty, or something is not text.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> router = Router().basic_auth("/staging/:path*", {"ann": "secret"})
            >>> asked = [Request("/staging/a", headers=given) for given in
            ...     ({}, {"authorization": "Basic YW5uOnNlY3JldA=="})]
            >>> [evaluate(router, request).status for request in asked]
            [401, None]
        """
        return self._match_all(lambda: [basic_auth_rule(criteria, credentials, realm)])

    def speculation_rules(self) -> Self:
        """Point browsers to the site's Speculation Rules, in a header of each response.

        They then prefetch links by themselves, those that the rules make prefetchable and no others. See
        `docs/speculation.md` for which browsers do, and for what a rule sets in its section ``speculation``.

        Source: HTML Standard, "The Speculation-Rules header".

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> dict(evaluate(Router().speculation_rules(), Request("/a")).response_headers())
            {'speculation-rules': '"/__edgio__/speculation-rules.json"'}
        """
        return self._match_all(lambda: [speculation_rule()])

    def session_change(self, criteria: Criteria) -> Self:
        """Mark requests that log a visitor in or out, or change what all pages show.

        Browsers drop what they prefetched and prerendered before (``Clear-Site-Data``), and these URLs are
        never prefetched themselves.

        Args:
            criteria: The requests, as in `match`.

        Source: Prefetch and Prerender drafts, ``Clear-Site-Data: "prefetchCache", "prerenderCache"``.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> router = Router().session_change({"path": "/login", "method": "POST"})
            >>> dict(evaluate(router, Request("/login", method="POST")).response_headers())
            {'x-sw-cache-control': 'max-age=0', 'clear-site-data': '"prefetchCache", "prerenderCache"'}
        """
        return self._match_all(lambda: [session_change_rule(criteria)])

    def query_to_path(self, path: str, to: str, *, status_code: int | None = 301) -> Self:
        """Move parameters of the query into the path, for requests that have all of them.

        Other parameters are dropped. A value with a slash or a blank is left alone.

        Args:
            path: The old path, such as ``"/product"``.
            to: The new one, with the parameters as ``:names``, such as ``"/product/:id"``.
            status_code: The status of the redirect; None rewrites the path on the way to the origin.

        Raises:
            HelperError: A path or the status is not one that it takes.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> router = Router().query_to_path("/product", "/product/:id")
            >>> evaluate(router, Request("/product?id=7")).redirect
            Redirect(status=301, location='/product/7')
        """
        return self._match_all(lambda: [query_to_path_rule(path, to, status_code)])

    def path_to_query(self, path: str, to: str, *, status_code: int | None = None) -> Self:
        """Move segments of the path into the query; what the query has already comes behind.

        Args:
            path: The path that visitors see, such as ``"/search/:term"``.
            to: The path and query for the origin, such as ``"/search?q=:term"``.
            status_code: None for a rewrite, or the status of a redirect.

        Raises:
            HelperError: A path, a parameter or the status is not one that it takes.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> router = Router().path_to_query("/search/:term", "/search?q=:term")
            >>> evaluate(router, Request("/search/tea?page=2")).path
            '/search?q=tea&page=2'
        """
        return self._match_all(lambda: [path_to_query_rule(path, to, status_code)])

    def error_page(self, status: int, to: str, *, status_code: int = 302) -> Self:
        """Redirect from responses with an error status to a page.

        Args:
            status: The status that the origin answers with, such as 404.
            to: The path of the page. It is shown even if it has that status itself.
            status_code: The status of the redirect.

        Raises:
            HelperError: The page is not a path, or a status is not one that it takes.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> from prefetchrouter.http import Response
            >>> router = Router().error_page(404, "/search")
            >>> evaluate(router, Request("/gone", response=Response(404))).redirect
            Redirect(status=302, location='/search')
        """
        return self._match_all(lambda: [error_page_rule(status, to, status_code)])

    def redirects(
        self,
        table: RedirectTable,
        *,
        status_code: int = 301,
        keep_query: bool = True,
        host: str | None = None,
    ) -> Self:
        """Redirect by a table of any size; the first line that matches a request counts.

        A file named ``*.csv`` or ``*.tsv`` has the columns ``from,to[,status][,host][,query]``; any other has
        lines such as ``/old/:id /new/:id 301``, as `_redirects` of Netlify and Cloudflare Pages has them.
        `docs/redirects.md` describes both.

        Args:
            table: The path of a file, relative to the folder of the routes file; a mapping from old to new;
                or lines of two to five values, in the order of the columns.
            status_code: The status of lines that have none: 301, 302, 303, 307 or 308.
            keep_query: Whether the query goes along where a line does not say.
            host: The host that lines without one are for; all hosts when None.

        Raises:
            RuleError: The file or lines of it are wrong; `diagnostics` has each with its own file and line.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> router = Router().redirects({"/about-us": "/about", "/blog/*": "/news/:splat"})
            >>> evaluate(router, Request("/blog/2024/hello?utm=x")).redirect
            Redirect(status=301, location='/news/2024/hello?utm=x')
        """
        from prefetchrouter.authoring.redirect_table import table_rules

        return self._add_rules(
            lambda collector: table_rules(
                table,
                status_code=status_code,
                keep_query=keep_query,
                host=host,
                source=collector.source,
                warn=collector.warn,
            )
        )
