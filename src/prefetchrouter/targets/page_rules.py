"""Prints the rules as JavaScript that stands in front of the install script: pages compile no manifest.

What browsers see of the rules is lowered, as for engines, and printed as one function of path and query.
Each rule is statements that change a number, whose bits say of each feature that decides prefetching whether
it is as it must be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from prefetchrouter.browser.names import NAMES
from prefetchrouter.catalog import keys
from prefetchrouter.catalog.feature_specs import FEATURES
from prefetchrouter.lowering import Lowered, Plan, Steps, by_segment, lower
from prefetchrouter.lowering.guards import Every, Guard, Is, Some
from prefetchrouter.lowering.readings import Reading
from prefetchrouter.lowering.steps import Set, Step
from prefetchrouter.lowering.tests import Matches, OneOf, Test
from prefetchrouter.regex import to_python
from prefetchrouter.regex.leading_flags import split_flags
from prefetchrouter.rules.features.section import Section, items
from prefetchrouter.rules.property import Property
from prefetchrouter.rules.property_settings import keeps_encoded_slashes
from prefetchrouter.rules.rule import Rule
from prefetchrouter.rules.rule_set import RuleSet

_DECIDING = [spec for spec in FEATURES.values() if spec.prefetching is not None]
"""The features that decide, each with two bits, the first one lowest: it is as it must be, it is not."""

_START = sum((2 if spec.forbids_prefetching(None) else 1) << 2 * at for at, spec in enumerate(_DECIDING))
_PREFETCHABLE = sum(1 << 2 * at for at, _ in enumerate(_DECIDING))

_ALL = (1 << 2 * len(_DECIDING)) - 1
_SECTION, _, _NOT_KEPT = keys.caching.bypass_client_cache.partition(".")
_PLACES = {spec.name: at for at, spec in enumerate(_DECIDING)}
_QUERIES = ("query", "rule-query", "rule-origin-query")
_NOT_JAVASCRIPT = re.compile(r"\\[AZzhRKGQ]|\[\[:|\(\?P|\(\?[imsx-]")
_SHOWN = re.compile("[^ -.0-~]")

FEW = 20
"""So many rules are tried one after the other; more are looked up by the first segment of the path."""


class _UnsupportedError(Exception):
    """Something that this form cannot say: pages then read the manifest."""


def page_rules(listed: Iterable[Rule], property: Property | None) -> str:
    r"""Return the statement that goes in front of the install script; empty if pages must read the manifest.

    The function's property `needsWorker` says whether only a service worker may keep some of the pages.

    Args:
        listed: What `filter_rules` listed, in order.
        property: The settings around the rules.

    Example:
        >>> from prefetchrouter import Router
        >>> ages = {"max_age": "1h", "service_worker_max_age": "1h"}
        >>> text = page_rules(Router().match("/a", caching=ages).rules, None)
        >>> text[:28], text[-47:]
        ('self.__EDGIO_PREFETCHABLE__=', 'self.__EDGIO_PREFETCHABLE__.needsWorker=false;\n')
    """
    lowered = lower(RuleSet(rules=tuple(listed), property=property))
    try:
        rules = ",\n".join(f"()=>{{{_steps(lowered, rule.steps)}}}" for rule in lowered.rules)
    except _UnsupportedError:
        return ""
    slashes = "" if keeps_encoded_slashes(property) else "&&!/%[25][FC]/.test(p)"
    index, chosen = _index(lowered)
    return (
        f"self.{NAMES.rules_global}=(()=>{{let p,l,q,s,v;const g=k=>new URLSearchParams(q).get(k),"
        f"r=[{rules}]{index};"
        f"return(a,b)=>{{p=a;q=b;l=a.toLowerCase();s={_START};for(const n of {chosen})n();"
        f"return s=={_PREFETCHABLE}{slashes}}}}})();"
        f"self.{NAMES.rules_global}.needsWorker={str(_need_a_worker(lowered)).lower()};\n"
    )


def _need_a_worker(lowered: Lowered) -> bool:
    """Return whether some page is prefetched that the browser's own cache may not keep."""
    return any(
        name == _SECTION and isinstance(section, Section) and dict(items(section)).get(_NOT_KEPT)
        for plan in lowered.plans
        for apply in plan.applied
        for name, section in items(apply.features)
    )


