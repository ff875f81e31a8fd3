"""The browser's view of a site as one object: a pass from rule set to rule set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from prefetchrouter.browser_view.filter import Filtered, Unsupported, filter_rules
from prefetchrouter.rules.property_settings import keeps_encoded_slashes, unsupported_conditions
from prefetchrouter.rules.rule import Rule
from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.rules.typed_property import EncodedSlashes

if TYPE_CHECKING:
    from prefetchrouter.rules.property import Property


@dataclass(frozen=True, slots=True)
class BrowserView:
    """What browsers get to see of a rule set.

    Args:
        unsupported: ``"ignore"`` takes out conditions that browsers cannot decide, ``"drop"`` their rules.

    Example:
        >>> from prefetchrouter import Router
        >>> shop = Router().get("/a", caching={"max_age": "1h"}, origin={"set_origin": "web"})
        >>> seen = BrowserView().rule_set(RuleSet(rules=shop.rules))
        >>> seen.to_json("raw")["rules"][0]["if"][1]
        {'caching': {'max_age': {'200': '1h'}}}
    """

    unsupported: Unsupported = "ignore"

    @classmethod
    def of(cls, property: Property | None) -> Self:
        """Return the view that a property asks for with ``unsupported_conditions``."""
        return cls(unsupported_conditions(property))

    def rule_set(self, rules: RuleSet) -> RuleSet:
        """Return the rule set that browsers decide by."""
        seen = (self.rule(rule) for rule in rules.rules)
        return RuleSet(
            rules=tuple(rule for rule in seen if rule is not None), property=self.property(rules.property)
        )

    def filtered(self, rule: Rule) -> Filtered:
        """Return what is listed of a rule, and what is left out and why."""
        (found,) = filter_rules([rule], self.unsupported)
        return found

    def rule(self, rule: Rule) -> Rule | None:
        """Return what is listed of a rule, or None if nothing is; tests of path and method stay."""
        return self.filtered(rule).listed

    def property(self, property: Property | None) -> Property:
        """Return the settings by which browsers read a URL.

        Encoded slashes are refused or kept as the edge does. Path parameters are always kept: a page knows
        nothing of servers that would ignore them.
        """
        from prefetchrouter.rules.property import Property  # a build needs none, and it takes some time

        slashes: EncodedSlashes = "keep" if keeps_encoded_slashes(property) else "refuse"
        return Property(encoded_slashes=slashes, path_parameters="keep")
