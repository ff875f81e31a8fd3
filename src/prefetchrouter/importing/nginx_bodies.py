"""What the directives of one location, or of a server, do to its requests: the body of a rule."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from prefetchrouter.importing.imported import Imported, NotUnderstoodError
from prefetchrouter.importing.nginx_conf import Directive
from prefetchrouter.importing.nginx_text import duration, filled, with_query, without_query
from prefetchrouter.importing.python_source import Call, Expression
from prefetchrouter.importing.rule_bodies import REDIRECTS, Body, header_name

_ALWAYS = "nginx adds headers without `always` to responses of 2xx and 3xx only; here they are added to all"
_YEARS = "3650d"


@dataclass(frozen=True)
class InheritedSettings:
    """What a block inherits where it does not say otherwise.

    Args:
        headers: What ``add_header`` adds.
        expires: The caching options of ``expires``.
        valid: Those of ``proxy_cache_valid``.
        index: The names of files that are the pages of their folders.
    """

    headers: Mapping[str, str] | None = None
    expires: Mapping[str, Expression] | None = None
    valid: Mapping[str, Expression] | None = None
    index: tuple[str, ...] = ("index.html",)

    def sections(self) -> dict[str, Expression]:
        """The features, by section."""
        caching = {**(self.valid or {}), **(self.expires or {})}
        found: dict[str, Expression] = {"caching": caching} if caching else {}
        if self.headers:
            found["headers"] = {"add_response_headers": dict(self.headers)}
        return found


def settings_of(
    block: Sequence[Directive], inherited: InheritedSettings, imported: Imported
) -> InheritedSettings:
    """Return the settings of a block; a directive of a name replaces all of that name from outside."""
    headers: dict[str, str] = {}
    has_headers = False
    index: tuple[str, ...] = ()
    found = inherited
    valid: dict[str, Expression] = {}
    for each in block:
        try:
            match each.name:
                case "add_header":
                    has_headers = True
                    _add_header(each, headers, imported)
                case "index":
                    index += each.arguments
                    found = replace(found, index=index)
                case "expires":
                    found = replace(found, expires=_expires(each.arguments))
                case "proxy_cache_valid":
                    valid = _with_valid(valid, each.arguments)
                    found = replace(found, valid=valid)
                case _:
                    pass
        except NotUnderstoodError as error:
            imported.not_understood(each.source, each.line, str(error))
    return replace(found, headers=headers) if has_headers else found


def _add_header(each: Directive, headers: dict[str, str], imported: Imported) -> None:
    words = each.arguments
    always = len(words) == 3 and words[2] == "always"
    if len(words) != 2 and not always:
        raise NotUnderstoodError("add_header has a name, a value, and perhaps always")
    name = header_name(words[0])
    if name.lower() in (known.lower() for known in headers):
        raise NotUnderstoodError("a rule adds one header of a name")
    value = filled(words[1])
    if re.search(r"\$[1-9]", value):
        raise NotUnderstoodError("a header holds no groups of an expression")
    if value:
        headers[name] = value
    if value and not always and not any(remark.reason == _ALWAYS for remark in imported.remarks):
        imported.note(each.source, _ALWAYS)


def _expires(words: Sequence[str]) -> Mapping[str, Expression]:
    match words:
        case ["off"]:
            return {}
        case ["epoch"]:
            return {"client_max_age": "-1s"}
        case ["max"]:
            return {"client_max_age": _YEARS}
        case [time] if time.startswith("-"):
            duration(time[1:])
            return {"client_max_age": "-1s"}
        case [*times] if times and not times[0].startswith(("@", "$", "modified")):
            return {"client_max_age": duration(" ".join(times))}
    raise NotUnderstoodError("the time depends on the clock, on the file or on a variable")


def _with_valid(before: Mapping[str, Expression], words: Sequence[str]) -> dict[str, Expression]:
    codes = list(words[:-1]) or ["200", "301", "302"]
    if not words or not all(re.fullmatch(r"[1-5]\d\d", code) for code in codes):
        raise NotUnderstoodError("rules name the status codes whose responses are stored")
    time = duration(words[-1])
    ages: dict[str, str] = dict(before.get("default_internal_max_age", {}))
    # Of two lines for one code nginx takes the first.
    ages |= {code: time for code in codes if code not in ages}
    others = sorted({int(code) for code in ages} - {200})
    found: dict[str, Expression] = {"default_internal_max_age": ages}
    return {**found, "cacheable_status_codes": others} if others else found


def returned(each: Directive, source: str | None, *, ignores_case: bool) -> Body:
    """Return the body of ``return``.

    Args:
        each: The directive.
        source: The expression whose groups its text may name.
        ignores_case: Whether that ignores case.

    Raises:
        NotUnderstoodError: No rule does the same.
    """
    words = each.arguments
    match words:
        case [url] if url.startswith(("http://", "https://", "$scheme")):
            return _redirect(url, 302, source, ignores_case=ignores_case)
        case [code, *rest] if re.fullmatch(r"[2-5]\d\d", code) and len(rest) <= 1:
            status = int(code)
            if status in REDIRECTS and rest:
                return _redirect(rest[0], status, source, ignores_case=ignores_case)
            text = rest[0] if rest else ""
            if "$" in text or "%{" in text:
                raise NotUnderstoodError("the text of a response holds no variables")
            if status == 403 and not text:
                return Body(sections={"access": {"deny_access": True}})
            if status != 444 and not 300 <= status < 400:
                return Body(Call("lambda route: route.send", (text, status)))
    raise NotUnderstoodError("no rule answers so")


def _redirect(to: str, code: int, source: str | None, *, ignores_case: bool) -> Body:
    destination = filled(to)
    if not destination.startswith(("/", "http://", "https://", "%{scheme}://", "%{request_uri}", "%{uri}")):
        raise NotUnderstoodError("the destination is neither a path nor a URL")
    feature: dict[str, Expression] = {"code": code}
    if re.search(r"\$[1-9]", destination):
        if source is None:
            raise NotUnderstoodError("no expression has the groups that it names")
        feature |= {"source": with_query(source, ignores_case=ignores_case), "syntax": "regexp"}
    feature["destination"] = destination
    return Body(sections={"url": {"url_redirect": feature}})


class Rewrite(NamedTuple):
    """What a ``rewrite`` says.

    Args:
        pattern: Its expression.
        code: The status of a redirect, None for another path.
        feature: The feature, a redirect or a rewrite.
        stays: Whether it stays in its location: the flag ``break``.
        ends: Whether the directives after it are skipped: the flags ``break`` and ``last``.
    """

    pattern: str
    code: int | None
    feature: dict[str, Expression]
    stays: bool
    ends: bool


def rewritten(each: Directive) -> Rewrite:
    """Return what a ``rewrite`` says.

    Raises:
        NotUnderstoodError: No rule does the same.
    """
    if len(each.arguments) not in (2, 3):
        raise NotUnderstoodError("rewrite has an expression, a replacement, and perhaps a flag")
    pattern, to, *flags = each.arguments
    flag = flags[0] if flags else ""
    if flag not in ("", "last", "break", "redirect", "permanent"):
        raise NotUnderstoodError(f'"{flag}" is not a flag of rewrite')
    is_url = to.startswith(("http://", "https://", "$scheme"))
    code = 301 if flag == "permanent" else 302 if flag == "redirect" or is_url else None
    keeps_query = not to.endswith("?")
    destination = filled(to.removesuffix("?"))
    if code is None and not destination.startswith("/"):
        raise NotUnderstoodError("its replacement is neither a path nor a URL")
    has_groups = re.search(r"\$[1-9]", destination) is not None
    feature: dict[str, Expression] = {} if code is None else {"code": code}
    # Two queries are joined where the source leaves that of the request alone.
    joins = keeps_query and (code is None or "?" in destination)
    if joins or has_groups or code is None:
        source = without_query(pattern) if joins else with_query(pattern)
        feature |= {"source": source, "syntax": "regexp"}
    if keeps_query and not joins:
        destination += "%{is_args}%{query_string}"
    feature["destination"] = destination
    return Rewrite(pattern, code, feature, flag == "break", flag in ("break", "last"))
