"""What the templates are given: words about the rules, and the maps that they name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from prefetchrouter.lowering.lowered import Lowered
from prefetchrouter.lowering.plans import Plan
from prefetchrouter.targets.nginx.book import Book, Map
from prefetchrouter.targets.nginx.columns import Columns, Dispatch
from prefetchrouter.targets.nginx.conf_text import ConfText
from prefetchrouter.targets.nginx.leaves import line_of
from prefetchrouter.targets.nginx.nginx_upstreams import NginxUpstream
from prefetchrouter.targets.nginx.phase_settings import PhaseSettings, json_text


class Words:
    """The words, and what makes them.

    Args:
        lowered: The rules.
        upstreams: The origins.
        default: The name of the origin that answers where no rule names one, by host; ``""`` is any other.
        facts: What is known of every visitor.
    """

    def __init__(
        self,
        lowered: Lowered,
        upstreams: list[NginxUpstream],
        default: Mapping[str, str],
        facts: Mapping[str, str],
    ) -> None:
        self.lowered = lowered
        self.upstreams = upstreams
        self.default = default
        self.book = Book(facts)
        self.dispatch = Dispatch()
        self.columns = Columns(lowered.tests, self.book, self.dispatch)
        self.rewrite, self.early, self.keep = (
            PhaseSettings(lowered, phase, self.book, self.columns) for phase in ("rewrite", "early", "keep")
        )
        self.client = PhaseSettings(lowered, "client", self.book, self.columns)
        self.sent = PhaseSettings(lowered, "client", self.book, self.columns, own=ConfText("$pr_own"))
        self.foreseen_keep, self.foreseen_client = (
            PhaseSettings(lowered, phase, self.book, self.columns, has_response=False)
            for phase in ("keep", "client")
        )
        self.words: dict[str, Any] = {}

    def comments(self) -> list[str]:
        """Return the comments of the rules, each with its line."""
        found = [
            f"{line_of(apply.source)}: {apply.features.comment}"
            for plan in self.lowered.plans
            for apply in plan.applied
            if apply.features.comment
        ]
        return list(dict.fromkeys(found))

    def json(self, data: Any) -> ConfText:
        """Return data as the JSON that JavaScript reads, quoted."""
        return self.book.text([json_text(data)])

    def alias(self, name: str, text: str) -> None:
        """Add a variable that other files name, so that they need not know whether rules set it."""
        self.book.maps.append(Map(name, ConfText("$pr_empty"), (), ConfText(text)))

    def plans(
        self, phase: PhaseSettings, key: str, name: str, render: Callable[[Plan], ConfText]
    ) -> ConfText | None:
        """Return the variable of a setting that a plan has in another form; None without one.

        Args:
            phase: The phase in which it acts.
            key: The key of the feature.
            name: The name of the variable, without ``pr_``.
            render: Prints what a plan says.
        """
        leaves = phase.leaves_setting(key)
        if not leaves:
            return None
        return phase.of_leaves(
            name, [(leaf, render(leaf.plan)) for leaf in leaves], lambda text: ConfText(str(text))
        )
