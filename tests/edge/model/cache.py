"""The model: one request after the other, against a dict of lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit

from edge.model.client import as_ruled, client_side, led_on, origin_side, part, unless_known
from edge.model.key import Key, cache_key, own_target, varied
from edge.model.lifetime import Terms, age_on_arrival, directives, terms_of
from edge.model.origin import FORWARDED, Origin, http_date
from edge.model.plain import Answer, Ask, Fields, NoAnswer, OriginCall, value_of, with_field, without
from edge.model.rules import Rule, Settings, decide
from edge.model.validation import is_about, validators

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
FAILURES = (500, 502, 503, 504)
CONDITIONS = ("if-none-match", "if-modified-since", "if-range", "range")


@dataclass
class StoredResponse:
    """A stored answer, and its headers after the rules that are for origins'."""

    answer: Answer
    headers: Fields
    chosen_by: Fields
    arrived: float
    age: float
    terms: Terms


@dataclass
class Told:
    """What became of a request: the answer, and what the cache had to do with it."""

    answer: Answer
    cache: str
    shared: bool = False
    """Whether those who ask the same meanwhile are given it too."""
    heard: Answer | None = None
    """What the origin answered, where the cache had no part in it."""


@dataclass
class ModelEdge:
    """An edge that does one thing after the other."""

    rules: Sequence[Rule]
    origin: Origin
    clock: Callable[[], float]
    copies: dict[Key, list[StoredResponse]] = field(default_factory=dict)
    failed: dict[str | None, float] = field(default_factory=dict)
    """When an origin did not answer, by its name."""
    unkept: dict[Key, float] = field(default_factory=dict)
    """Until when requests do not wait for each other."""

    def handle(self, ask: Ask) -> Told:
        """Answer one request, and do at once what the edge does in the background."""
        ask = _canonical(ask)
        told = self._handle(ask)
        if (_is_own(ask) or _is_foreign(ask)) and _is_not_a_page(ask, told.answer.status):
            fetched = told.cache in ("miss", "pass", "coalesced", "revalidated")
            told = replace(told, answer=_refusal(ask), cache=told.cache if fetched else "refused")
        return replace(told, answer=led_on(ask, told.answer))

    def _handle(self, ask: Ask) -> Told:
        settings = decide(self.rules, ask)
        made = _made(settings)
        if made is not None:
            headers = client_side((*origin_side((), settings), *made.headers), settings)
            return Told(_bodiless(ask, Answer(made.status, headers, made.body)), "synthetic")
        told = self._through_cache(ask, settings)
        if ask.method not in SAFE and told.heard is not None and told.heard.status < 400:
            self._forget(ask, told.heard)
        return told

    def handle_at_once(self, ask: Ask, times: int) -> list[Told]:
        """Answer a request that comes several times at once."""
        ask = _canonical(ask)
        key = cache_key(ask, decide(self.rules, ask))
        before = dict(self.copies), dict(self.failed)
        alone = self.clock() < self.unkept.get(key, 0)
        told = [self.handle(ask)]
        if told[0].cache in ("hit", "stale") or (told[0].shared and not alone):
            return told + [replace(told[0], cache=told[0].cache.replace("miss", "coalesced"))] * (times - 1)
        for _ in range(times - 1):
            self.copies, self.failed = dict(before[0]), dict(before[1])
            told.append(self.handle(ask))
        return told

    def _through_cache(self, ask: Ask, settings: Settings) -> Told:
        control = directives(value_of(ask.headers, "cache-control"))
        key = cache_key(ask, settings)
        cacheable = _may_be_kept(ask, settings)
        refreshes = bool(settings.get("honor_no_cache_request_header")) and (
            "no-cache" in control or "no-cache" in directives(value_of(ask.headers, "pragma"))
        )
        copy = self._find(key, ask) if cacheable else None
        guarded = _is_foreign(ask) and _is_prefetchable(ask, settings)
        prefetch = guarded or "edgio_prefetch=1" in ask.query.split("&")
        is_empty = settings.get("refresh_zero_byte_cache_files") and copy is not None and not copy.answer.body
        if copy is not None and not refreshes and not is_empty:
            of_copy = decide(self.rules, ask, copy.answer.status)
            left = copy.terms.fresh - self.clock()
            if left > 0 or self.clock() < copy.terms.stale:
                told = self._from_copy(ask, copy, of_copy, "hit" if left > 0 else "stale")
                ends = left <= 0 or left < (settings.duration("prevalidate_cached_content") or 0)
                silent = prefetch or ask.method == "HEAD" or "no-store" in control
                if ends and not silent and not self._rests(settings):
                    self._refresh(ask, key, copy, settings)
                return told
        if prefetch and not settings.get("allow_prefetching_uncached_content"):
            return Told(_refusal(ask), "refused")
        if "only-if-cached" in control:
            return Told(Answer(504, (("cache-control", "no-store"),)), "error")
        serves = copy is not None and self.clock() < copy.terms.error
        if copy is not None and serves and self._rests(settings):
            return self._stale(ask, copy)
        whole = cacheable and ask.method != "HEAD"
        keeps = whole and "no-store" not in control
        try:
            answer = self._answer(ask, copy, settings, whole=whole)
        except NoAnswer as failure:
            if copy is not None and serves:
                return replace(self._stale(ask, copy), shared=whole)
            status = 504 if failure.slow else 502
            return Told(Answer(status, (("cache-control", "no-store"),)), "error", shared=whole)
        if answer.status in FAILURES and copy is not None and serves:
            return replace(self._stale(ask, copy), shared=whole)
        if copy is not None and answer.status == 304 and whole:
            kept, copy = self._renewed(ask, key, copy, answer, keeps=keeps)
            told = self._from_copy(ask, copy, decide(self.rules, ask, copy.answer.status), "revalidated")
            return replace(told, shared=kept)
        taken = self._taken(ask, key, copy, answer, keeps=keeps) if whole else None
        after = decide(self.rules, ask, answer.status)
        if taken is not None:
            return replace(self._from_copy(ask, taken, after, "miss"), shared=True)
        headers = client_side(origin_side(answer.headers, after), after)
        seen = Answer(answer.status, headers, answer.body, answer.broken)
        last = as_ruled(seen, after) or unless_known(ask, seen, after)
        return Told(_bodiless(ask, last), "miss", heard=None if cacheable else answer)

    def _rests(self, settings: Settings) -> bool:
        """Whether an origin that did not answer is left alone."""
        timer = settings.get("revalidate_while_stale_timer")
        failed = self.failed.get(settings.get("set_origin"))
        return timer is not None and failed is not None and self.clock() - failed < timer

    def _refresh(self, ask: Ask, key: Key, copy: StoredResponse, settings: Settings) -> None:
        """What goes on in the background while a client has the expired copy."""
        try:
            answer = self._answer(ask, copy, settings, whole=True)
        except NoAnswer:
            return
        if answer.status in FAILURES and self.clock() < copy.terms.error:
            return
        if answer.status == 304:
            self._renewed(ask, key, copy, answer, keeps=True)
        else:
            self._taken(ask, key, copy, answer, keeps=True)

    def _taken(
        self, ask: Ask, key: Key, copy: StoredResponse | None, answer: Answer, *, keeps: bool
    ) -> StoredResponse | None:
        """The copy that an answer makes, or None if it makes none; either way it ends the one before it."""
        kept = self._made_of(ask, answer) if keeps else None
        if kept is None:
            self.unkept[key] = self.clock() + 10
            if copy is not None and keeps and answer.status not in FAILURES:
                self._drop(key, copy)
            return None
        self.unkept.pop(key, None)
        if not answer.broken:
            self._store(key, kept)
        return kept

    def _store(self, key: Key, kept: StoredResponse) -> None:
        others = [other for other in self.copies.get(key, []) if other.chosen_by != kept.chosen_by]
        self.copies[key] = [*others, kept]

    def _made_of(self, ask: Ask, answer: Answer) -> StoredResponse | None:
        now = self.clock()
        after = decide(self.rules, ask, answer.status)
        headers = origin_side(answer.headers, after)
        if value_of(headers, "date") is None:
            headers = with_field(headers, "date", http_date(now))
        terms = terms_of(answer.status, headers, after, now)
        if terms is None:
            return None
        names = {name.strip().lower() for name in (value_of(headers, "vary") or "").split(",")}
        chosen_by = varied(ask, sorted(names - {""}))
        return StoredResponse(answer, headers, chosen_by, now, age_on_arrival(headers, now), terms)

    def _drop(self, key: Key, copy: StoredResponse) -> None:
        self.copies[key] = [other for other in self.copies.get(key, []) if other is not copy]

    def _renewed(
        self, ask: Ask, key: Key, copy: StoredResponse, answer: Answer, *, keeps: bool
    ) -> tuple[bool, StoredResponse]:
        """Whether a copy is kept on, and it with the headers of a 304 in place of the old ones."""
        own = without(
            copy.answer.headers, "age", "date", *(name for name, _ in answer.headers if name != "etag")
        )
        newer = without(answer.headers, "etag") if value_of(own, "etag") is not None else answer.headers
        fields = (*own, *newer)
        if value_of(fields, "date") is None:
            fields = with_field(fields, "date", http_date(self.clock()))
        merged = Answer(copy.answer.status, fields, copy.answer.body)
        made = self._made_of(ask, merged)
        if keeps:
            self._drop(key, copy)
        if made is not None and keeps:
            self.unkept.pop(key, None)
            self._store(key, made)
            return True, made
        now = self.clock()
        self.unkept[key] = now + 10
        headers = origin_side(merged.headers, decide(self.rules, ask, merged.status))
        return False, StoredResponse(
            merged, headers, (), now, age_on_arrival(headers, now), Terms(now, now, now)
        )

    def _answer(self, ask: Ask, copy: StoredResponse | None, settings: Settings, *, whole: bool) -> Answer:
        """The origin's answer; asked again where a 304 is about something else (RFC 9111, section 4.3.4)."""
        if not whole:
            return self._ask(ask, (), settings, whole=False)
        answer = self._ask(ask, () if copy is None else validators(copy.answer.headers), settings, whole=True)
        if copy is None or answer.status != 304 or is_about(copy.answer.headers, answer.headers):
            return answer
        return self._ask(ask, (), settings, whole=True)

    def _ask(self, ask: Ask, conditions: Fields, settings: Settings, *, whole: bool) -> Answer:
        headers = tuple(pair for pair in ask.headers if pair[0] in FORWARDED)
        if whole:
            headers = (*without(headers, *CONDITIONS), *conditions)
        target = own_target(ask, settings)
        origin: str | None = settings.get("set_origin")
        asked = OriginCall(origin, ask.method, target, tuple(sorted(headers)), ask.body)
        try:
            answer = self.origin.answer(self.clock(), asked)
        except NoAnswer:
            self.failed[origin] = self.clock()
            raise
        self.failed.pop(origin, None)
        return answer

    def _find(self, key: Key, ask: Ask) -> StoredResponse | None:
        fitting = [
            copy
            for copy in self.copies.get(key, [])
            if varied(ask, [name for name, _ in copy.chosen_by]) == copy.chosen_by
        ]
        return fitting[-1] if fitting else None

    def _forget(self, ask: Ask, answer: Answer) -> None:
        """Remove what an unsafe request makes out of date."""
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

    def _stale(self, ask: Ask, copy: StoredResponse) -> Told:
        return self._from_copy(ask, copy, decide(self.rules, ask, copy.answer.status), "stale-error")

    def _from_copy(self, ask: Ask, copy: StoredResponse, settings: Settings, cache: str) -> Told:
        age = int(copy.age + self.clock() - copy.arrived)
        headers = client_side(with_field(copy.headers, "age", str(age)), settings)
        seen = Answer(copy.answer.status, headers, copy.answer.body, copy.answer.broken)
        ruled = as_ruled(seen, settings)
        return Told(_bodiless(ask, ruled or part(ask, seen, settings)), cache)


