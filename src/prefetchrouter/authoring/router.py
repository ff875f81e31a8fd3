"""`Router`: each call adds a rule, and the rule remembers the file and line of the call."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Mapping
from typing import Any, Protocol, Self, TypeAlias, Unpack

from prefetchrouter.authoring.arguments import helper_error, no_result
from prefetchrouter.authoring.body import Nested, RuleBody, to_rule
from prefetchrouter.authoring.collect import both, note, report
from prefetchrouter.authoring.criteria import Criteria, to_branch_condition, to_condition
from prefetchrouter.errors import ChainError, CriteriaError, Diagnostic, HelperError, RuleError, shown
from prefetchrouter.likely_mistakes.cancelled import cancelled_features
from prefetchrouter.likely_mistakes.nested import dead_rules
from prefetchrouter.likely_mistakes.values import value_warnings
from prefetchrouter.regex import portable
from prefetchrouter.rules.condition_json import Warn, is_scalar
from prefetchrouter.rules.conditions import Comparison, Condition, comparisons, variable
from prefetchrouter.rules.property import is_host_name
from prefetchrouter.rules.rule import Branch, Chain, Group, Rule, conditions_in
from prefetchrouter.rules.rule_json import rule_from_json
from prefetchrouter.rules.typed import FeaturesDict
from prefetchrouter.source import Source, caller


class PluginObject(Protocol):
    """A plugin that is an object: called when it is registered."""

    def on_register(self, router: Router) -> object:
        """Add the plugin's rules to the router."""
        ...


Plugin: TypeAlias = PluginObject | Callable[["Router"], object]


