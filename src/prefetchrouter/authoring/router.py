"""`Router`: each call adds a rule, and the rule remembers the file and line of the call."""

# A part that fails leaves its name unset, and check() raises before anything reads it.
# pyright: reportPossiblyUnboundVariable=false

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Mapping
from typing import Any, Protocol, Self, TypeAlias, Unpack

from prefetchrouter.authoring.body import RuleBody, to_rule
from prefetchrouter.authoring.chain import OpenChain, out_of_order, single
from prefetchrouter.authoring.collect import Collector, report
from prefetchrouter.authoring.criteria import (
    Criteria,
    to_branch_condition,
    to_condition,
    to_status_condition,
)
from prefetchrouter.authoring.plugins import not_a_plugin, not_run
from prefetchrouter.authoring.site_helpers import SiteHelpers
from prefetchrouter.errors import Diagnostic, RuleError
from prefetchrouter.likely_mistakes.cancelled import cancelled_features
from prefetchrouter.likely_mistakes.nested import dead_rules
from prefetchrouter.likely_mistakes.values import value_warnings
from prefetchrouter.rules.rule import Branch, Group, Rule
from prefetchrouter.rules.rule_json import rule_from_json
from prefetchrouter.rules.typed.features_dict import FeatureKeywords
from prefetchrouter.rules.walk import comparisons, conditions_in
from prefetchrouter.source import caller


class PluginObject(Protocol):
    """A plugin that is an object: called when it is registered."""

    def on_register(self, router: Router) -> object:
        """Add the plugin's rules to the router."""
        ...


Plugin: TypeAlias = PluginObject | Callable[["Router"], object]
"""Rules that several sites share: an object with ``on_register(router)``, or a function of the router.

See `docs/plugins.md`.
"""


