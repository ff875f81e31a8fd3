"""What can be wrong with a plugin that `Router.use` is given."""

from __future__ import annotations

from prefetchrouter.authoring.arguments import no_result
from prefetchrouter.errors import RuleError, shown
from prefetchrouter.source import caller


def not_a_plugin(value: object) -> RuleError:
    """Return the error of `Router.use` for something that cannot be called."""
    return RuleError.of(
        "plugin",
        f"use({shown(value)}): that is not a plugin",
        expected="an object with on_register(router), or a function of the router",
        source=caller(),
    )


def not_run(returned: object) -> RuleError:
    """Return the error of `Router.use` for a plugin whose body has not run: async, or a generator."""
    return RuleError.of(
        "plugin",
        f"use(): the plugin returned {no_result(returned)}",
        expected="calls on the router",
        hint="a plugin is a plain function, neither async nor a generator",
        source=caller(),
    )