class Router(Nested):
    """The rules of a site, added call by call; later rules win over earlier ones.

    A mistake raises a `RuleError` at the call. While a routes file is being loaded the mistakes are
    gathered instead, so that all of them are told together.

    Example:
        >>> router = Router().get("/pages/:id", caching={"max_age": "1h"})
        >>> len(router.rules)
        1
    """

    def __init__(self) -> None:
        self.source = caller()
        self.is_nested = False
        self._rules: list[Rule] = []
        self._open: _OpenChain | None = None
        self._warnings: list[Diagnostic] = []

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules so far, in order."""
        return (*self._rules, *(self._open.closed() if self._open else ()))

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What in the rules is allowed but hardly meant, such as a rule that no request reaches."""
        return (*self._warnings, *dead_rules(self.rules), *cancelled_features(self.rules))

    @property
    def noted(self) -> tuple[Diagnostic, ...]:
        """The warnings of each rule for itself, whatever stands around the router."""
        return tuple(self._warnings)

    def nested_rules(self) -> tuple[Rule, ...]:
        """Return the rules for use inside a rule of another router, and remember that they are."""
        self.is_nested = True
        return self.rules

    # Rules for matching requests

    def match(
        self, criteria: Criteria, features: RuleBody | None = None, /, **sections: Unpack[FeaturesDict]
    ) -> Self:
        """Add a rule for requests that fit the criteria, whatever their method.

        Args:
            criteria: A path pattern, a compiled regular expression, `exact(...)`, a list of paths, or a
                mapping of several tests; see `docs/criteria.md`.
            features: A mapping, a `Features` model, a helper function, or a nested router.
            sections: Features as keywords, instead of or beside a mapping.

        Raises:
            RuleError: Something in it is wrong; `diagnostics` says all of it.

        Example:
            >>> router = Router().match("/pages/:id", caching={"max_age": "1h"})
            >>> router.rules[0].branches[0].condition.operator
            '=='
        """
        return self._match(criteria, features, sections)

    def get(
        self, criteria: Criteria, features: RuleBody | None = None, /, **sections: Unpack[FeaturesDict]
    ) -> Self:
        """Add a rule for GET requests; see `match`."""
        return self._match(criteria, features, sections, "GET")

    def post(
        self, criteria: Criteria, features: RuleBody | None = None, /, **sections: Unpack[FeaturesDict]
    ) -> Self:
        """Add a rule for POST requests; see `match`."""
        return self._match(criteria, features, sections, "POST")

    def put(
        self, criteria: Criteria, features: RuleBody | None = None, /, **sections: Unpack[FeaturesDict]
    ) -> Self:
        """Add a rule for PUT requests; see `match`."""
        return self._match(criteria, features, sections, "PUT")

    def patch(
        self, criteria: Criteria, features: RuleBody | None = None, /, **sections: Unpack[FeaturesDict]
    ) -> Self:
        """Add a rule for PATCH requests; see `match`."""
        return self._match(criteria, features, sections, "PATCH")

    def delete(
        self, criteria: Criteria, features: RuleBody | None = None, /, **sections: Unpack[FeaturesDict]
    ) -> Self:
        """Add a rule for DELETE requests; see `match`."""
        return self._match(criteria, features, sections, "DELETE")

    def head(
        self, criteria: Criteria, features: RuleBody | None = None, /, **sections: Unpack[FeaturesDict]
    ) -> Self:
        """Add a rule for HEAD requests; see `match`."""
        return self._match(criteria, features, sections, "HEAD")

    def options(
        self, criteria: Criteria, features: RuleBody | None = None, /, **sections: Unpack[FeaturesDict]
    ) -> Self:
        """Add a rule for OPTIONS requests; see `match`."""
        return self._match(criteria, features, sections, "OPTIONS")

    def always(self, features: RuleBody | None = None, /, **sections: Unpack[FeaturesDict]) -> Self:
        """Add a rule for every request."""
        return self._match({}, features, sections)

    def catch(
        self,
        status: re.Pattern[str] | str | int,
        features: RuleBody | None = None,
        /,
        **sections: Unpack[FeaturesDict],
    ) -> Self:
        """Add a rule for responses of a status.

        Args:
            status: A status such as ``404``, or a regular expression such as ``re.compile("^5")``.
            features: As in `match`.
            sections: As in `match`.

        Example:
            >>> Router().catch(404, caching={"max_age": {"404": "1m"}}).rules[0].branches[0].condition.value
            '^404$'
        """
        source = caller()

        def make() -> list[Rule]:
            warn = self._warn_at(source)
            condition, rule = both(
                lambda: _status_test(status, warn),
                lambda: to_rule((features,), sections, None, source, warn),
            )
            return [_only(condition, rule, source)]

        return self._add(make, source, (features,))

    # Chains

    def if_(
        self,
        criteria: Criteria,
        body: RuleBody | None = None,
        /,
        *more: RuleBody,
        **sections: Unpack[FeaturesDict],
    ) -> Self:
        """Begin a chain: of its branches, only the first whose criteria fit applies.

        Args:
            criteria: As in `match`, but not empty.
            body: As the features of `match`.
            more: Further bodies, which apply after the first.
            sections: Features as keywords.

        Example:
            >>> router = Router().if_("/a", comment="a").elif_("/b", comment="b").else_(comment="c")
            >>> len(router.rules)
            1
        """
        self._close()
        self._open = _OpenChain(caller())
        return self._branch(criteria, (body, *more), sections)

    def elif_(
        self,
        criteria: Criteria,
        body: RuleBody | None = None,
        /,
        *more: RuleBody,
        **sections: Unpack[FeaturesDict],
    ) -> Self:
        """Add a branch to the chain that the call before began; see `if_`."""
        if self._open is None:
            report(_chain_error("elif_"))
            return self
        return self._branch(criteria, (body, *more), sections)

    def else_(
        self, body: RuleBody | None = None, /, *more: RuleBody, **sections: Unpack[FeaturesDict]
    ) -> Self:
        """End the chain with what applies when none of its branches does; see `if_`."""
        chain, source = self._open, caller()
        if chain is None:
            report(_chain_error("else_"))
            return self

        def make() -> list[Rule]:
            chain.otherwise = to_rule((body, *more), sections, None, source, self._warn_at(source))
            return []

        self._attempt(make, source, (body, *more))
        self._close()
        return self

    # Further rules

    def conditional(self, rule: Mapping[str, Any]) -> Self:
        """Add a rule written in the rule language itself.

        Example:
            >>> rule = {"if": [{"===": [{"request": "method"}, "GET"]}, {"caching": {"max_age": "1h"}}]}
            >>> len(Router().conditional(rule).rules)
            1
        """
        source = caller()

        def make() -> list[Rule]:
            warn = self._warn_at(source)
            made = rule_from_json(rule, "raw", source=source, warn=warn)
            for test in (test for condition in conditions_in(made) for test in comparisons(condition)):
                for warning in value_warnings(test):
                    warn(warning)
            return [made]

        return self._add(make, source, ())

    def use(self, plugin: Plugin) -> Self:
        """Let a plugin add its rules: an object with ``on_register(router)``, or a function of the router.

        Example:
            >>> def no_index(router: Router) -> None:
            ...     router.always(headers={"set_response_headers": {"x-robots-tag": "noindex"}})
            >>> len(Router().use(no_index).rules)
            1
        """
        register = getattr(plugin, "on_register", plugin)
        if not callable(register):
            report(
                RuleError.of(
                    "plugin",
                    f"use({shown(plugin)}): that is not a plugin",
                    expected="an object with on_register(router), or a function of the router",
                    source=caller(),
                )
            )
            return self
        returned = register(self)
        if isinstance(returned, Coroutine | Generator | AsyncGenerator):
            report(
                RuleError.of(
                    "plugin",
                    f"use(): the plugin returned {no_result(returned)}",
                    expected="calls on the router",
                    hint="a plugin is a plain function, neither async nor a generator",
                    source=caller(),
                )
            )
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
        try:
            self._check_https(redirect_code, hsts_max_age, hsts, hsts_include_sub_domains, hsts_preload)
        except HelperError as error:
            report(error)
            return self
        self.match(
            {"scheme": "HTTP"},
            {
                "comment": "Redirect to HTTPS",
                "headers": {"set_response_headers": {"location": "https://%{host}%{normalized_uri}"}},
                "response": {"set_status_code": redirect_code},
            },
        )
        if hsts:
            value = f"max-age={hsts_max_age}"
            value += "; includeSubDomains" if hsts_include_sub_domains else ""
            value += "; preload" if hsts_preload else ""
            self.always(
                {
                    "comment": "Set HSTS header",
                    "headers": {"set_response_headers": {"strict-transport-security": value}},
                }
            )
        return self

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
            >>> from prefetchrouter import Request, evaluate
            >>> router = Router().canonical_host("www.shop.example")
            >>> evaluate(router, Request("https://shop.example/a?b=1")).redirect
            Redirect(status=308, location='https://www.shop.example/a?b=1')
        """
        try:
            self._check_host(host, status_code, scheme)
        except HelperError as error:
            report(error)
            return self
        name = host.lower()
        other = name.removeprefix("www.") if name.startswith("www.") else f"www.{name}"
        return self.match(
            {"variable": {"host": other}},
            {
                "comment": f"Redirect to {name}",
                "url": {
                    "url_redirect": {
                        "code": status_code,
                        "destination": f"{scheme}://{name}%{{request_uri}}",
                    }
                },
            },
        )

    @staticmethod
    def _check_host(host: object, status_code: object, scheme: object) -> None:
        if not isinstance(host, str) or not is_host_name(host):
            raise helper_error(
                f"canonical_host({shown(host)})", expected='a host name such as "www.shop.example"'
            )
        if status_code not in (301, 302, 307, 308):
            raise helper_error(
                f"canonical_host(status_code={shown(status_code)})", expected="301, 302, 307 or 308"
            )
        if scheme not in ("http", "https"):
            raise helper_error(f"canonical_host(scheme={shown(scheme)})", expected='"https" or "http"')

    @staticmethod
    def _check_https(redirect_code: object, max_age: object, *flags: object) -> None:
        if redirect_code not in (301, 302, 307, 308):
            raise helper_error(
                f"force_https(redirect_code={shown(redirect_code)})", expected="301, 302, 307 or 308"
            )
        if isinstance(max_age, bool) or not isinstance(max_age, int) or not is_scalar(max_age) or max_age < 0:
            raise helper_error(
                f"force_https(hsts_max_age={shown(max_age)})", expected="a whole number of seconds"
            )
        for flag in flags:
            if not isinstance(flag, bool):
                raise helper_error(f"force_https: {shown(flag)}", expected="True or False")

    # How calls become rules

    def _match(
        self,
        criteria: object,
        features: RuleBody | None,
        sections: FeaturesDict,
        method: str | None = None,
    ) -> Self:
        source = caller()

        def make() -> list[Rule]:
            warn = self._warn_at(source)
            condition, rule = both(
                lambda: to_condition(criteria, warn, method),
                lambda: to_rule((features,), sections, criteria, source, warn),
            )
            if condition is not None:
                return [_only(condition, rule, source)]
            return list(rule.rules) if isinstance(rule, Group) else [rule]

        return self._add(make, source, (features,))

    def _branch(self, criteria: object, bodies: tuple[RuleBody | None, ...], sections: FeaturesDict) -> Self:
        chain, source = self._open, caller()

        def make() -> list[Rule]:
            warn = self._warn_at(source)
            condition, rule = both(
                lambda: to_branch_condition(criteria, warn),
                lambda: to_rule(bodies, sections, criteria, source, warn),
            )
            if chain is not None:
                chain.branches.append(Branch(condition=condition, rule=rule, source=source))
            return []

        self._attempt(make, source, bodies)
        return self

    def _add(self, make: Callable[[], list[Rule]], source: Source | None, bodies: tuple[object, ...]) -> Self:
        self._close()
        self._rules += self._attempt(make, source, bodies)
        return self

    def _check_bodies(self, bodies: tuple[object, ...]) -> None:
        if any(body is self for body in bodies):
            raise RuleError.of(
                "rule-body", "a router stands in a rule of its own", hint="use another Router()"
            )
        if self.is_nested:
            raise RuleError.of(
                "rule-body",
                "this router already stands in a rule of another, which would not get what is added now",
                hint="add all of its rules first",
            )

    def _attempt(
        self, make: Callable[[], list[Rule]], source: Source | None, bodies: tuple[object, ...]
    ) -> list[Rule]:
        """Return the rules that a verb makes, or report what is wrong; every verb comes through here."""
        try:
            self._check_bodies(bodies)
            return make()
        except RuleError as error:
            report(error.at(source))
            return []

    def _close(self) -> None:
        if self._open is not None:
            self._rules += self._open.closed()
            self._open = None

    def _warn_at(self, source: Source | None) -> Warn:
        def warn(diagnostic: Diagnostic) -> None:
            self._warnings.append(diagnostic.at(source))
            note(diagnostic.at(source))

        return warn


class _OpenChain:
    """A chain that further calls may still add to."""

    def __init__(self, source: Source | None) -> None:
        self.branches: list[Branch] = []
        self.otherwise: Rule | None = None
        self.source = source

    def closed(self) -> list[Rule]:
        """Return the chain as it stands; nothing when none of its branches came about."""
        if not self.branches:
            return []
        return [Chain(branches=tuple(self.branches), otherwise=self.otherwise, source=self.source)]


def _only(condition: Condition, rule: Rule, source: Source | None) -> Chain:
    return Chain(branches=(Branch(condition=condition, rule=rule, source=source),), source=source)


def _status_test(status: object, warn: Warn) -> Comparison:
    """Return the test of the response's status that `Router.catch` asks for."""
    match status:
        case re.Pattern():
            regex = portable(status)
            for warning in regex.warnings:
                warn(warning)
            text = regex.source
        case int() if 100 <= status <= 999:
            text = f"^{status}$"
        case str() if re.fullmatch(r"[1-9][0-9]{2}", status):
            text = f"^{status}$"
        case _:
            raise CriteriaError.of(
                "criteria-value",
                f"catch({shown(status)}): that is not a status",
                expected='a status such as 404, or a regular expression such as re.compile("^5")',
            )
    return Comparison(operator="=~", operands=(variable("response", "status_code"), text))


def _chain_error(method: str) -> ChainError:
    return ChainError.of(
        "chain-order",
        f"{method} does not follow an if_ or elif_",
        expected="if_(...).elif_(...).else_(...), directly one after another",
        hint="every other call, and else_, ends a chain",
        source=caller(),
    )
