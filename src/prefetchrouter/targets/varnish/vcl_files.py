"""The files of VCL: `default.vcl` says how the cache works, `rules.vcl` what the rules want."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader

from prefetchrouter.browser.names import NAMES
from prefetchrouter.browser_view.no_vary_search import no_vary_search
from prefetchrouter.catalog import keys
from prefetchrouter.http_cache.conditional import KEPT_IN_304
from prefetchrouter.http_cache.spoofable import HEADER_GROUPS
from prefetchrouter.lowering.lowered import Lowered
from prefetchrouter.lowering.steps import sets_in
from prefetchrouter.rules.property import Property
from prefetchrouter.rules.property_settings import keeps_encoded_slashes, refuses_path_parameters
from prefetchrouter.targets.field_patterns import DICTIONARY, LIST
from prefetchrouter.targets.quoting import Quoted, ShellText, environment
from prefetchrouter.targets.target import Job
from prefetchrouter.targets.varnish.vcl_fill import CannotFill, filled, text
from prefetchrouter.targets.varnish.vcl_keys import arranging_lines, part_lines, query_lines
from prefetchrouter.targets.varnish.vcl_late import add_late
from prefetchrouter.targets.varnish.vcl_rules import RuleCode
from prefetchrouter.targets.varnish.vcl_settings import last
from prefetchrouter.targets.varnish.vcl_text import (
    Vcl,
    header_name,
    is_header_name,
    literal_regex,
    regex,
    string,
)
from prefetchrouter.targets.varnish.vcl_urls import captured
from prefetchrouter.targets.varnish.vcl_walk import in_order, switch

CACHE_NAME: Final = "prefetchrouter"
JSON: Final = (
    r"(?x)(?(DEFINE)(?<ws>[ \t\n\r]*)"
    r"(?<string>\x22(?:[^\x22\x5c\x00-\x1f]|\x5c(?:[\x22\x5c/bfnrt]|u[0-9A-Fa-f]{4}))*+\x22)"
    r"(?<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
    r"(?<array>\[(?&ws)(?:(?&value)(?:,(?&value))*)?(?&ws)\])"
    r"(?<pair>(?&ws)(?&string)(?&ws):(?&value))"
    r"(?<object>\x7b(?&ws)(?:(?&pair)(?:,(?&pair))*)?(?&ws)\x7d)"
    r"(?<value>(?&ws)(?:(?&string)|(?&number)|true|false|null|(?&array)|(?&object))(?&ws)))"
    r"^(?&value)\z"
)
"""JSON, which decides the type of the body that a link carries; for PCRE2 only."""

_SEEN: Final = "!$&'()*+,:;=@[]^{|}"
_ENCODED: Final = '"<>[]^`{|}'


def spoofable_regex() -> str:
    """Return the expression of the request headers that origins never get from a client (E3)."""
    names = sorted({name for group in HEADER_GROUPS for name in group.names})
    own = [literal_regex(name.removesuffix("*")) + ("[^:]*" if name.endswith("*") else "") for name in names]
    return f"(?i)^(?!pr_h_)(?:{'|'.join(own)}|[^:]*[^A-Za-z0-9:-][^:]*):.*$"


def imported_modules() -> tuple[str, ...]:
    """Return the modules that the VCL imports.

    Example:
        >>> "xkey" in imported_modules()
        True
    """
    text = Path(__file__).with_name("templates").joinpath("default.vcl.j2").read_text(encoding="utf-8")
    return tuple(re.findall(r"^import (\w+);", text, re.M))


def context(property: Property | None, code: RuleCode) -> dict[str, Any]:
    """Return what the templates need."""
    unreserved = [found for found in map(chr, range(128)) if re.fullmatch("[\\w.~-]", found)]
    kept = [
        *KEPT_IN_304, "last-modified", NAMES.worker_cache_header, "cache-status",
        "pr_at", *sent_by_rules(code)
    ]  # fmt: skip
    return {
        "keeps_slashes": keeps_encoded_slashes(property),
        "refuses_parameters": refuses_path_parameters(property),
        "hex_letters": [(Vcl(low), Vcl(low.upper())) for low in "abcdef"],
        "unreserved": _escapes(unreserved),
        "encoded": [
            (regex(literal_regex(found)), code)
            for found, (code, _) in zip(_ENCODED, _escapes(_ENCODED), strict=True)
        ],
        "seen": _escapes(_SEEN),
        "last": last,
        "dictionary": regex(DICTIONARY),
        "list": regex(LIST),
        "json": Vcl(f'{{"{JSON}"}}'),
        "spaced": [(Vcl("Accept"), Vcl("pr_accept")), (Vcl("Accept-Language"), Vcl("pr_language"))],
        "known_statuses": Vcl("|".join(str(status.value) for status in HTTPStatus)),
        "worker_header": header_name(NAMES.worker_cache_header),
        "left_out": string(no_vary_search(None, None)),
        "not_in_304": regex(f"(?i)^(?!(?:{'|'.join(map(literal_regex, kept))}):)[^:]+:.*$"),
        "cache_name": Vcl(CACHE_NAME),
        "rewrites": bool(code.rewrites.found),
        "names_rules": any(step.source is not None for step in sets_in(code.lowered.steps)),
        "uses": code.is_used,
        "has_late": bool(code.late),
        "sends_many_headers": len(code.client.constant) + len(code.client.code) > 1,
        "compresses": compresses(code),
        "guards_foreign": property is None or property.foreign_prefetch != "allow",
        "spoofable": regex(spoofable_regex()),
        "carried": carried(code),
        "stores_methods": any(key.startswith(keys.caching.enable_caching_for_methods) for key in code.uses),
        "brackets": _escapes("[]^{|}"),
        **hosts(property),
    }


def _escapes(characters: Iterable[str]) -> list[tuple[Vcl, Vcl]]:
    """Return the digits of the percent-escape of each character, and the character as a string."""
    return [(Vcl(f"{ord(found):02X}"), string(found)) for found in characters]


_CARRIED: Final = (
    "access-control-allow-credentials", "access-control-allow-headers", "access-control-allow-methods",
    "access-control-allow-origin", "access-control-expose-headers", "age", "allow", "cache-control",
    "cache-status", "cdn-cache-control", "content-disposition", "content-language", "content-location",
    "content-security-policy", "content-type", "cross-origin-embedder-policy", "cross-origin-opener-policy",
    "cross-origin-resource-policy", "date", "expires", "link", "location", "nel", "permissions-policy",
    "referrer-policy", "report-to", "retry-after", "server-timing", "set-cookie", "speculation-rules",
    "strict-transport-security", "vary", "www-authenticate", "x-content-type-options", "x-frame-options",
    "x-powered-by", "x-robots-tag",
)  # fmt: skip
_OF_THE_BODY: Final = frozenset(
    {"content-length", "content-encoding", "content-range", "etag", "last-modified", "accept-ranges"}
)


def carried(code: RuleCode) -> list[Vcl]:
    """Return the headers that stay where a rule replaces the body of a response: VCL cannot list them."""
    names = dict.fromkeys([*_CARRIED, NAMES.worker_cache_header, *sent_by_rules(code)])
    return [header_name(name) for name in names if name not in _OF_THE_BODY and is_header_name(name)]


def hosts(property: Property | None) -> dict[str, Any]:
    """Return what says which hosts are served."""
    names = [found.hostname.lower() for found in (property and property.hostnames) or ()]
    first = next((name for name in names if not name.startswith("*")), "localhost")
    found = [
        r"[^:]+" + literal_regex(name[1:]) if name.startswith("*.") else literal_regex(name) for name in names
    ]
    return {
        "hostnames": regex(f"^(?:{'|'.join(found)})(?::[0-9]+)?$") if names else None,
        "first_host": string(first),
        "known_host": _known_host(first),
        "maps_local": bool(names),
    }


def _known_host(name: str) -> Vcl | None:
    """Return a host that requests need no look at, or None if it is not in its shortest form."""
    return string(name) if re.fullmatch(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*", name) else None


def sent_by_rules(code: RuleCode) -> list[str]:
    """Return the names of the headers that rules set for clients."""
    names = dict.fromkeys(code.client.constant)
    names.update((operation.name, None) for operations in code.client.code for operation in operations)
    return list(names)


def rules_vcl(lowered: Lowered, job: Job) -> tuple[str, RuleCode]:
    """Return the text of rules.vcl, and what it was made of."""
    code = RuleCode(lowered, job)
    code.add_walks()
    add_late(code)
    _add_headers(code)
    _add_request_headers(code)
    _add_keys(code)
    _add_bodies(code)
    acls = [
        f"acl {name} {{\n" + "".join(f"    {_network(network)};\n" for network in networks) + "}\n"
        for networks, name in code.networks.items()
    ]
    return "\n".join([*acls, *code.subroutines.texts]), code


def _network(network: str) -> str:
    address, _, length = network.partition("/")
    return f'"{address}"/{length}'


def _add_headers(code: RuleCode) -> None:
    add = code.subroutines.add
    for name, headers, message in (
        ("pr_client_headers", code.client, "resp"),
        ("pr_origin_headers", code.origin, "beresp"),
        ("pr_made_origin_headers", code.origin, "resp"),
    ):
        lines = headers.constant_lines(message)
        if message == "resp" and headers is code.origin:
            lines = [line.replace("bereq.", "req.") for line in lines]
        where = f"{'bereq' if message == 'beresp' else 'req'}.http.pr_set"
        cases = []
        for operations in headers.code:
            try:
                own = headers.numbered_lines(operations, message)
            except CannotFill:
                own = []  # reported where the rule is read
            if message == "resp" and headers is code.origin:
                own = [line.replace("bereq.", "req.").replace("beresp.", "resp.") for line in own]
            cases.append(own or ["# nothing"])
        lines += in_order(code.subroutines, name, where, headers.letter, cases)
        add(name, lines or ["# No rule sets these."])


def _add_request_headers(code: RuleCode) -> None:
    lines = []
    for name in code.request_headers:
        own = f"bereq.http.pr_h_{name}"
        lines += [f"if ({own}) {{", f'    set bereq.http.{name} = {own};',
                  f'    if (bereq.http.{name} == "") {{ unset bereq.http.{name}; }}',
                  f"    unset {own};", "}"]  # fmt: skip
    code.subroutines.add("pr_ruled_headers", lines or ["# No rule sets a request header."])
    restored = [
        line
        for name in code.request_headers
        for line in (
            f'set bereq.http.{name} = var.get("h_{name}");',
            f'if (bereq.http.{name} == "") {{ unset bereq.http.{name}; }}',
        )
    ]
    saved = [f'var.set("h_{name}", bereq.http.{name});' for name in code.request_headers]
    code.subroutines.add("pr_save_headers", saved or ["# No rule sets a request header."])
    code.subroutines.add("pr_restore_headers", restored or ["# No rule sets a request header."])


def _add_keys(code: RuleCode) -> None:
    subroutines = code.subroutines
    lines = ["set req.http.pr_place = req.http.pr_rest;"]
    if code.key_queries.found:
        cases = [query_lines(options) or ["# all of it"] for options in code.key_queries.found]
        subroutines.add("pr_query_of_older", switch(subroutines, "pr_query_of_older", "pr_key_query", cases))
        older = ["if (req.http.pr_key_query) { call pr_query_of_older; }"]
    else:
        older = []
    if code.keys.found:
        cases = [
            [*_or_older(query_lines(options), older), *arranging_lines(options)]
            for options, _ in code.keys.found
        ]
        own = switch(subroutines, "pr_query_of_key", "pr_key_options", cases)
        subroutines.add("pr_query_of_key", own)
        lines.append("if (req.http.pr_key_options) { call pr_query_of_key; }")
        lines += [f"els{line}" for line in older]
    else:
        lines += older
    lines += [
        "set req.http.pr_tag = req.http.host + req.http.pr_sent;",
        'if (req.http.pr_place != "") { set req.http.pr_tag = req.http.pr_tag + "?" + req.http.pr_place; }',
    ]
    if code.key_rewrites.found:
        cases = [_key_rewrite(to) for to in code.key_rewrites.found]
        subroutines.add("pr_rewrite_key", switch(subroutines, "pr_rewrite_key", "pr_key_rewrite", cases))
        lines.append("if (req.http.pr_key_rewrite) { call pr_rewrite_key; }")
    lines += [
        "set req.http.pr_key = req.http.pr_tag;",
        "if (req.http.pr_origin) {",
        '    set req.http.pr_key = req.http.pr_key + "\torigin " + req.http.pr_origin;',
        "}",
    ]
    if code.keys.found:
        cases = [
            part_lines(options, expressions) or ["# nothing more"] for options, expressions in code.keys.found
        ]
        subroutines.add("pr_parts_of_key", switch(subroutines, "pr_parts_of_key", "pr_key_options", cases))
        lines.append("if (req.http.pr_key_options) { call pr_parts_of_key; }")
    subroutines.add("pr_make_key", lines)


def _or_older(lines: list[str] | None, older: list[str]) -> list[str]:
    return (older if lines is None else lines) or ["# all of it"]


def _key_rewrite(to: Any) -> list[str]:
    """Return statements that put what a key rewrite gives in the place of path and query."""
    whole, path = "req.http.pr_whole", "req.http.pr_origin_uri"
    lines = [
        f"set {whole} = {path};",
        f'if (req.http.pr_place != "") {{ set {whole} = {whole} + "?" + req.http.pr_place; }}',
    ]

    def made(of: str) -> str:
        pieces = [
            string(piece) if isinstance(piece, str) else filled(piece)
            if hasattr(piece, "reading") else captured(to, of, piece.group)
            for piece in to.pieces
        ]  # fmt: skip
        return " + ".join(pieces) or '""'

    return [
        *lines,
        f"if ({whole} ~ {regex(to.regex)}) {{ set req.http.pr_tag = req.http.host + {made(whole)}; }}",
        f"elsif ({path} ~ {regex(to.regex)}) {{",
        f"    set req.http.pr_tag = {made(path)};",
        '    if (req.http.pr_tag ~ "\\?") { set req.http.pr_tag = req.http.pr_tag + "&"; }',
        '    else { set req.http.pr_tag = req.http.pr_tag + "?"; }',
        "    set req.http.pr_tag = req.http.pr_tag + req.http.pr_place;",
        "    set req.http.pr_tag = req.http.host + req.http.pr_tag;",
        "}",
    ]


def _add_bodies(code: RuleCode) -> None:
    cases = [[f"set resp.body = {text(body)};"] for body in code.bodies.found]
    lines = switch(code.subroutines, "pr_write_body", "pr_body", cases)
    if not code.is_used("set_response_body"):
        return
    code.subroutines.add("pr_write_body", lines or ["# No rule sets a body."])


def default_vcl(
    property: Property | None,
    code: RuleCode,
    rules: str,
    *,
    host: str | None,
    cache_status: bool,
    has_failover: bool,
    answer_seconds: int,
) -> str:
    """Return the text of default.vcl."""
    found = context(property, code) | {"cache_status": cache_status, "has_failover": has_failover}
    found["answer_seconds"] = answer_seconds
    if host is not None:
        found |= {"first_host": string(host), "maps_local": True}
        found["known_host"] = None if found["hostnames"] else _known_host(host)
    kinds = ("rule_query", "rule_origin_query", "random", "uri")
    found |= {f"reads_{kind}": f"pr_{kind}" in rules for kind in kinds}
    return _templates(Vcl).get_template("default.vcl.j2").render(found, parts=_fixed(found))


def _fixed(found: dict[str, Any]) -> list[Vcl]:
    names: tuple[str, ...] = ("request", "early", "cache", "origin", "client")
    if found["uses"]("debug_header"):
        names = (*names[:-1], "debug", names[-1])
    return [Vcl(_templates(Vcl).get_template(f"{name}.vcl.j2").render(found)) for name in names]


@lru_cache(maxsize=2)
def _templates(language: type[Quoted]) -> Environment:
    return environment(language, PackageLoader("prefetchrouter.targets.varnish"))


def compresses(code: RuleCode) -> bool:
    """Return whether a rule compresses responses."""
    return keys.response.compress_content_types in code.uses


def script(name: str, code: RuleCode) -> str:
    """Return the text of a script: ``"start.sh"`` or ``"deploy.sh"``."""
    gzip = ShellText("on" if compresses(code) else "off")
    return (
        _templates(ShellText)
        .get_template(f"{name}.j2")
        .render(gzip=gzip, restarts=ShellText("12" if code.is_used("follow_redirects") else "4"))
    )