def _index(lowered: Lowered) -> tuple[str, str]:
    """Return a table of rules by first segment, and the expression that reads it."""
    if len(lowered.rules) <= FEW:
        return "", "r"
    places = by_segment(lowered)
    anywhere = json.dumps(places[None], separators=(",", ":"))
    entries = ",".join(
        f"[{_text(segment)},{json.dumps(own, separators=(',', ':'))}]"
        for segment, own in places.items()
        if segment is not None
    )
    return f",m=new Map([{entries}]),w={anywhere}", '(m.get(l.split("/")[1])??w).map(n=>r[n])'


def _steps(lowered: Lowered, steps: Steps) -> str:
    return "".join(_step(lowered, step) for step in steps)


def _step(lowered: Lowered, step: Step) -> str:
    if isinstance(step, Set):
        return _assignment(lowered.plans[step.plan])
    text = "else ".join(
        f"if({_guard(lowered, arm.guard)}){{{_steps(lowered, arm.steps)}}}" for arm in step.arms
    )
    return f"{text}else{{{_steps(lowered, step.otherwise)}}}" if step.otherwise else text


def _assignment(plan: Plan) -> str:
    """Return what a rule makes of the number: the bits of the features that it sets."""
    changed, bits = 0, 0
    for apply in plan.applied:
        for name, section in items(apply.features):
            if name != _SECTION:
                continue
            if not isinstance(section, Section):
                raise _UnsupportedError
            for own, value in items(section):
                if (at := _PLACES.get(own)) is not None:
                    mask = 3 << 2 * at
                    changed |= mask
                    bits = bits & ~mask | (2 if _DECIDING[at].forbids_prefetching(value) else 1) << 2 * at
    return f"s=s&{_ALL & ~changed}|{bits};" if changed else ""


def _guard(lowered: Lowered, guard: Guard) -> str:
    match guard:
        case Is(test=test, negated=negated):
            return f"{'!' if negated else ''}{_test(lowered.tests[test])}"
        case Every(members=members):
            return f"({'&&'.join(_guard(lowered, member) for member in members) or 1})"
        case Some(members=members):
            return f"({'||'.join(_guard(lowered, member) for member in members) or 0})"


def _test(test: Test) -> str:
    """Return a test as an expression: one that binds as tightly as a call."""
    match test:
        case Matches(reading=Reading(kind="method"), regex=regex):
            return "(1)" if to_python(regex).search("GET") else "(0)"
        case OneOf(reading=Reading(kind="method"), texts=texts):
            return "(1)" if "GET" in texts else "(0)"
        case Matches(reading=reading, regex=regex):
            read, tested = _read(reading), _regex(regex)
            return (
                f"((v={read})!=null&&{tested}.test(v))"
                if reading.may_be_missing
                else f"{tested}.test({read})"
            )
        case OneOf(reading=reading, texts=texts, ignores_case=ignores_case):
            read = _read(reading)
            if ignores_case:
                read = "l" if read == "p" else f"{read}.toLowerCase()"
            return f"[{','.join(map(_text, texts))}].includes({read})"
        case _:
            raise _UnsupportedError


def _read(reading: Reading) -> str:
    if reading.missing is not None or reading.otherwise is not None or reading.before:
        raise _UnsupportedError
    if reading.kind in ("path", "origin-path"):
        return "p"
    if reading.kind in _QUERIES:
        return "q"
    if reading.kind == "upper-scheme":
        return "location.protocol.slice(0,-1).toUpperCase()"
    if reading.kind == "parameter":
        return f"g({_text(reading.name)})"
    raise _UnsupportedError


def _regex(regex: str) -> str:
    """Return a portable expression as a literal of JavaScript."""
    flags, source = split_flags(regex)
    if set(flags) - set("ims") or _NOT_JAVASCRIPT.search(source):
        raise _UnsupportedError
    parts = re.findall(r"\\.|[^\\]", source, re.DOTALL)
    if "".join(parts) != source:
        raise _UnsupportedError
    return f"/{''.join(map(_part, parts)) or '(?:)'}/{flags}"


def _part(part: str) -> str:
    if len(part) > 1:
        return part if part[1].isascii() and part[1].isprintable() else _escaped(part[1])
    return _escaped(part) if _SHOWN.match(part) else part


def _escaped(character: str) -> str:
    code = ord(character)
    if character == "/":
        return r"\/"
    if code > 0xFFFF:
        raise _UnsupportedError
    return f"\\u{code:04x}"


def _text(text: str) -> str:
    return json.dumps(text).replace("<", "\\u003c")
