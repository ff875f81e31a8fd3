"""What rules say about caching at the edge: for how long, and under which key."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

from prefetchrouter.catalog import keys
from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.evaluation.lazy import lazy
from prefetchrouter.evaluation.merge import Merged
from prefetchrouter.evaluation.request_key import cache_key
from prefetchrouter.rules.duration import Duration


class CachingRules:
    """What the rules that apply to a request say about caching at the edge.

    `prefetchrouter.http_cache` says what a shared cache does with it and with what origin and client say.

    Args:
        context: The request.
        merged: The merged values of the features that apply.
        early: The merged values of those that do not wait for the response.
    """

    def __init__(self, context: RequestContext, merged: Merged, early: Merged) -> None:
        self._context = context
        self._merged = merged
        self._early = early

    @property
    def is_allowed(self) -> bool:
        """Whether rules let the edge store a response to this request at all."""
        method, merged = self._context.method, self._merged
        return (
            (
                method in ("GET", "HEAD")
                or method in (merged.value(keys.caching.enable_caching_for_methods) or ())
            )
            and merged.value(keys.caching.bypass_cache) is not True
            and merged.value(keys.access.deny_access) is not True
        )

    def ttl(self, status: int = 200) -> Duration | None:
        """Return how long rules let a response of a status stay fresh, or None if they do not say."""
        return self._merged.value(keys.caching.max_age.entry(status)) if self.is_allowed else None

    @lazy
    def ttls(self) -> Mapping[int, Duration]:
        """How long rules let a response stay fresh by its status; empty when they do not say."""
        start = f"{keys.caching.max_age}."
        return MappingProxyType(
            {
                int(key[len(start) :]): cast("Duration", setting.entry.value)
                for key, setting in self._merged.items()
                if key.startswith(start) and self.is_allowed
            }
        )

    @property
    def stale_while_revalidate(self) -> Duration | None:
        """How long a stale response may still be used while it is validated."""
        return self._merged.value(keys.caching.stale_while_revalidate)

    @lazy
    def key(self) -> tuple[str, ...]:
        """The cache key: host, path and query, then each further part that counts."""
        early = self._early
        return cache_key(
            self._context,
            early.value(keys.origin.set_origin),
            early.value(keys.caching.cache_key),
            early.value(keys.caching.cache_key_query_string),
            early.value(keys.caching.cache_key_rewrite),
        )
