"""Settings that act when a response has come, and each time one is sent."""

from __future__ import annotations

from prefetchrouter.catalog import keys
from prefetchrouter.evaluation.header_changes import NEVER_STORED
from prefetchrouter.lowering.plans import Plan
from prefetchrouter.targets.nginx.book import BookLine
from prefetchrouter.targets.nginx.conf_text import ConfText, interpolated, quoted
from prefetchrouter.targets.nginx.header_variables import headers_of
from prefetchrouter.targets.nginx.phase_settings import NONE, YES, keep_fragment
from prefetchrouter.targets.nginx.reading_variables import text_of
from prefetchrouter.targets.nginx.words import Words


class LateWords(Words):
    """Adds the words of the late phases."""

    def add_late(self) -> None:
        """Add them."""
        self._keep()
        self._client()

    def _keep(self) -> None:
        keep = self.keep
        pieces = [
            *keep.fragments("keep", keep_fragment),
            *self.client.fragments("keep", keep_fragment),
        ]
        self.book.add("pr_keep", "$pr_empty", [], self.book.text(["{", *pieces, '"_":0}']))
        lifetimes = [
            name
            for name in keep.keys
            if name.startswith((f"{keys.caching.max_age}.", f"{keys.caching.default_internal_max_age}."))
        ]
        columns = list(
            dict.fromkeys(column[0] for name in lifetimes if (column := keep.column(name)) is not None)
        )
        late = bool(self.lowered.late_tests.intersection(keep.projected.used_tests()))
        if late and columns:
            self.words["coalesced"] = NONE
        elif columns:
            self.words["coalesced"] = self.book.add(
                "pr_each", self.book.text(columns), [BookLine(NONE, ConfText("n"))]
            )
        else:
            self.words["coalesced"] = ConfText("n")
        self.changes = headers_of(keep, "origin_response", self.book, {}, "$upstream_http_")
        self.alias("pr_origin_changes", self.book.text(self.changes.scripted))
        # E32: what browsers may prefetch.
        foreseen = self.foreseen_keep
        worker = self.foreseen_client.value(
            keys.caching.service_worker_max_age, "worker_time", lambda time: YES if time.seconds > 0 else NONE
        )
        ages = [name for name in foreseen.keys if name.startswith(f"{keys.caching.max_age}.")]
        ruled = list(
            dict.fromkeys(column[0] for name in ages if (column := foreseen.column(name)) is not None)
        )
        site = self.lowered.site
        allows = site is not None and site.foreign_prefetch == "allow"
        if worker is None or not ruled or allows:
            self.words["guarded"] = NONE
        else:
            has = self.book.add("pr_has_time", self.book.text(ruled), [BookLine(NONE, NONE)], YES)
            self.words["guarded"] = self.book.add(
                "pr_guarded", f'"{has}|{worker}|{self.words["bypass"]}"', [BookLine(quoted("1|1|"), YES)]
            )

    def _client(self) -> None:
        client, book = self.sent, self.book
        worker = client.value(
            keys.caching.service_worker_max_age, "worker_text", lambda time: quoted(f"max-age={time.seconds}")
        )
        self.words["worker_header"] = None
        own = '"$status|$upstream_http_x_pr_own|$pr_deny"'
        never = [BookLine(quoted("~^412"), NONE), BookLine(quoted("~\\|1"), NONE)]
        if worker is not None:
            self.words["worker_header"] = book.add("pr_worker", own, never, worker)
        self._age()
        control, expires = self._client_caching()
        bases = {"age": self.words["age"], "cache-control": control, "expires": expires}
        if self.words["cache_status"] is not None:
            bases["cache-status"] = self.words["cache_status"]
        headers = headers_of(client, "response", book, bases, "$upstream_http_")
        for name in ("age", "cache-control", "expires", "x-sw-cache-control", "cache-status"):
            for header in list(headers.plain):
                if header.name == name:
                    headers.plain.remove(header)
                    made = header.value
                    if name == "cache-control":
                        control = made
                    elif name == "expires":
                        expires = made
                    elif name in ("age", "cache-status"):
                        self.words[name.replace("-", "_")] = made
                    else:
                        self.words["worker_header"] = book.add("pr_worker_set", own, never, made)
        self.words["cache_control"], self.words["expires"] = control, expires
        self._packed()
        self._browser_cache()
        self.words["headers"] = headers.plain
        body = self.plans(
            client,
            keys.response.set_response_body,
            "set_body_own",
            lambda plan: interpolated(
                [
                    "=",
                    book.add(
                        f"pr_body_{book.number('body')}", "$pr_empty", [], text_of(plan.body or (), book)
                    ),
                ]
            ),
        )
        status = self.plans(client, keys.response.set_status_code, "set_status_own", self._status)
        scripted = list(headers.scripted) + [found for found in (body, status) if found]
        self.alias("pr_changes", book.text(headers.scripted))
        self.alias("pr_set_body", body or '""')
        self.alias("pr_set_status", status or '""')
        self._scripted(bool(scripted))

    def _scripted(self, is_scripted: bool) -> None:
        """Add what says, before there is a response, whether edge.js has to change it."""
        before, book = self.foreseen_client, self.book
        status = self.plans(before, keys.response.set_status_code, "foreseen_status", self._status)
        self.words["sets_status"] = status or ConfText("$pr_empty")
        # With another status in its place, nginx no longer knows that of the origin.
        self.alias("pr_tells_status", "1" if status else '""')
        self.words["scripted"] = None
        if not is_scripted:
            return
        if self.lowered.late_tests.intersection(self.client.projected.used_tests()):
            self.words["scripted"] = book.add("pr_scripted", "$pr_empty", [], YES)
            return
        changes = headers_of(before, "response", book, {}, "$upstream_http_").scripted
        body = self.plans(before, keys.response.set_response_body, "foreseen_body", lambda plan: YES)
        found = [*changes, *(found for found in (body, status) if found)]
        self.words["scripted"] = book.add("pr_scripted", book.text(found), [BookLine(NONE, NONE)], YES)

    def _packed(self) -> None:
        """Add the locations that compress, one for each list of media types."""
        names: dict[tuple[str, ...], ConfText] = {}

        def place(types: tuple[str, ...]) -> ConfText:
            own = tuple(map(str.lower, types))
            return names.setdefault(own, ConfText(f"@packed_{len(names) + 1}")) if own else NONE

        column = self.foreseen_client.value(keys.response.compress_content_types, "packed_by_rules", place)
        self.alias("pr_packed", column or '""')
        self.words["packs"] = ConfText("$pr_packed" if column else "")
        self.words["packed"] = [
            (name, ConfText(" ".join(map(quoted, types)))) for types, name in names.items()
        ]
        of_place = [BookLine(quoted(name), quoted(" ".join(types))) for types, name in names.items()]
        self.book.add("pr_packed_types", "$pr_packed", of_place)

    def _age(self) -> None:
        """Add the age of a response, unless rules keep it from clients."""
        sends_age = self.sent.value(
            keys.headers.age_response_header, "sends_age", lambda on: NONE if on else ConfText("0")
        )
        self.words["age"] = ConfText("$pr_age")
        if sends_age is not None:
            self.words["age"] = self.book.add(
                "pr_age_by_rules", sends_age, [BookLine(ConfText("0"), NONE)], ConfText("$pr_age")
            )

    def _browser_cache(self) -> None:
        """Change the headers of a prefetch that the browser's own cache keeps (E39)."""
        worker, book = self.words["worker_header"], self.book
        self.words["no_vary_search"] = None
        if worker is None:
            return
        no_store = [BookLine(quoted("~*(?:^|,)[ \\t]*no-store[ \\t]*(?:,|$)"), YES)]
        parts = (
            "$pr_for_browser",
            "$status",
            "$upstream_http_set_cookie",
            "$pr_varies_unseen",
            book.add("pr_no_store", self.words["cache_control"], no_store),
            book.add("pr_long", worker, [BookLine(quoted("~^max-age=0*[1-9]"), YES)]),
        )
        kept = book.add("pr_in_browser", f'"{"|".join(parts)}"', [BookLine(quoted("1|200||||1"), YES)])
        for name, value in (("cache_control", worker), ("expires", NONE), ("age", NONE)):
            given = self.words[name]
            self.words[name] = book.add(f"pr_{name}_kept", kept, [BookLine(YES, value)], given)
        self.words["no_vary_search"] = book.add(
            "pr_no_vary_search",
            f'"{kept}|$upstream_http_no_vary_search"',
            [BookLine(quoted("1|"), ConfText("$pr_left_out"))],
        )

    def _status(self, plan: Plan) -> ConfText:
        status = plan.status
        return ConfText(f'"{status}"') if isinstance(status, int) else text_of(status or (), self.book)

    def _client_caching(self) -> tuple[ConfText, ConfText]:
        client, book = self.sent, self.book
        control, expires = ConfText("$upstream_http_x_pr_cc"), ConfText("$upstream_http_x_pr_expires")
        age = client.value(keys.caching.client_max_age, "client_age", lambda time: quoted(str(time.seconds)))
        bypass = client.flag(keys.caching.bypass_client_cache, "client_bypass")
        self.alias("pr_client_max_age", self._positive_max_age() or '""')
        if age is None:
            # Without a time there is nothing to treat; the maps show that the rules say so.
            client.value(keys.caching.cache_control_header_treatment, "control_treatment", _word)
            client.value(keys.caching.expires_header_treatment, "expires_treatment", _word)
        if age is not None:
            made = book.add(
                "pr_client_control",
                age,
                [BookLine(NONE, NONE), BookLine(quoted("~^-"), ConfText("no-cache"))],
                interpolated(["max-age=", age]),
            )
            until = book.add(
                "pr_client_until",
                f'"{age}|$upstream_http_x_pr_client_expires"',
                [
                    BookLine(quoted("~^-"), quoted("Thu, 01 Jan 1970 00:00:00 GMT")),
                    BookLine(quoted("~^(?<pr_ca>\\d+)\\|(?P=pr_ca)\\|(?<pr_cu>.+)$"), ConfText("$pr_cu")),
                ],
                ConfText("$pr_js_expires"),
            )
            control = self._treated(
                "control", keys.caching.cache_control_header_treatment, age, made, control
            )
            expires = self._treated("expires", keys.caching.expires_header_treatment, age, until, expires)
        if bypass is not None:
            control = book.add("pr_control_bypassed", bypass, [BookLine(YES, quoted(NEVER_STORED))], control)
            if age is not None:
                expires = book.add(
                    "pr_expires_bypassed",
                    bypass,
                    [BookLine(YES, ConfText("$upstream_http_x_pr_expires"))],
                    expires,
                )
        return control, expires

    def _positive_max_age(self) -> ConfText | None:
        """Return `client_max_age` for the server inside, which has no response of the edge itself."""
        age = self.client.value(
            keys.caching.client_max_age, "kept_age", lambda time: quoted(str(time.seconds))
        )
        if age is None:
            return None
        return self.book.add("pr_client_positive", age, [BookLine(quoted("~^-"), NONE)], age)

    def _treated(self, name: str, key_: str, age: ConfText, made: ConfText, own: ConfText) -> ConfText:
        book = self.book
        treatment = self.sent.value(key_, f"{name}_treatment", _word)
        if treatment is None:
            return book.add(f"pr_{name}_made", age, [BookLine(NONE, own)], made)
        missing = book.add(f"pr_{name}_if_missing", own, [BookLine(NONE, made)], own)
        return book.add(
            f"pr_{name}_made",
            f'"{age}|{treatment}"',
            [
                BookLine(quoted("~^\\|"), own),
                BookLine(quoted("~\\|pass$"), own),
                BookLine(quoted("~\\|if_missing$"), missing),
                BookLine(quoted("~\\|remove$"), NONE),
            ],
            made,
        )


def _word(word: object) -> ConfText:
    return ConfText(str(word))
