"""The model: one request after the other, against a dict of lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from edge.model.client import client_side, origin_side, part, unless_known
from edge.model.key import Key, cache_key, own_target, varied
from edge.model.lifetime import Terms, age_on_arrival, directives, terms_of
from edge.model.origin import FORWARDED, Origin, http_date
from edge.model.plain import Answer, Ask, Asked, Fields, NoAnswer, value_of, with_field, without
from edge.model.rules import Rule, Settings, decide

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
FAILURES = (500, 502, 503, 504)
CONDITIONS = ("if-none-match", "if-modified-since", "if-range", "range")


@dataclass
class Copy:
    """A stored answer, as the origin sent it but for the rules on its headers."""

    answer: Answer
    chosen_by: Fields
    arrived: float
    age: float
    terms: Terms


@dataclass
class Told:
    """What became of a request: the answer, and what the cache had to do with it."""

    answer: Answer
    cache: str


@dataclass
class ModelEdge:
    """An edge that does one thing after the other."""

    rules: Sequence[Rule]
    origin: Origin
    clock: Callable[[], float]
    copies: dict[Key, list[Copy]] = field(default_factory=dict)

    def handle(self, ask: Ask) -> Told:
        """Answer one request, and do at once what the edge does in the background."""
        settings = decide(self.rules, ask)
        made = _made(settings)
        if made is not None:
            headers = client_side((*origin_side((), settings), *made.headers), settings)
            return Told(_bodiless(ask, Answer(made.status, headers, made.body)), "made")
        told = self._through_cache(ask, settings)
        if ask.method not in SAFE and not _may_be_kept(ask, settings) and told.answer.status < 400:
            self._forget(ask, told.answer)
        return told

    def _through_cache(self, ask: Ask, settings: Settings) -> Told:
        control = directives(value_of(ask.headers, "cache-control"))
        key = cache_key(ask, settings)
        cacheable = _may_be_kept(ask, settings)
        refreshes = bool(settings.get("honor_no_cache_request_header")) and (
            "no-cache" in control or "no-cache" in directives(value_of(ask.headers, "pragma"))
        )
        copy = self._find(key, ask) if cacheable and not refreshes else None
        prefetch = "edgio_prefetch=1" in ask.query.split("&")
        if copy is not None:
            of_copy = decide(self.rules, ask, copy.answer.status)
            if self._fresh(copy, of_copy):
                return self._from_copy(ask, copy, of_copy, "hit")
            if self.clock() < copy.terms.stale:
                told = self._from_copy(ask, copy, of_copy, "stale")
                if not prefetch:
                    self._refresh(ask, key, copy, settings)
                return told
        if prefetch and not settings.get("allow_prefetching_uncached_content"):
            return Told(Answer(412, (("cache-control", "no-store"),)), "refused")
        if "only-if-cached" in control:
            return Told(Answer(504, (("cache-control", "no-store"),)), "error")
        keeps = cacheable and ask.method != "HEAD" and "no-store" not in control
        strip = copy is not None or (cacheable and ask.method != "HEAD")
        return self._from_origin(ask, key, copy, settings, strip=strip, keeps=keeps)

    def _from_origin(
        self, ask: Ask, key: Key, copy: Copy | None, settings: Settings, *, strip: bool, keeps: bool
    ) -> Told:
        try:
            answer = self._ask(ask, copy, settings, strip=strip)
        except NoAnswer as failure:
            if copy is not None and self.clock() < copy.terms.error:
                return self._stale(ask, copy)
            status = 504 if failure.slow else 502
            return Told(Answer(status, (("cache-control", "no-store"),)), "error")
        if answer.status in FAILURES and copy is not None and self.clock() < copy.terms.error:
            return self._stale(ask, copy)
        now = self.clock()
        if copy is not None and answer.status == 304:
            copy = self._renewed(ask, key, copy, answer, keeps=keeps)
            return self._from_copy(ask, copy, decide(self.rules, ask, copy.answer.status), "revalidated")
        after = decide(self.rules, ask, answer.status)
        answer = Answer(answer.status, origin_side(answer.headers, after), answer.body)
        terms = terms_of(answer.status, answer.headers, after, now) if keeps else None
        if terms is None:
            seen = Answer(answer.status, client_side(answer.headers, after), answer.body)
            return Told(_bodiless(ask, unless_known(ask, seen, after)), "miss")
        copy = self._keep(ask, key, answer, terms, now)
        return self._from_copy(ask, copy, after, "miss")

    def _refresh(self, ask: Ask, key: Key, copy: Copy, settings: Settings) -> None:
        """What goes on in the background while a client has the expired copy."""
        full = Ask(
            "GET" if ask.method == "HEAD" else ask.method,
            ask.host,
            ask.path,
            ask.query,
            ask.headers,
            ask.body,
        )
        try:
            answer = self._ask(full, copy, settings, strip=True)
        except NoAnswer:
            return
        if answer.status in FAILURES and self.clock() < copy.terms.error:
            return
        if answer.status == 304:
            self._renewed(full, key, copy, answer, keeps=True)
            return
        after = decide(self.rules, full, answer.status)
        answer = Answer(answer.status, origin_side(answer.headers, after), answer.body)
        terms = terms_of(answer.status, answer.headers, after, self.clock())
        if terms is not None and "no-store" not in directives(value_of(ask.headers, "cache-control")):
            self._keep(full, key, answer, terms, self.clock())

    def _ask(self, ask: Ask, copy: Copy | None, settings: Settings, *, strip: bool) -> Answer:
        headers = tuple(pair for pair in ask.headers if pair[0] in FORWARDED)
        if strip:
            headers = without(headers, *CONDITIONS)
        if copy is not None:
            tag = value_of(copy.answer.headers, "etag")
            changed = value_of(copy.answer.headers, "last-modified")
            if tag is not None:
                headers = with_field(headers, "if-none-match", tag)
            if changed is not None:
                headers = with_field(headers, "if-modified-since", changed)
        target = own_target(ask, settings)
        asked = Asked(settings.get("set_origin"), ask.method, target, tuple(sorted(headers)), ask.body)
        return self.origin.answer(self.clock(), asked)

    def _find(self, key: Key, ask: Ask) -> Copy | None:
        fitting = [
            copy
            for copy in self.copies.get(key, [])
            if varied(ask, [name for name, _ in copy.chosen_by]) == copy.chosen_by
        ]
        return fitting[-1] if fitting else None

    def _keep(self, ask: Ask, key: Key, answer: Answer, terms: Terms, now: float) -> Copy:
        names = [name.strip().lower() for name in (value_of(answer.headers, "vary") or "").split(",")]
        chosen_by = varied(ask, sorted({name for name in names if name}))
        headers = answer.headers
        if value_of(headers, "date") is None:
            headers = with_field(headers, "date", http_date(now))
        kept = Copy(
            Answer(answer.status, headers, answer.body), chosen_by, now, age_on_arrival(headers, now), terms
        )
        others = [copy for copy in self.copies.get(key, []) if copy.chosen_by != chosen_by]
        self.copies[key] = [*others, kept]
        return kept

    def _renewed(self, ask: Ask, key: Key, copy: Copy, answer: Answer, *, keeps: bool) -> Copy:
        """The copy with the headers of a 304 in place of its own (E16)."""
        now = self.clock()
        after = decide(self.rules, ask, copy.answer.status)
        newer = origin_side(answer.headers, after)
        if value_of(newer, "date") is None:
            newer = with_field(newer, "date", http_date(now))
        names = {name for name, _ in newer} | {"age"}
        headers = (*without(copy.answer.headers, *names), *newer)
        terms = terms_of(copy.answer.status, headers, after, now)
        merged = Answer(copy.answer.status, headers, copy.answer.body)
        if not keeps:
            return Copy(merged, copy.chosen_by, now, age_on_arrival(headers, now), copy.terms)
        self.copies[key] = [other for other in self.copies[key] if other is not copy]
        if terms is None:
            return Copy(merged, copy.chosen_by, now, age_on_arrival(headers, now), Terms(now, now, now))
        return self._keep(ask, key, merged, terms, now)

    def _forget(self, ask: Ask, answer: Answer) -> None:
        """Remove what an unsafe request makes out of date (E21)."""
        own = f"http://{ask.host}{ask.target}"
        for url in (own, value_of(answer.headers, "location"), value_of(answer.headers, "content-location")):
            if url is None:
                continue
            parts = urlsplit(urljoin(own, url))
            if parts.netloc != ask.host:
                continue
            other = Ask("GET", ask.host, parts.path, parts.query, ask.headers)
            gone = cache_key(other, decide(self.rules, other)).address
            self.copies = {key: kept for key, kept in self.copies.items() if key.address != gone}

    def _fresh(self, copy: Copy, settings: Settings) -> bool:
        is_empty = settings.get("refresh_zero_byte_cache_files") and not copy.answer.body
        return self.clock() < copy.terms.fresh and not is_empty

    def _stale(self, ask: Ask, copy: Copy) -> Told:
        return self._from_copy(ask, copy, decide(self.rules, ask, copy.answer.status), "stale-error")

    def _from_copy(self, ask: Ask, copy: Copy, settings: Settings, cache: str) -> Told:
        age = int(copy.age + self.clock() - copy.arrived)
        headers = client_side(with_field(copy.answer.headers, "age", str(age)), settings)
        seen = Answer(copy.answer.status, headers, copy.answer.body)
        return Told(_bodiless(ask, part(ask, seen, settings)), cache)


def _may_be_kept(ask: Ask, settings: Settings) -> bool:
    """Whether the cache may know answers to such a request (E8, E9)."""
    if settings.get("bypass_cache"):
        return False
    listed = [name.lower() for name in (settings.get("cache_key") or {}).get("include_headers", ())]
    if value_of(ask.headers, "authorization") is not None and "authorization" not in listed:
        return False
    if ask.method in ("GET", "HEAD"):
        return not ask.body
    methods = settings.get("enable_caching_for_methods") or ()
    return ask.method in ("POST", "PUT") and ask.method in methods and len(ask.body) <= 14_000


def _made(settings: Settings) -> Answer | None:
    """What rules answer by themselves (E28)."""
    if settings.get("deny_access"):
        return Answer(403)
    redirect = settings.get("url_redirect")
    if redirect is not None:
        return Answer(redirect.get("code", 302), (("location", redirect["destination"]),))
    if settings.get("set_done"):
        status = settings.get("set_status_code") or 200
        return Answer(status, (), (settings.get("set_response_body") or "").encode())
    return None


def _bodiless(ask: Ask, answer: Answer) -> Answer:
    return Answer(answer.status, answer.headers, b"") if ask.method == "HEAD" else answer
