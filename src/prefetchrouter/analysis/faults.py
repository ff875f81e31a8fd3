"""What can be wrong with where a redirect or rewrite leads, each with a cure."""

from __future__ import annotations

import re
from typing import NamedTuple

from prefetchrouter.analysis.witnesses import shown_url
from prefetchrouter.catalog import keys
from prefetchrouter.errors import Code
from prefetchrouter.evaluation import Decision
from prefetchrouter.http.message import Request
from prefetchrouter.http.request_target import TargetRefusal, as_browsers_write, canonical_target

_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_HOST_FROM_PATH = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#$:]*[.-])?(?:\$[1-9]|:\w+)(?:[/?#]|:opt|\Z)")
NO_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
"""How a destination begins that names a host, or should."""


_CUT = r"exclude ? from the groups of the source, end it with (\?.*)?$, and the destination with that group"
_LOST: dict[str | bool, str] = {
    "request_uri": "write %{uri} for the path, and %{is_args}%{query_string} at the end",
    True: "write %{arg_NAME} for the value of one parameter, or %{is_args}%{query_string} at the end",
}


class Fault(NamedTuple):
    """One fault of a destination.

    Args:
        kind: The kind of fault; each is reported once for a rule.
        code: The code of its page.
        message: A request, what becomes of it, and what is wrong with that.
        hint: The cure.
    """

    kind: str
    code: Code
    message: str
    hint: str


def without_ends(destination: str) -> str:
    """Return a destination as its author wrote it, without what helpers put at the end.

    Example:
        >>> without_ends("/new:optionalSlash:optionalQuery")
        '/new'
    """
    bare = destination.removesuffix("%{is_args}%{query_string}").removesuffix(":optionalQuery")
    return bare.removesuffix(":optionalSlash")


def fault_of_url(request: Request, result: str, destination: str) -> Fault | None:
    """Return what is wrong with a URL by itself.

    Args:
        request: The request.
        result: What becomes of it.
        destination: The destination that was filled in.

    Example:
        >>> fault_of_url(Request("/a"), "/x//a", "/x//:page").hint
        'write "/x/:page"'
    """
    step = f"{shown_url(request)} -> {result}"
    refused = _refusal(result)
    if refused is not None and _refusal(shown_url(request)) is None:
        message = f"{step}: such a request is answered with 400, since {refused.message}"
        return Fault("refused", "destination", message, refused.hint or "write it without")
    if result.startswith("//"):
        host = re.split(r"[/?#]", result[2:], maxsplit=1)[0]
        cure = f'write "https:{without_ends(destination)}", or one slash'
        return Fault("host", "destination", f"{step}: // names the host {host}", cure)
    path, question, query = _ORIGIN.sub("", result, count=1).partition("#")[0].partition("?")
    if "//" in path and "//" not in request.path:
        message = f"{step}: the path has two slashes in a row"
        return Fault("slashes", "destination", message, _once_slashed(destination))
    if "?" in query and "?" not in request.query:
        cure = "join parameters with & after the first ?"
        return Fault("query", "destination", f"{step}: the query holds a second ?", cure)
    lost = "q=1" in request.query.split("&") and "q=1" in path + question + query
    if lost and "q=1" not in query.split("&"):
        cure = _LOST.get("request_uri" if "request_uri" in destination else "%{" in destination, _CUT)
        return Fault("query", "destination", f"{step}: the query ends up in another part", cure)
    return None


def _refusal(target: str) -> TargetRefusal | None:
    """Return why no request has a target; None for other URLs, which other servers answer."""
    if not target.startswith("/") or target.startswith("//"):
        return None
    path, _, query = target.partition("#")[0].partition("?")
    found = canonical_target(as_browsers_write(path), as_browsers_write(query))
    return found if isinstance(found, TargetRefusal) else None


def _once_slashed(destination: str) -> str:
    start = _ORIGIN.match(destination)
    at = start.end() if start else 0
    plain = without_ends(destination)
    single = plain[:at] + re.sub("//+", "/", plain[at:])
    return f'write "{single}"' if single != plain else "remove one of them from the destination"


def fault_of_rewrite(decision: Decision, destination: str) -> Fault | None:
    """Return what is wrong with where a request is rewritten to.

    Args:
        decision: The decision on the request.
        destination: The destination of the last rewrite.
    """
    wrong = fault_of_url(decision.request, decision.path, destination) or _fault_of_loss(
        decision, destination
    )
    if wrong is not None or decision.path == shown_url(decision.request):
        return wrong
    redirect = decision.value(keys.url.url_redirect) if decision.redirect is not None else None
    if redirect is None or redirect.value.source is None or decision.redirect is None:
        return None
    at = f" at {redirect.source}" if redirect.source else ""
    message = (
        f"{shown_url(decision.request)} -> {decision.redirect.location}: the redirect{at} sees the rewritten "
        f"path {decision.path}"
    )
    cure = "redirect to the path that visitors know, or rewrite other paths only"
    return Fault("rewritten", "destination", message, cure)


def _fault_of_loss(decision: Decision, destination: str) -> Fault | None:
    """Return the fault of a rewrite whose source takes in the query, so that no origin sees it."""
    if "q=1" not in decision.request.query.split("&") or "q=1" in decision.path or "?" in destination:
        return None
    if "%{" in destination:
        return None
    message = (
        f"{shown_url(decision.request)} -> {decision.path}: the query is lost, as the source takes it in"
    )
    return Fault("lost", "destination", message, f'write "{destination}%{{is_args}}%{{query_string}}"')


def fault_of_host(request: Request, location: str, destination: str) -> Fault | None:
    """Return the fault of a redirect to a host that the path names.

    Example:
        >>> fault_of_host(Request("/t/x"), "https://x", "https://$1").message
        '/t/x -> https://x: the path names the host'
    """
    if not _HOST_FROM_PATH.match(destination) or not NO_ORIGIN.match(location):
        return None
    message = f"{shown_url(request)} -> {location}: the path names the host"
    return Fault(
        "open", "destination", message, "write the host into the destination, at least its last two labels"
    )


def fault_of_page(request: Request, location: str) -> Fault:
    """Return the fault of a redirect that leads to the very page."""
    message = f"{shown_url(request)} -> {location}: the page is redirected to itself"
    cure = "exclude the target pages from the rule"
    if location.startswith("https:") and request.scheme == "https":
        cure = 'limit the rule to {"scheme": "HTTP"}, or use force_https()'
    elif len(location) > 1 and location.rstrip("/") == location[:-1] and request.path == location:
        cure = f'write exact("{location[:-1]}") as the path of the rule, or use trailing_slash("always")'
    return Fault("itself", "redirect-loop", message, cure)


def fault_of_growth(trail: list[str], destination: str) -> Fault:
    """Return the fault of redirects that lead on and on."""
    start = re.match(r"/[^:$%?#]*/", destination)
    cure = "exclude the target pages from the rule"
    if start is not None:
        cure = f'begin a chain with if_("{start[0]}:rest*", {{}}), and make this rule its elif_'
    shortened = " -> ".join([*trail[:4], "..."])
    return Fault("loop", "redirect-loop", f"{shortened}: the redirects do not end", cure)