class Router(SiteHelpers):
    """The rules of a site, added call by call; later rules win over earlier ones.

    A mistake raises a `RuleError` at the call. While a routes file is being loaded the mistakes are
    gathered instead, so that all of them are reported at once.

    Example:
        >>> router = Router().get("/pages/:id", caching={"max_age": "1h"})
        >>> len(router.rules)
        1
    """

    def __init__(self) -> None:
        self.source = caller()
        self.is_nested = False
        self._rules: list[Rule] = []
        self._open: OpenChain | None = None
        self._warnings: list[Diagnostic] = []

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules so far, in order."""
        return (*self._rules, *(self._open.closed() if self._open else ()))

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """Warnings about probable mistakes in the rules, such as a rule that no request reaches."""
        return (*self._warnings, *dead_rules(self.rules), *cancelled_features(self.rules))

    @property
    def noted(self) -> tuple[Diagnostic, ...]:
        """The warnings of each rule alone, independent of the site."""
        return tuple(self._warnings)

    def nested_rules(self) -> tuple[Rule, ...]:
        """Return the rules for use inside a rule of another router, and remember that they are."""
        self.is_nested = True
        return self.rules

    # Rules for matching requests

    def match(
        self, criteria: Criteria, features: RuleBody | None = None, /, **sections: Unpack[FeatureKeywords]
    ) -> Self:
        """Add a rule for requests that match the criteria, whatever their method.

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
        self, criteria: Criteria, features: RuleBody | None = None, /, **sections: Unpack[FeatureKeywords]
    ) -> Self:
        """Add a rule for GET requests; see `match`."""
        return self._match(criteria, features, sections, "GET")

    def post(
        self, criteria: Criteria, features: RuleBody | None = None, /, **sections: Unpack[FeatureKeywords]
    ) -> Self:
        """Add a rule for POST requests; see `match`."""
        return self._match(criteria, features, sections, "POST")

    def put(
        self, criteria: Criteria, features: RuleBody | None = None, /, **sections: Unpack[FeatureKeywords]
    ) -> Self:
        """Add a rule for PUT requests; see `match`."""
        return self._match(criteria, features, sections, "PUT")

    def patch(
        self, criteria: Criteria, features: RuleBody | None = None, /, **sections: Unpack[FeatureKeywords]
    ) -> Self:
        """Add a rule for PATCH requests; see `match`."""
        return self._match(criteria, features, sections, "PATCH")

    def delete(
        self, criteria: Criteria, features: RuleBody | None = None, /, **sections: Unpack[FeatureKeywords]
    ) -> Self:
        """Add a rule for DELETE requests; see `match`."""
        return self._match(criteria, features, sections, "DELETE")

    def head(
        self, criteria: Criteria, features: RuleBody | None = None, /, **sections: Unpack[FeatureKeywords]
    ) -> Self:
        """Add a rule for HEAD requests; see `match`."""
        return self._match(criteria, features, sections, "HEAD")

    def options(
        self, criteria: Criteria, features: RuleBody | None = None, /, **sections: Unpack[FeatureKeywords]
    ) -> Self:
        """Add a rule for OPTIONS requests; see `match`."""
        return self._match(criteria, features, sections, "OPTIONS")

    def always(self, features: RuleBody | None = None, /, **sections: Unpack[FeatureKeywords]) -> Self:
        """Add a rule for every request."""
        return self._match({}, features, sections)

    def catch(
        self,
        status: re.Pattern[str] | str | int,
        features: RuleBody | None = None,
        /,
        **sections: Unpack[FeatureKeywords],
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
        self._close()
        with self._collector() as collector:
            self._check_bodies(features)
            with collector.part:
                condition = to_status_condition(status, collector.warn)
            with collector.part:
                rule = to_rule((features,), sections, None, collector.source, collector.warn)
            collector.check()
            self._rules.append(single(condition, rule, collector.source))
        return self

    # Chains

    def if_(
        self,
        criteria: Criteria,
        body: RuleBody | None = None,
        /,
        *more: RuleBody,
        **sections: Unpack[FeatureKeywords],
    ) -> Self:
        """Begin a chain: of its branches, only the first whose criteria match applies.

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
        self._open = OpenChain(caller())
        return self._branch(criteria, (body, *more), sections)

    def elif_(
        self,
        criteria: Criteria,
        body: RuleBody | None = None,
        /,
        *more: RuleBody,
        **sections: Unpack[FeatureKeywords],
    ) -> Self:
        """Add a branch to the chain that the call before began; see `if_`."""
        if self._open is None:
            report(out_of_order("elif_"))
            return self
        return self._branch(criteria, (body, *more), sections)

    def else_(
        self, body: RuleBody | None = None, /, *more: RuleBody, **sections: Unpack[FeatureKeywords]
    ) -> Self:
        """End the chain with what applies when none of its branches does; see `if_`."""
        chain = self._open
        if chain is None:
            report(out_of_order("else_"))
            return self
        with self._collector() as collector:
            self._check_bodies(body, *more)
            chain.otherwise = to_rule((body, *more), sections, None, collector.source, collector.warn)
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
        self._close()
        with self._collector() as collector:
            self._check_bodies()
            made = rule_from_json(rule, "raw", source=collector.source, warn=collector.warn)
            for test in (test for condition in conditions_in(made) for test in comparisons(condition)):
                for warning in value_warnings(test):
                    collector.warn(warning)
            self._rules.append(made)
        return self

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
            report(not_a_plugin(plugin))
            return self
        returned = register(self)
        if isinstance(returned, Coroutine | Generator | AsyncGenerator):
            report(not_run(returned))
        return self

    # How calls become rules

    def _match(
        self,
        criteria: object,
        features: RuleBody | None,
        sections: FeatureKeywords,
        method: str | None = None,
    ) -> Self:
        self._close()
        with self._collector() as collector:
            self._check_bodies(features)
            with collector.part:
                condition = to_condition(criteria, collector.warn, method)
            with collector.part:
                rule = to_rule((features,), sections, criteria, collector.source, collector.warn)
            collector.check()
            if condition is not None:
                self._rules.append(single(condition, rule, collector.source))
            elif isinstance(rule, Group):
                self._rules += rule.rules
            else:
                self._rules.append(rule)
        return self

    def _add_rules(self, make: Callable[[Collector], list[Rule]]) -> Self:
        self._close()
        with self._collector() as collector:
            self._check_bodies()
            self._rules += make(collector)
        return self

    def _branch(
        self, criteria: object, bodies: tuple[RuleBody | None, ...], sections: FeatureKeywords
    ) -> Self:
        chain = self._open
        with self._collector() as collector:
            self._check_bodies(*bodies)
            with collector.part:
                condition = to_branch_condition(criteria, collector.warn)
            with collector.part:
                rule = to_rule(bodies, sections, criteria, collector.source, collector.warn)
            collector.check()
            if chain is not None:
                chain.branches.append(Branch(condition=condition, rule=rule, source=collector.source))
        return self

    def _collector(self) -> Collector:
        return Collector(caller(), self._warnings)

    def _check_bodies(self, *bodies: object) -> None:
        """Refuse a rule that would hold its own router, or that comes too late to be seen.

        Raises:
            RuleError: With the code ``rule-body``.
        """
        for body in bodies:
            if body is self:
                raise RuleError.of(
                    "rule-body", "a router is nested in its own rule", hint="use another Router()"
                )
        if self.is_nested:
            raise RuleError.of(
                "rule-body",
                "this router is already nested in a rule of another, which would not get this rule",
                hint="add all of its rules first",
            )

    def _close(self) -> None:
        if self._open is not None:
            self._rules += self._open.closed()
            self._open = None
