"""Where redirects and rewrites lead, tried with requests that their rules apply to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from prefetchrouter.analysis.destination_texts import text_faults
from prefetchrouter.analysis.faults import (
    NO_ORIGIN,
    Fault,
    fault_of_growth,
    fault_of_host,
    fault_of_page,
    fault_of_rewrite,
    fault_of_url,
    without_ends,
)
from prefetchrouter.analysis.prefixes import Prefixes, prefixes_of
from prefetchrouter.analysis.witnesses import PlacedFeatures, places, shown_url, witnesses
from prefetchrouter.catalog import keys
from prefetchrouter.errors import Code, Diagnostic, RequestError
from prefetchrouter.evaluation import Decision, Evaluator
from prefetchrouter.evaluation.redirect_target import followed, leads_to_itself
from prefetchrouter.evaluation.url_rewrite import rewritten
from prefetchrouter.http.message import Request
from prefetchrouter.rules.conditions import variable
from prefetchrouter.rules.features import SLASH_AND_QUERY, Features, UrlRedirect, UrlRewrite
from prefetchrouter.rules.features.rewrite_checks import leads_to_its_source
from prefetchrouter.rules.rule import Apply, HasRules
from prefetchrouter.rules.rule_set import RuleSet, property_of, rules_with
from prefetchrouter.rules.walk import comparisons

_CHANGES = re.compile(r"[$%]|:\w")
_FIXED = re.compile(r"/[^/:$%?#(){}*+\\][^:$%?#(){}*+\\]*")
_ELSEWHERE = re.compile(r"https?://([A-Za-z0-9.-]+)(?:/[^/:$%?#(){}*+\\]+)*/?")
_MOST_HOPS = 8
_PATH_AND_METHOD = frozenset((variable("request", "path"), variable("request", "method")))


def destination_warnings(rules: HasRules) -> Iterator[Diagnostic]:
    """Yield a warning for each redirect and rewrite that leads somewhere that cannot be meant.

    Each shows a request and what becomes of it.

    Args:
        rules: A `RuleSet` or a `Router`.

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().match("/:page", lambda route: route.redirect("/:page"))
        >>> [found.message for found in destination_warnings(router)]
        ['/x -> /x: the page is redirected to itself']
    """
    concerned = rules_with(rules, _lead_anywhere)
    if not concerned:
        return
    property = property_of(rules)
    checker = _Checker(RuleSet(rules=tuple(concerned), property=property))
    for place, prefixes in checker.places:
        yield from checker.warnings(place, prefixes)


def _lead_anywhere(features: Features) -> bool:
    return bool(_redirect_of(features) or _rewrites_of(features))


def _redirect_of(features: Features) -> UrlRedirect | None:
    redirect = features.url.url_redirect if features.url is not None else None
    return redirect if redirect is not None and redirect.destination else None


def _rewrites_of(features: Features) -> tuple[UrlRewrite, ...]:
    return features.url.url_rewrite or () if features.url is not None else ()


class _Checker:
    """Tries the rules of one rule set."""

    def __init__(self, rules: RuleSet) -> None:
        self._evaluator = Evaluator(rules)
        names = (found.hostname.lower() for found in (rules.property and rules.property.hostnames) or ())
        there = [
            (place, prefixes_of(place))
            for number, rule in enumerate(rules.rules)
            for place in places(rule, number=number)
            if place.apply.features.url is not None
        ]
        self.places = tuple((place, prefixes) for place, prefixes in there if _acts(place.apply))
        self._from = Prefixes(prefix for _, prefixes in self.places for prefix in prefixes if prefix)
        self._any = Prefixes(prefix for _, prefixes in there for prefix in prefixes)
        general = sorted({place.number for place, prefixes in self.places if "" in prefixes})
        self._last_general = general[-1] if general else -1
        self._general = Evaluator(RuleSet(rules=tuple(rules.rules[n] for n in general))) if general else None
        self._redirected = Prefixes(
            prefix
            for place, prefixes in self.places
            if (redirect := _redirect_of(place.apply.features)) is not None and redirect.source
            for prefix in prefixes
        )
        self._rewritten = Prefixes(
            prefix
            for place, prefixes in self.places
            if not all(map(leads_to_its_source, _rewrites_of(place.apply.features)))
            for prefix in prefixes
        )
        self._circles: set[frozenset[str]] = set()
        self._hosts = frozenset((self._evaluator.host, *names))
        self._hostnames = frozenset(host.lower().partition(":")[0] for host in self._hosts)

    def _is_plain(
        self, place: PlacedFeatures, own: tuple[str, ...], parts: Sequence[UrlRedirect | UrlRewrite]
    ) -> bool:
        """Return whether nothing can be wrong: one folder leads to another, from which no rule leads on."""
        if len(parts) != 1:
            return False
        (part,) = parts
        if self._leaves(place, own, part):
            return True
        to = without_ends(part.destination or "")
        fixed = _FIXED.match(to)
        if fixed is None or "//" in to or "%" in to or to.count("?") > 1 or r"\?" in _own(part.source):
            return False
        others = self._rewritten if isinstance(part, UrlRedirect) else self._redirected
        if "" in own or any(map(others.may_meet, own)):
            return False
        if isinstance(part, UrlRewrite) and part.syntax != "path-to-regexp":
            return False  # its source may take in the query
        if isinstance(part, UrlRedirect) and place.number < self._last_general:
            return False
        return not isinstance(part, UrlRedirect) or self._ends_at(fixed[0])

    def _leaves(self, place: PlacedFeatures, own: tuple[str, ...], part: UrlRedirect | UrlRewrite) -> bool:
        """Return whether a redirect leads to a page of another site, and no other rule acts on its paths."""
        if isinstance(part, UrlRewrite) or part.source is not None:
            return False
        elsewhere = _ELSEWHERE.fullmatch(part.destination or "")
        if elsewhere is None or elsewhere[1].lower() in self._hostnames or "q=1" in elsewhere[0]:
            return False
        tested = {test.variable for condition in place.conditions for test in comparisons(condition)}
        return tested <= _PATH_AND_METHOD and all(map(self._any.only_meets, own))

    def _ends_at(self, start: str) -> bool:
        """Return whether it is certain that no rule redirects paths that begin with a text."""
        if self._from.may_meet(start):
            return False
        general = self._general
        if general is None:
            return True
        for path in (start, f"{start}x", f"{start}x/"):
            first = general.evaluate(Request(f"https://{self._evaluator.host}{path}"))
            second = None if first.redirect is None else self._next(first, first.redirect.location)
            if second is None:
                continue
            if self._from.may_meet(second.path) or general.evaluate(second).redirect is not None:
                return False
        return True

    def warnings(self, place: PlacedFeatures, prefixes: tuple[str, ...]) -> Iterator[Diagnostic]:
        """Yield what is wrong with the destinations of one place, each kind once.

        Args:
            place: The place.
            prefixes: Its `prefixes_of`.
        """
        features = place.apply.features
        redirect, rewrites = _redirect_of(features), _rewrites_of(features)
        acting = (entry for entry in rewrites if not leads_to_its_source(entry))
        parts = (*((redirect,) if redirect else ()), *acting)
        for part in parts:
            for fault in text_faults(part):
                yield _warning(place.apply, fault.code, fault.message, fault.hint)
        if self._is_plain(place, prefixes, parts):
            return
        sources = [(part.source, part.syntax == "path-to-regexp") for part in parts if part.source]
        reported: set[str] = set()
        missed: Decision | None = None
        overruled: Decision | None = None
        has_acted = False
        has_led = redirect is None or redirect.source is None
        for request in witnesses(place, self._evaluator.host, sources, is_fixed=all(map(_is_fixed, parts))):
            decision = self._evaluator.evaluate(request)
            if not any(found.rule is place.apply for found in decision.rules):
                continue
            if redirect is not None:
                location = decision.downstream.location_of(redirect)
                has_led = has_led or location is not None
                if location is not None and decision.decided_by(keys.url.url_redirect) is place.apply:
                    has_acted = True
                elif location is not None and decision.redirect is None and overruled is None:
                    overruled = decision
                if location is None and missed is None and _would_match(redirect, request):
                    missed = decision
                found = self._of_redirect(place, redirect, decision, location)
            else:
                found = self._of_rewrite(place, decision, rewrites[-1].destination or "")
            if found is not None and found.kind not in reported:
                reported.add(found.kind)
                yield _warning(place.apply, found.code, found.message, found.hint)
        if not has_led and missed is not None and redirect is not None:
            yield _dead(place.apply, missed)
        if not has_acted and overruled is not None:
            yield _overruled(place.apply, overruled)

    @staticmethod
    def _of_rewrite(place: PlacedFeatures, decision: Decision, destination: str) -> Fault | None:
        if decision.decided_by(keys.url.url_rewrite) is not place.apply:
            return None
        return fault_of_rewrite(decision, destination)

    def _of_redirect(
        self, place: PlacedFeatures, redirect: UrlRedirect, decision: Decision, location: str | None
    ) -> Fault | None:
        """Return kind, code, message and cure of what is wrong with a redirect of one request."""
        request = decision.request
        if location is None:
            without = redirect.destination and NO_ORIGIN.sub("/", redirect.destination, count=1)
            if (
                without == redirect.destination
                or decision.downstream.location_of(_leading(redirect, without)) is None
            ):
                return None
            wanted = NO_ORIGIN.sub(lambda found: f"{found[0]}%{{host}}", redirect.destination or "", count=1)
            wanted = without_ends(wanted)
            message = (
                f"{shown_url(request)} -> {without_ends(redirect.destination or '')}: the URL names no host"
            )
            return Fault("host", "destination", message, f'write "{wanted}"')
        destination = redirect.destination or ""
        wrong = fault_of_url(request, location, destination) or fault_of_host(request, location, destination)
        if wrong is not None:
            return wrong
        if decision.decided_by(keys.url.url_redirect) is not place.apply or decision.downstream.sets_cookie:
            return None
        status = redirect.code or 302
        if leads_to_itself(request, decision.host, status, location):
            return fault_of_page(request, location)
        return self._of_trail(place, decision) if self._may_go_on(request, location) else None

    def _may_go_on(self, request: Request, location: str) -> bool:
        """Return whether a rule may concern where a redirect leads; most redirects lead to pages."""
        if not location.startswith("/") or location.startswith("//"):
            return True
        path = location.partition("#")[0].partition("?")[0]
        return len(self._evaluator.candidates(path, request.method)) > 0

    def _of_trail(self, place: PlacedFeatures, decision: Decision) -> Fault | None:
        trail, line = [shown_url(decision.request)], place.apply.source
        others: list[str] = []
        seen = {(decision.request.method, decision.request.url)}
        for _ in range(_MOST_HOPS):
            redirect = decision.redirect
            if redirect is None:
                return _of_end(place, decision)
            request = self._next(decision, redirect.location)
            if request is None:
                return None
            trail.append(shown_url(request))
            if (request.method, request.url) in seen:
                circle = frozenset(trail[trail.index(trail[-1]) :])
                if circle in self._circles:
                    return None
                self._circles.add(circle)
                through = f", through {' and '.join(dict.fromkeys(others))}" if others else ""
                message = f"{' -> '.join(trail)}: the redirects go in a circle{through}"
                cure = "remove one of them" if others else "exclude the target pages from the rule"
                return Fault("loop", "redirect-loop", message, cure)
            seen.add((request.method, request.url))
            decision = self._evaluator.evaluate(request)
            value = decision.value(keys.url.url_redirect)
            if value is not None and value.source is not None and value.source != line:
                others.append(str(value.source))
        wanted = _redirect_of(place.apply.features)
        return fault_of_growth(trail, (wanted and wanted.destination) or "")

    def _next(self, decision: Decision, location: str) -> Request | None:
        """Return the request of a client that follows a redirect, or None if it leaves the site."""
        request = decision.request
        try:
            url = followed(request, decision.host, location)
            if urlsplit(url).netloc.lower() not in (self._hosts | {decision.host}):
                return None
            keeps = request.method in ("GET", "HEAD") or (decision.status in (307, 308))
            return replace(request, url=url, method=request.method if keeps else "GET")
        except (RequestError, ValueError):
            return None


def _of_end(place: PlacedFeatures, decision: Decision) -> Fault | None:
    """Return the fault of a page that a rule redirects to itself, which the edge does not send."""
    redirect = _redirect_of(place.apply.features)
    if redirect is None or decision.decided_by(keys.url.url_redirect) is not place.apply:
        return None
    location = decision.downstream.location_of(redirect)
    if location is None or decision.denied:
        return None
    again = leads_to_itself(decision.request, decision.host, redirect.code or 302, location)
    return fault_of_page(decision.request, location) if again else None


def _is_fixed(part: UrlRedirect | UrlRewrite) -> bool:
    """Return whether a destination holds neither captures nor variables."""
    return _CHANGES.search(without_ends(part.destination or "")) is None


def _own(source: str | None) -> str:
    return (source or "").removesuffix(SLASH_AND_QUERY)


def _acts(apply: Apply) -> bool:
    features = apply.features
    return _redirect_of(features) is not None or not all(map(leads_to_its_source, _rewrites_of(features)))


def _leading(redirect: UrlRedirect, destination: str | None) -> UrlRedirect:
    return UrlRedirect.trusted({**redirect.__dict__, "destination": destination})


def _would_match(redirect: UrlRedirect, request: Request) -> bool:
    """Return whether a redirect would act if nothing were rewritten before."""
    source, destination = redirect.source or "", redirect.destination or ""
    return rewritten(request.path, request.query, source, destination, redirect.syntax) is not None


def _dead(apply: Apply, decision: Decision) -> Diagnostic:
    rewrite = decision.value(keys.url.url_rewrite)
    own = rewrite is None or rewrite.rule is apply
    where = "" if own or rewrite is None or rewrite.source is None else f" at {rewrite.source}"
    cure = (
        "remove the rewrite: a redirected request is not fetched"
        if own
        else "put the redirect after that rule"
    )
    message = (
        f"{shown_url(decision.request)} -> {decision.path}: the redirect sees the rewritten path{where}, "
        "which its source does not match"
    )
    return _warning(apply, "no-effect", message, cure)


def _overruled(apply: Apply, decision: Decision) -> Diagnostic:
    value = decision.value(keys.url.url_redirect)
    where = f" at {value.source}" if value is not None and value.source is not None else ""
    message = (
        f"{shown_url(decision.request)}: this redirect never acts, as the later one{where} takes its "
        "place and does not match"
    )
    return _warning(apply, "no-effect", message, "put this rule after that one")


def _warning(apply: Apply, code: Code, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code, message, apply.source, hint=hint, severity="warning")
