"""Responses, each with what is told of it: from a copy, refused, failed, or passed on."""

from __future__ import annotations

from prefetchrouter.edge.cache import Copy
from prefetchrouter.edge.engine import delivery, synthetic
from prefetchrouter.edge.engine.fetching import Fetched
from prefetchrouter.edge.engine.plan import Plan
from prefetchrouter.edge.message import CacheStatus, EdgeResponse, OriginError, Story, plain
from prefetchrouter.errors import RegexCostError
from prefetchrouter.http.request_target import TargetRefusal


def from_copy(
    plan: Plan, story: Story, copy: Copy, how: CacheStatus, now: float, seen: delivery.Shown | None = None
) -> EdgeResponse:
    """Return the response that a copy gives, which counts as used.

    Args:
        plan: The request.
        story: Told how the copy is used, and how old it is.
        copy: The copy.
        how: What the cache has to do with the response.
        now: The time, in unix seconds.
        seen: What this client sees of the copy, where that is known already.
    """
    resident = copy.resident(now)
    age = copy.age + resident
    story.cache, story.ttl, story.age = how, copy.keep.fresh - resident, age
    copy.hits += 1
    if seen is None:
        seen = delivery.shown_of(plan, copy)
    story.answer, story.late_rules = copy.answer, seen.late_rules
    return delivery.from_copy(plan, copy, seen, age)


def refused(plan: Plan, story: Story, reason: str) -> EdgeResponse:
    """Return the refusal of a prefetch (rules E6 and E32)."""
    story.cache, story.reason = "refused", reason
    return synthetic.refused(plan)


def without_a_page(plan: Plan, story: Story, status: int) -> EdgeResponse:
    """Return the refusal of a prefetch that would have got a status without a page (rule E33).

    Args:
        plan: The prefetch.
        story: Told why; where an origin was asked, that stays in it.
        status: The status that it would have got.
    """
    if not story.origin:
        story.cache = "refused"
    story.reason = f"a prefetch answered with {status} would leave a link that does nothing"
    return synthetic.refused(plan)


def unsound(story: Story, refusal: TargetRefusal) -> EdgeResponse:
    """Return the answer to a request whose target is refused (rule E2)."""
    story.cache, story.reason = "error", refusal.message
    return plain(400, refusal.message)


def nothing_cached(story: Story) -> EdgeResponse:
    """Return the answer to a request that wants a copy or nothing, where there is none (rule E22)."""
    story.cache, story.reason = "error", "only-if-cached, and there is no usable copy"
    return plain(504, "There is no usable copy.")


def too_costly(story: Story, error: RegexCostError) -> EdgeResponse:
    """Return the answer to a request whose text an expression of the rules could take too long on."""
    story.cache, story.reason = "error", error.diagnostics[0].message
    return plain(400, delivery.TOO_COSTLY)


def failed(story: Story, error: OriginError) -> EdgeResponse:
    """Return the answer when an origin gave none, and no copy may do (rule E26)."""
    story.cache, story.reason = "error", error.message
    return delivery.failed(error)


async def passed(plan: Plan, story: Story, fetched: Fetched) -> EdgeResponse:
    """Return the response with an origin's answer that is not kept; an unused body is closed."""
    try:
        response = delivery.passed(plan, story, fetched)
    except BaseException:
        await fetched.answer.close()
        raise
    if isinstance(response.body, bytes):
        await fetched.answer.close()
    return response
