"""Redirects that rules write themselves, as a status and a `Location` header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from prefetchrouter.analysis.destination_texts import text_faults
from prefetchrouter.analysis.faults import fault_of_url
from prefetchrouter.analysis.witnesses import places, witnesses
from prefetchrouter.catalog import keys
from prefetchrouter.errors import Code, Diagnostic, shown
from prefetchrouter.evaluation import Evaluator
from prefetchrouter.evaluation.redirect_target import leads_to_itself
from prefetchrouter.http.message import Request
from prefetchrouter.rules.features import Features, UrlRedirect
from prefetchrouter.rules.rule import Apply, HasRules
from prefetchrouter.rules.rule_set import features_of

_SETTING = ("set_response_headers", "add_response_headers", "set_origin_response_headers")
_NO_HOST = re.compile(r"(https?://)(?:/+|(?=%\{(?:request_uri|uri|path)\}))", re.IGNORECASE)


def header_redirect_warnings(rules: HasRules) -> Iterator[Diagnostic]:
    """Yield a warning for each `Location` header that cannot be meant, beside a status of 3xx.

    Args:
        rules: A `RuleSet` or a `Router`.

    Example:
        >>> from prefetchrouter import Router
        >>> headers = {"set_response_headers": {"location": "//home"}}
        >>> router = Router().catch(404, headers=headers, response={"set_status_code": 302})
        >>> [found.message for found in header_redirect_warnings(router)]
        ['/x -> //home: // names the host home']
    """
    if all(_redirects(features) is None for features in features_of(rules)):
        return
    evaluator: Evaluator | None = None
    for number, rule in enumerate(rules.rules):
        for place in places(rule, number=number):
            status = _redirects(place.apply.features)
            texts = dict.fromkeys(_locations(place.apply.features)) if status is not None else ()
            for text in texts:
                yield from _of_text(place.apply, text)
                evaluator = evaluator or Evaluator(rules)
                for request in witnesses(place, evaluator.host, is_fixed=True):
                    if _is_loop(evaluator, place.apply, request):
                        message = f"{request.path} -> {text}: the page is redirected to itself"
                        cure = "exclude the target pages from the rule"
                        yield _warning(place.apply, "redirect-loop", message, cure)
                        break


def _redirects(features: Features) -> int | None:
    status = features.response.set_status_code if features.response is not None else None
    return status if isinstance(status, int) and status in (301, 302, 303, 307, 308) else None


def _locations(features: Features) -> Iterator[str]:
    for name in _SETTING:
        given = getattr(features.headers, name, None)
        given = getattr(given, "headers", given)
        if isinstance(given, Mapping):
            yield from (
                text
                for header, text in given.items()
                if isinstance(text, str) and header.lower().removeprefix("+") == "location"
            )


def _of_text(apply: Apply, text: str) -> Iterator[Diagnostic]:
    if not text:
        yield _warning(apply, "destination", "the location is empty", 'write a path, such as "/home"')
        return
    if (found := _NO_HOST.match(text)) is not None:
        slash = "" if text[found.end() :].startswith("%{") else "/"
        cure = f"write {shown(f'{found[1]}%{{host}}{slash}{text[found.end() :]}')}"
        yield _warning(apply, "destination", f"{shown(text)}: the URL names no host", cure)
        return
    faults = list(text_faults(UrlRedirect.trusted({"destination": text})))
    if not faults and "%{" not in text:
        faults = list(filter(None, [fault_of_url(Request("/x"), text, text)]))
    for fault in faults:
        yield _warning(apply, fault.code, fault.message, fault.hint)


def _is_loop(evaluator: Evaluator, apply: Apply, request: Request) -> bool:
    decision = evaluator.evaluate(request)
    redirect = decision.redirect
    return (
        redirect is not None
        and decision.decided_by(keys.response.set_status_code) is apply
        and not decision.downstream.sets_cookie
        and leads_to_itself(request, decision.host, redirect.status, redirect.location)
    )


def _warning(apply: Apply, code: Code, message: str, cure: str) -> Diagnostic:
    return Diagnostic(code, message, apply.source, hint=cure, severity="warning")
