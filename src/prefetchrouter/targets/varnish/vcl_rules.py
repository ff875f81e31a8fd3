"""The rules as VCL: the walk, what it leads to before the cache, and the parts that later phases need."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from prefetchrouter.catalog import keys
from prefetchrouter.http_cache.spoofable import is_spoofable
from prefetchrouter.lowering.guards import Guard
from prefetchrouter.lowering.lowered import Lowered
from prefetchrouter.lowering.parts import Filled, Parts
from prefetchrouter.lowering.plans import Plan, writes
from prefetchrouter.lowering.steps import Fork, Set, sets_in
from prefetchrouter.targets.quoting import comment as note
from prefetchrouter.targets.target import Job
from prefetchrouter.targets.varnish.vcl_collected import Numbered, readings_of
from prefetchrouter.targets.varnish.vcl_conditions import condition, guard_condition
from prefetchrouter.targets.varnish.vcl_fill import CannotFill, filled, text
from prefetchrouter.targets.varnish.vcl_headers import HeaderCode, operation_lines
from prefetchrouter.targets.varnish.vcl_late import late_lines
from prefetchrouter.targets.varnish.vcl_readings import CLIENT, ORIGIN, composing
from prefetchrouter.targets.varnish.vcl_settings import plain_settings, setting
from prefetchrouter.targets.varnish.vcl_shared import SharedTests
from prefetchrouter.targets.varnish.vcl_text import Vcl, is_header_name, string
from prefetchrouter.targets.varnish.vcl_urls import new_url
from prefetchrouter.targets.varnish.vcl_walk import (
    FIRST_SEGMENT,
    SECOND,
    SECOND_SEGMENT,
    SEGMENT,
    Subroutines,
    Walk,
    comment,
    place,
    switch,
)

QUERY: Final = "req.http.pr_origin_query"


class RuleCode:
    """Prints the rules.

    Args:
        lowered: The rules.
        job: Where it says what VCL cannot do.
    """

    def __init__(self, lowered: Lowered, job: Job) -> None:
        self.lowered, self.job = lowered, job
        self.subroutines = Subroutines()
        self.networks: dict[tuple[str, ...], str] = {}
        self.client = HeaderCode("h.", "c", CLIENT)
        self.origin = HeaderCode("o.", "k", ORIGIN)
        self.client.note(plan.headers("response") for plan in lowered.plans)
        self.origin.note(plan.headers("origin_response") for plan in lowered.plans)
        self.request_headers = list(
            dict.fromkeys(
                operation.name
                for plan in lowered.plans
                for operation in plan.headers("request")
                if is_header_name(operation.name)
            )
        )
        self.bodies, self.keys, self.key_queries, self.key_rewrites = (Numbered() for _ in range(4))
        self.rewrites, self.specials = Numbered(), Numbered()
        self.late: list[Fork] = []
        self.late_numbers: dict[int, int] = {}
        self.origins: dict[str, None] = {}
        self.early_only = False
        self.readings = readings_of(lowered)
        self.uses = {key for plan in lowered.plans for key in plan.values}
        self._used = {part for key in self.uses for part in key.split(".")}
        for step in sets_in(lowered.steps):
            plan = lowered.plans[step.plan]
            self.origin.number(id(step), plan.headers("origin_response"))
            self.client.number(id(step), plan.headers("response"))
        late = lowered.late_tests
        self.shared = SharedTests(lowered.tests)
        self.tests = {
            number: self.shared.condition(test) or condition(test, CLIENT, self.networks)
            for number, test in enumerate(lowered.tests)
            if number not in late
        }

    def is_used(self, *names: str) -> bool:
        """Return whether any rule sets one of some features, given without their section."""
        return not self._used.isdisjoint(names)

    # Conditions

    def guard(self, guard: Guard) -> Vcl:
        """Return a guard before there is a response."""
        return guard_condition(guard, self.tests)

    # What a rule sets

    def set_lines(self, step: Set) -> list[str]:
        """Return the statements of what a rule sets, before there is a response."""
        plan = self.lowered.plans[step.plan]
        lines = [*self._early_lines(plan, step)]
        if not self.early_only:
            notes = _notes(plan)
            settings = self.settings(plan, step, is_named=bool(lines or notes))
            lines += notes
            if settings:
                lines.append(f"set req.http.pr_set = req.http.pr_set + {settings};{comment(step.source)}")
        return lines

    def settings(self, plan: Plan, step: Set, *, is_named: bool = False) -> Vcl | None:
        """Return the text that a rule appends to the settings, or None if it appends nothing.

        It ends with the line of the rule, which is logged: another statement would make the compiler
        behind VCL take half as long again.

        Args:
            plan: What it sets.
            step: The rule.
            is_named: Whether its line is appended even where nothing else is.
        """
        entries = writes(plan)
        made = "".join(plain_settings(entries))
        values = plan.values
        try:
            body = plan.body
            if body is not None:
                text(body)
                made += setting("set_response_body", self.bodies.number(body))
            for code, operations in (
                (self.origin, plan.headers("origin_response")),
                (self.client, plan.headers("response")),
            ):
                for operation in operations:
                    operation_lines(operation, "resp", code.place)
                made += code.settings(id(step), operations)
            if keys.response.compress_content_types in values:
                types = ",".join(values[keys.response.compress_content_types]).lower()
                made += setting("compress_content_types", types)
            status = plan.status
            if isinstance(status, tuple):
                end = f"\t{_line_of(step)}"
                return Vcl(f"{string(made + 'set_status_code=')} + {text(status)} + {string(end)}")
        except CannotFill as error:
            self._cannot_fill(error, step)
        return string(made + _line_of(step)) if made or is_named else None

    def _early_lines(self, plan: Plan, step: Set) -> list[str]:
        lines: list[str] = []
        name = plan.value(keys.origin.set_origin)
        if name is not None:
            self.origins[name] = None
            lines.append(f"set req.http.pr_origin = {string(name)};{comment(step.source)}")
        lines += self._request_header_lines(plan, step)
        for key, header, found in (
            (keys.caching.cache_key, "pr_key_options", self.keys),
            (keys.caching.cache_key_query_string, "pr_key_query", self.key_queries),
        ):
            options = plan.value(key)
            if options is not None:
                parts = self._fillable(plan.key_expressions, step)
                thing = (options, parts) if key == keys.caching.cache_key else options
                lines.append(f'set req.http.{header} = "{found.number(thing)}";{comment(step.source)}')
        rewrite = plan.key_rewrite
        if rewrite is not None and self._is_fillable(rewrite.pieces, step):
            lines.append(
                f'set req.http.pr_key_rewrite = "{self.key_rewrites.number(rewrite)}";{comment(step.source)}'
            )
        special = plan.value(keys.origin.proxy_special_headers)
        if special is not None:
            lines.append(
                f'set req.http.pr_special = "{_quotable(",".join(special).lower())}";{comment(step.source)}'
            )
        lines += self._timers(plan)
        redirect = plan.redirect
        if redirect is not None:
            try:
                lines += new_url(redirect.to, "pr_location", QUERY, filled)
                lines.append(f'set req.http.pr_location_status = "{redirect.status}";{comment(step.source)}')
            except CannotFill as error:
                self._cannot_fill(error, step)
        return lines

    def _timers(self, plan: Plan) -> list[str]:
        lines = []
        for key, header in (
            (keys.caching.revalidate_while_stale_timer, "pr_timer"),
            (keys.origin.read_idle_timeout, "pr_idle"),
        ):
            seconds = plan.value(key)
            if seconds is not None:
                lines.append(f'set req.http.{header} = "{seconds}";')
        return lines

    def _request_header_lines(self, plan: Plan, step: Set) -> list[str]:
        lines = []
        for operation in plan.headers("request"):
            if not is_header_name(operation.name):
                self._bad_name(operation.name, step)
                continue
            name = f"req.http.pr_h_{operation.name}"
            try:
                value = text(operation.text, is_header=True)
            except CannotFill as error:
                self._cannot_fill(error, step)
                continue
            if operation.action == "append":
                own = string("") if is_spoofable(operation.name) else f"req.http.{operation.name}"
                lines.append(f"if (!{name}) {{ set {name} = {own}; }}")
                lines.append(f"set {name} = {name} + {value};{comment(step.source)}")
            else:
                lines.append(f"set {name} = {value};{comment(step.source)}")
        return lines

    def _fillable(self, texts: tuple[Parts, ...], step: Set) -> tuple[Parts, ...]:
        """Return the texts that VCL can make, and report the others."""
        return tuple(parts for parts in texts if self._is_fillable(parts, step))

    def _is_fillable(self, pieces: Iterable[object], step: Set) -> bool:
        """Return whether VCL can make what is put into a text; report where it cannot."""
        try:
            for piece in pieces:
                if isinstance(piece, Filled):
                    filled(piece)
        except CannotFill as error:
            self._cannot_fill(error, step)
            return False
        return True

    def _cannot_fill(self, error: CannotFill, step: Set) -> None:
        self.job.unsupported("%{...}", step.source, f"VCL cannot do the form {error}", kind="value form")

    def _bad_name(self, name: str, step: Set) -> None:
        self.job.unsupported("headers", step.source, f"VCL cannot name the header {name}")

    # The walk

    def add_walks(self) -> None:
        """Add the subroutines `pr_rules` and, where rules rewrite URLs, `pr_find_rewrites`."""
        rewriting = self.lowered.project("rewrite")
        has_rewrites = any(plan.rewrites for plan in rewriting.plans)
        lines: list[str] = []
        lines += [f"std.collect(req.http.{name});" for name in self._headers_read()]
        for reading in [found for found in self.readings if composing(found)]:
            lines += composing(reading)
        for most in sorted(
            {found.name for reading in self.readings for found in reading.all() if found.kind == "random"}
        ):
            lines.append(
                f'set req.http.pr_random_{most} = "" + std.integer(real=std.random(0, {int(most) + 1}));'
            )
        if has_rewrites:
            walk = Walk(
                self.subroutines,
                "pr_find_rewrites",
                self._rewrite_lines(rewriting),
                lambda _: None,
                self.guard,
            )
            walk.add(rewriting)
            cases = [
                [line for to in rewrites for line in self._rewrite(to)] for rewrites in self.rewrites.found
            ]
            self.subroutines.add("pr_rewrite", switch(self.subroutines, "pr_rewrite", "pr_rewrite", cases))
            lines += [
                "call pr_find_rewrites;",
                "if (req.http.pr_rewrite) { call pr_rewrite; call pr_rewritten; }",
            ]
        walk = Walk(
            self.subroutines, "pr_walk", self.set_lines, lambda fork: late_lines(self, fork), self.guard
        )
        walks = walk.add(self.lowered)
        text = "".join(self.subroutines.texts)
        lines = [*self._prepared(text, has_rewrites), *self.shared.lines(), *lines]
        if SECOND in text:
            lines.insert(0, f"set {SECOND} = {SECOND_SEGMENT};")
        if SEGMENT in text:
            lines.insert(0, f"set {SEGMENT} = {FIRST_SEGMENT};")
        if "pr_rule_origin_query" in text:
            lines.append("call pr_rule_origin_queries;")
        if walks:
            lines.append("call pr_walk;")
        self.subroutines.add("pr_rules", lines or ["# There are no rules."])

    def _headers_read(self) -> list[str]:
        """Return the request headers that rules read: of several fields of a name one is made."""
        names = [
            part.name.replace("_", "-")
            for reading in self.readings
            for part in reading.all()
            if part.kind in ("header", "header-like")
        ]
        return [name for name in dict.fromkeys(names) if is_header_name(name)]

    def _prepared(self, text: str, has_rewrites: bool) -> list[str]:
        """Return statements for what of the request is read, and so has to be there."""
        lines = []
        for name, value in (
            ("pr_origin_uri", "pr_uri"), ("pr_origin_path", "pr_path"), ("pr_origin_query", "pr_query"),
        ):  # fmt: skip
            if has_rewrites or name in text or self._needs_origin_uri:
                lines.append(f"set req.http.{name} = req.http.{value};")
        if "pr_rule_query" in text:
            lines.append("call pr_rule_queries;")
        lines += (
            [
                "set req.http.pr_request_uri = req.http.pr_uri;",
                'if (req.http.pr_query != "") {',
                '    set req.http.pr_request_uri = req.http.pr_uri + "?" + req.http.pr_query;',
                "}",
            ]
            if any(reading.kind in ("request-uri", "request-line") for reading in self.readings)
            else []
        )
        return lines

    @property
    def _needs_origin_uri(self) -> bool:
        return any(
            plan.key_rewrite is not None or plan.redirect is not None for plan in self.lowered.plans
        ) or any(reading.kind in ("origin-uri", "parameter") for reading in self.readings)

    def _rewrite_lines(self, lowered: Lowered):  # type: ignore[no-untyped-def]
        def lines(step: Set) -> list[str]:
            rewrites = lowered.plans[step.plan].rewrites
            if rewrites is None:
                return []
            return [f'set req.http.pr_rewrite = "{self.rewrites.number(rewrites)}";{comment(step.source)}']

        return lines

    def _rewrite(self, to: Any) -> list[str]:
        try:
            lines = new_url(to, "pr_place", "req.http.pr_rest", filled, is_target=True)
        except CannotFill as error:
            self.job.unsupported("%{...}", None, f"VCL cannot do the form {error}", kind="value form")
            return []
        return [*lines, "if (req.http.pr_place) { call pr_follow_rewrite; }"]


def _notes(plan: Plan) -> list[str]:
    """Return what a rule says that Varnish has nothing to do for, as comments."""
    lines: list[str] = []
    for apply in plan.applied:
        if apply.features.comment:
            lines.append(note(Vcl, "#", f"comment: {apply.features.comment}"))
    for key in (keys.nel.disabled, keys.caching.partial_cache_sharing_min_hit_size):
        if key in plan.values:
            lines.append(note(Vcl, "#", f"{key}: {plan.values[key]}"))
    if any(key.startswith(f"{keys.set_variables}.") for key in plan.values):
        lines.append("# set_variables: for edge functions, which do not run here")
    return lines


def _line_of(step: Set) -> str:
    return "" if step.source is None else setting("r", _quotable(place(step.source)))


def _quotable(made: str) -> str:
    return made.replace('"', "?").replace("\n", "?")