def _canonical(ask: Ask) -> Ask:
    """The request with its query in one spelling (RFC 3986 section 6.2.2.2)."""
    return replace(ask, query=ask.query.replace("%5F", "_"))


def _may_be_kept(ask: Ask, settings: Settings) -> bool:
    """Whether the cache may know answers to such a request."""
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
    """What rules answer by themselves."""
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
    return replace(answer, body=b"") if ask.method == "HEAD" else answer


def _is_own(ask: Ask) -> bool:
    """Whether it is a prefetch of this project's scripts."""
    return not {"edgio_prefetch=1", "edgio_dt_pf=1"}.isdisjoint(ask.query.split("&"))


def _is_foreign(ask: Ask) -> bool:
    """Whether it is a prefetch of anything else."""
    if any(part.startswith("edgio_") for part in ask.query.split("&")):
        return False
    return (value_of(ask.headers, "sec-purpose") or "").split(";")[0] == "prefetch"


def _is_prefetchable(ask: Ask, settings: Settings) -> bool:
    """Whether the rules make a page prefetchable."""
    if ask.method != "GET" or settings.get("bypass_cache") or not settings.by_status["max_age"]:
        return False
    return (settings.duration("service_worker_max_age") or 0) > 0


def _is_not_a_page(ask: Ask, status: int) -> bool:
    """Whether a browser that gets this status has no page, or a part of one that it did not ask for."""
    if status == 206:
        return value_of(ask.headers, "range") is None
    conditions = ("if-none-match", "if-modified-since")
    if status == 304:
        return all(value_of(ask.headers, name) is None for name in conditions)
    return status in (204, 205)


def _refusal(ask: Ask) -> Answer:
    return Answer(503 if _is_foreign(ask) else 412, (("cache-control", "no-store"),))
