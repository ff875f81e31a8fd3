"""The URL under which the edge looks a request up, after the rewrites that apply."""

from __future__ import annotations

from prefetchrouter.catalog import keys
from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.evaluation.merge import Merged
from prefetchrouter.evaluation.request_key import split_client_parameters
from prefetchrouter.evaluation.url_rewrite import rewritten
from prefetchrouter.evaluation.variable_values import value
from prefetchrouter.http.request_target import TargetRefusal, canonical_target
from prefetchrouter.rules.features import UrlRewrite
from prefetchrouter.rules.features.rewrite_checks import leads_to_its_source


def rewrite_url(context: RequestContext, early: Merged) -> bool:
    """Set the URL that rewrites lead to, or why that is refused; return whether anything changed.

    Args:
        context: The request, whose URL is set.
        early: The merged values of the features that do not wait for the response.
    """
    before = context.sent_path, context.origin_query
    for wanted in early.value(keys.url.url_rewrite) or ():
        target = _target(wanted, context)
        if target is None:
            continue
        path, query = target
        found = canonical_target(path, query)
        if isinstance(found, TargetRefusal):
            message = f"a rewrite leads to {path}: {found.message}"
            context.refusal = found._replace(message=message, hint=None)
            return True
        context.rewrite(found.path, found.query)
    return before != (context.sent_path, context.origin_query)


def _target(wanted: UrlRewrite, context: RequestContext) -> tuple[str, str] | None:
    """Return path and query that a rewrite leads to, or None if it changes nothing."""
    if wanted.source is None or wanted.destination is None or leads_to_its_source(wanted):
        return None
    # Rules are written for the URLs of pages. What a prefetching client adds to the query is hidden from
    # them; else a rewrite with `$` at the end of its source would match a page and not the prefetch of it.
    seen, added = split_client_parameters(context.origin_query)
    target = rewritten(
        context.origin_uri, seen, wanted.source, wanted.destination, wanted.syntax,
        lambda name: value(name, context), is_target=True,
    )  # fmt: skip
    if target is None:
        return None
    path, _, query = target.partition("?")
    return path, "&".join(part for part in (query, added) if part)
