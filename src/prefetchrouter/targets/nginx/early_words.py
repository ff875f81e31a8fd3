"""Settings that act before the cache: rewrites, answers of the edge, what passes, and the key."""

from __future__ import annotations

from typing import Any

from prefetchrouter.browser_view.no_vary_search import no_vary_search
from prefetchrouter.catalog import keys
from prefetchrouter.http.request_target import loose_name, named_parameter
from prefetchrouter.lowering.plans import Plan
from prefetchrouter.lowering.readings import Reading
from prefetchrouter.targets.nginx.book import BookLine
from prefetchrouter.targets.nginx.conf_text import ConfText, interpolated, quoted
from prefetchrouter.targets.nginx.phase_settings import NONE, YES
from prefetchrouter.targets.nginx.reading_variables import text_of, variable_of
from prefetchrouter.targets.nginx.substitutions import redirect_data, substitution_data
from prefetchrouter.targets.nginx.words import Words


class EarlyWords(Words):
    """Adds the words of the early phases."""

    def add_early(self) -> None:
        """Add them."""
        self._rewrites()
        self._answers()
        self._caching()
        self._key()
        self._methods()

    def _methods(self) -> None:
        """Add which POST is stored: its body and the headers that say what it means are part of the key."""
        early, about = self.early, ("type", "encoding", "language", "location", "disposition", "md5")
        methods = early.value(
            keys.caching.enable_caching_for_methods,
            "methods",
            lambda names: quoted("|".join(["", *names, ""])),
        )
        self.words["methods"] = methods
        self.words["carries"] = ConfText("$pr_carries" if methods else "")
        sizes = [leaf.plan.value(keys.caching.cacheable_request_body_size) for leaf in early.leaves]
        largest = max([14_000, *(size.bytes for size in sizes if size is not None)])
        self.words["body_buffer"] = min(largest + 2048, 1 << 20)
        most = early.value(
            keys.caching.cacheable_request_body_size,
            "most_size",
            lambda size: ConfText(str(min(size.bytes, 1 << 20))),
        )
        self.alias("pr_most_body", most or '""')
        self.words["key_of_body"] = ConfText("")
        if methods:
            described = "|".join(f"$http_content_{name}" for name in about)
            self.words["key_of_body"] = self.book.add(
                "pr_key_body",
                "$pr_may_store",
                [BookLine(NONE, NONE)],
                ConfText(f'"|method $request_method|{described}|$http_soapaction|$request_body"'),
            )

    def _rewrites(self) -> None:
        def render(plan: Plan) -> ConfText:
            found = [substitution_data(one, self.book) for one in plan.rewrites or ()]
            return self.json(found) if found else NONE

        made = self.plans(self.rewrite, keys.url.url_rewrite, "rewrites", render)
        self.words["rewrites"] = made
        self.words["rewritten"] = ConfText("$pr_origin_target") if made else ConfText("")

    def _answers(self) -> None:
        early = self.early
        deny = early.flag(keys.access.deny_access, "deny")
        redirect = self.plans(
            early,
            keys.url.url_redirect,
            "redirect",
            lambda plan: (
                NONE if plan.redirect is None else self.json(redirect_data(plan.redirect, self.book))
            ),
        )
        done = early.flag(keys.response.set_done, "done")
        makes = "".join(found for found in (deny, done) if found)
        if redirect is not None:
            flag = self.book.add("pr_is_redirected", "$pr_js_redirect", [BookLine(NONE, NONE)], YES)
            asked = self.book.add("pr_asks_redirect", redirect, [BookLine(NONE, NONE)], flag)
            makes += asked
        cookies = [
            self.book.add(f"pr_sets_cookie_{number}", column[0], [BookLine(NONE, NONE)], YES)
            for number, name in enumerate(early.keys)
            if name.endswith("set_response_headers.set-cookie") and (column := early.column(name)) is not None
        ]
        self.words["made"] = (
            self.book.add("pr_makes", f'"{makes}"', [BookLine(NONE, NONE)], YES) if makes else None
        )
        self.words["answers"] = self.words["made"] or ConfText("")
        for name, found in (("deny", deny), ("redirect", redirect)):
            if found is None:
                self.alias(f"pr_{name}", '""')
        self.alias("pr_sets_cookie", self.book.text(cookies))

    def _caching(self) -> None:
        early = self.early
        bypass = early.flag(keys.caching.bypass_cache, "bypass")
        allows = early.flag(keys.response.allow_prefetching_uncached_content, "allows")
        honors = early.flag(keys.caching.honor_no_cache_request_header, "honors")
        self.words["ignores_unsatisfiable"] = self.client.flag(
            keys.caching.ignore_unsatisfiable_ranges, "ignores_unsatisfiable"
        )
        self.words["bypass"] = bypass or ConfText("")
        self.words["allows"] = allows or ConfText("")
        if honors is None:
            self.alias("pr_asks_origin", '""')
        else:
            source = f'"{honors}|$http_cache_control|$http_pragma"'
            regex = quoted("~*^1\\|.*\\bno-cache\\b")
            self.book.add("pr_asks_origin", source, [BookLine(regex, YES)])

    def _key(self) -> None:
        early = self.early
        name = keys.caching.cache_key

        def options(plan: Plan) -> ConfText:
            return self.json(_query_options(plan) | _arrangement(plan))

        older = keys.caching.cache_key_query_string
        leaves = {leaf.number: leaf for which in (older, name) for leaf in early.leaves_setting(which)}
        words = ConfText("$pr_q")
        self._left_out()
        if leaves:
            newer_text = self.plans(early, name, "key_newer", options)
            older_text = self.plans(early, older, "key_older", options)
            both = newer_text or older_text
            assert both is not None
            if newer_text and older_text:
                both = self.book.add(
                    "pr_key_either",
                    newer_text,
                    [BookLine(NONE, older_text), BookLine(quoted("{}"), older_text)],
                    newer_text,
                )
            self.book.add("pr_key_options", "$pr_empty", [], interpolated([both]))
            entries = [
                BookLine(quoted("~\\|$"), NONE),
                BookLine(quoted('~^(?:\\{\\}|\\{"all":1\\})?\\|'), ConfText("$pr_q")),
                BookLine(quoted('~^\\{"none":1\\}\\|'), NONE),
            ]
            words = self.book.add(
                "pr_key_query", '"$pr_key_options|$pr_origin_query"', entries, ConfText("$pr_js_key_query")
            )
        else:
            self.alias("pr_key_options", '""')
            self.alias("pr_key_query", "$pr_q")
        self._rest_of_key(words, has_options=bool(leaves))

    def _left_out(self) -> None:
        """Add what makes no difference to a response, for prefetches into the browser's own cache (E39)."""

        def render(plan: Plan) -> ConfText:
            if not _query_options(plan):
                return NONE
            newer, older = plan.value(keys.caching.cache_key), plan.value(keys.caching.cache_key_query_string)
            return quoted(no_vary_search(newer, older))

        words: ConfText = quoted(no_vary_search(None, None))
        for key, name in (
            (keys.caching.cache_key_query_string, "left_out_older"),
            (keys.caching.cache_key, "left_out_newer"),
        ):
            made = self.plans(self.early, key, name, render)
            if made is not None:
                words = self.book.add(f"pr_{name}_or", made, [BookLine(NONE, words)], made)
        self.alias("pr_left_out", words)

    def _rest_of_key(self, query: ConfText, *, has_options: bool) -> None:
        early, name = self.early, keys.caching.cache_key
        rest: list[ConfText] = []
        origin = early.value(
            keys.origin.set_origin, "key_origin", lambda text: self.book.text([f"|origin {text}"])
        )
        if origin is not None:
            rest.append(origin)
        further = self.plans(early, name, "key_further", self._further)
        if further is not None and has_options:
            rest.append(further)
        rewrite = self.plans(
            early,
            keys.caching.cache_key_rewrite,
            "key_rewrite",
            lambda plan: (
                NONE
                if plan.key_rewrite is None
                else self.json(substitution_data(plan.key_rewrite, self.book))
            ),
        )
        plain = f'"$pr_origin_sent_path{query}"'
        if rewrite is None:
            self.alias("pr_key_rewrite", '""')
            self.book.add("pr_key_target", "$pr_empty", [], ConfText(plain))
        else:
            self.book.add(
                "pr_key_target", rewrite, [BookLine(NONE, ConfText(plain))], ConfText("$pr_js_key_target")
            )
        self.words["key_rest"] = ConfText("".join(rest))
        authorized = self.plans(early, name, "key_authorization", _has_authorization)
        self.words["authorization"] = ConfText("$http_authorization")
        if authorized is not None:
            self.words["authorization"] = self.book.add(
                "pr_authorization", authorized, [BookLine(YES, NONE)], ConfText("$http_authorization")
            )

    def _further(self, plan: Plan) -> ConfText:
        found = plan.value(keys.caching.cache_key)
        parts: list[str | ConfText] = []
        if found is None:
            return NONE
        for name in found.include_headers or ():
            parts += [f"|header {name.lower()}=", ConfText(f"$http_{name.lower().replace('-', '_')}")]
        for name in found.include_cookies or ():
            parts += [f"|cookie {name}=", variable_of(Reading("cookie", name), self.book)]
        for text in plan.key_expressions:
            inner = text_of(text, self.book)
            parts += [
                "|expression ",
                self.book.add(f"pr_expression_{self.book.number('expression')}", "$pr_empty", [], inner),
            ]
        return self.book.text(parts) if parts else NONE


def _query_options(plan: Plan) -> dict[str, Any]:
    newer, older = plan.value(keys.caching.cache_key), plan.value(keys.caching.cache_key_query_string)
    if newer is not None:
        if newer.exclude_all_query_params:
            return {"none": 1}
        if newer.include_query_params:
            return {"only": _loose(newer.include_query_params)}
        if newer.include_all_query_params_except:
            return {"but": [named_parameter(name) for name in newer.include_all_query_params_except]}
        if newer.include_all_query_params or older is None:
            return {"all": 1} if newer.include_all_query_params else {}
    if older is not None:
        if older.exclude_all:
            return {"none": 1}
        if older.include:
            return {"only": _loose(older.include)}
        if older.include_all_except:
            return {"but": [named_parameter(name) for name in older.include_all_except]}
    return {}


def _arrangement(plan: Plan) -> dict[str, Any]:
    found = plan.value(keys.caching.cache_key)
    if found is None or found.exclude_all_query_params:
        return {}
    return {
        **({"fold": 1} if found.ignore_query_case else {}),
        **({"sort": 1} if found.sort_query_params else {}),
    }


def _loose(names: tuple[str, ...]) -> list[str]:
    return [loose_name(named_parameter(name)) for name in names]


def _has_authorization(plan: Plan) -> ConfText:
    found = plan.value(keys.caching.cache_key)
    names = {name.lower() for name in (found.include_headers if found else None) or ()}
    return YES if "authorization" in names else NONE
