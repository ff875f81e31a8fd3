"""Suggestions for strings that a host, country, address, query or header never equals."""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import unquote_plus

from prefetchrouter.errors import RuleError, shown
from prefetchrouter.likely_mistakes.comparing import Compared, can_be, can_be_true
from prefetchrouter.regex import portable
from prefetchrouter.rules.conditions import Variable
from prefetchrouter.rules.foreign_syntax import quoted, regex

_COUNTRIES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT "
    "BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH "
    "ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT "
    "HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS "
    "LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI "
    "NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG "
    "SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG "
    "UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW AP EU A1 A2 O1 T1 "
)
"""ISO 3166-1, and the additional codes of location databases."""

_USER_ASSIGNED = re.compile(r"AA|Q[M-Z]|X[A-Z]|ZZ|\?")

_OTHER_COUNTRIES = {"UK": "GB", "EN": "GB", "USA": "US", "GER": "DE", "GBR": "GB", "DEU": "DE", "FRA": "FR"}
_COUNTRY_NAMES = {
    "germany": "DE", "deutschland": "DE", "austria": "AT", "switzerland": "CH", "france": "FR", "italy": "IT",
    "spain": "ES", "portugal": "PT", "netherlands": "NL", "belgium": "BE", "poland": "PL", "sweden": "SE",
    "norway": "NO", "denmark": "DK", "finland": "FI", "ireland": "IE", "united kingdom": "GB",
    "england": "GB", "great britain": "GB", "united states": "US", "america": "US", "canada": "CA",
    "mexico": "MX", "brazil": "BR", "argentina": "AR", "india": "IN", "china": "CN", "japan": "JP",
    "south korea": "KR", "australia": "AU", "new zealand": "NZ", "russia": "RU", "ukraine": "UA",
    "turkey": "TR",
}  # fmt: skip
_CONTINENTS = {
    "africa": "AF", "asia": "AS", "europe": "EU", "north america": "NA", "america": "NA",
    "south america": "SA", "oceania": "OC", "australia": "OC",
}  # fmt: skip
_TRUE = {"yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"}
_RANGE_OF_STATUSES = re.compile(r"(?P<digit>[1-5])00\s*(?:-|\.\.)\s*(?P=digit)(?:99|xx)", re.I)
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")


def cure(variable: Variable, value: str) -> str | None:
    """Return what to write for a string that a variable never equals, None without a suggestion.

    Example:
        >>> from prefetchrouter.rules.conditions import variable
        >>> cure(variable("request.header", "host"), "https://Shop.example/")
        'write "shop.example"'
    """
    kind = _kind(variable)
    if kind == "host":
        return _host(variable, value)
    if kind == "status" and (digit := re.fullmatch(r"([1-5])(?:xx|[*]+|\d[xX*])", value, re.I)):
        return f"write {regex('^' + digit[1])}"
    if kind == "status" and (digit := _RANGE_OF_STATUSES.fullmatch(value)):
        return f"write {regex('^' + digit['digit'])}"
    if (several := _several(variable, kind, value)) is not None:
        return several
    if kind in ("integer", "decimal") and (order := re.fullmatch(r"\s*([<>]=?)\s*([0-9]+)(?:px)?", value)):
        test = f'{{"{variable.namespace}": "{variable.name}"}}'
        return f'write raw({{"{order[1]}": [{test}, {order[2]}]}}) instead of the mapping'
    candidate = {
        "country": _COUNTRY_NAMES.get(value.lower()) or _OTHER_COUNTRIES.get(value.upper(), value.upper()),
        "choice": _CONTINENTS.get(value.lower().replace("-", " "), value),
        "boolean": _TRUE.get(value.lower(), value.lower()),
        "address": _address(value),
        "digits": re.sub("^AS", "", value, flags=re.I),
        "integer": value.removesuffix("px"),
        "decimal": value.replace(",", "."),
    }.get(kind, value.strip())
    return f"write {shown(candidate)}" if candidate != value and can_be(variable, candidate) else None


def _several(variable: Variable, kind: str, value: str) -> str | None:
    """Return the list for a string with several values, such as ``DE, AT``."""
    if kind not in ("country", "status", "digits", "address"):
        return None
    parts = [part.upper() if kind == "country" else part for part in re.split(r"[\s,;|/]+", value) if part]
    if kind == "country" and (tag := re.fullmatch(r"[a-z]{2}[-_]([A-Z]{2})", value)):
        return f"write {quoted(tag[1])}"
    if len(parts) < 2 or not all(can_be(variable, part) for part in parts):
        return None
    return f"write [{', '.join(map(quoted, parts))}]"


def _kind(variable: Variable) -> str:
    is_host = variable.namespace == "request.header" and variable.name == "host"
    return "host" if is_host else variable.spec.value


def _address(value: str) -> str:
    if value.lower() == "localhost":
        return "127.0.0.1"
    stars = re.fullmatch(r"((?:[0-9]{1,3}\.){1,3})(\*(?:\.\*)*)", value)
    if not stars:
        return value.strip()
    numbers = stars[1].rstrip(".").split(".")
    return ".".join([*numbers, *["0"] * (4 - len(numbers))]) + f"/{8 * len(numbers)}"


def _host(variable: Variable, value: str) -> str | None:
    name = re.sub(r"^(?:[a-z]+:)?//", "", value.strip(), flags=re.I).partition("/")[0].lower()
    if name.startswith("*."):
        return f"write {regex(name[1:].replace('.', chr(92) + '.') + '$')}"
    if name.endswith("*") and can_be(variable, name.rstrip("*.") or "*"):
        return f"write {regex('^' + name.rstrip('*').replace('.', chr(92) + '.'))}"
    if not name.isascii():
        with suppress(UnicodeError):
            name = name.encode("idna").decode()
    return f"write {shown(name)}" if name and can_be(variable, name) else None


def expression_cure(variable: Variable, source: str) -> str | None:
    """Return what to write for a regular expression that never matches a variable.

    Example:
        >>> from prefetchrouter.rules.conditions import variable
        >>> expression_cure(variable("request.header", "host"), r"^https://shop\\.example$")
        'write re.compile(r"^shop\\\\.example$")'
    """
    flag = "(?i)" if source.startswith("(?i)") else ""
    text = source.removeprefix("(?i)")
    for candidate in (
        text.replace("\\\\", "\\"),
        re.sub(r"^(\^?)(?:https?\??:)?(?:\\?/){2}", r"\1", text),
        re.sub(r"^(\^?)(?:https?\??:)?(?:\\?/){2}([^/\\]*(?:\\\.[^/\\]*)*).*", r"\1\2$", text),
        text.upper(),
        text.lower(),
    ):
        try:
            made = portable(f"{flag}{candidate}").source
        except RuleError:
            continue
        if candidate != text and candidate.strip("^$") and can_be_true(Compared(variable, "=~", (made,))):
            return f"write {regex(candidate, ignore_case=bool(flag))}"
    return None


def unlikely_value(variable: Variable, value: str) -> tuple[str, str] | None:
    """Return the problem of a possible but unlikely value of a variable, and what to write.

    Example:
        >>> from prefetchrouter.rules.conditions import variable
        >>> unlikely_value(variable("request.origin_query", "q"), "a%20b")
        ('parameters are compared decoded: "a b" is never "a%20b"', 'write "a b"')
    """
    kind = _kind(variable)
    if kind == "host":
        return _odd_host(value)
    if kind == "country" and value not in _COUNTRIES.split() and not _USER_ASSIGNED.fullmatch(value):
        code = _OTHER_COUNTRIES.get(value)
        return f"{shown(value)} is not a country code", f"write {shown(code or 'GB')}" if code else _ISO
    if variable.spec.value == "text" and (variable.namespace, variable.name) not in _STAR_IS_A_VALUE:
        code = _as_expression(value)
        if code is not None:
            return f"{shown(value)} is compared literally", f"write {code}"
    if variable.namespace == "request.origin_query" and _ESCAPE.search(value):
        plain = unquote_plus(value)
        if plain.isprintable():
            problem = f"parameters are compared decoded: {shown(plain)} is never {shown(value)}"
            return problem, f"write {quoted(plain)}"
    return None


def _as_expression(value: str) -> str | None:
    """Return the expression for a string that looks like one, or has stars at its ends; else None."""
    if value in ("*", ".*", ".+", "%"):
        return 're.compile(".+")'
    javascript = re.fullmatch(r"/(\^?[^/]*[\\^$*+|][^/]*)/([gimsuy]*)", value)
    if javascript:
        return regex(javascript[1], ignore_case="i" in javascript[2])
    if value.startswith("(?i)"):
        return regex(value.removeprefix("(?i)"), ignore_case=True)
    if re.search(r"^\^\w|\w\$$|\.[*+]|\\[dws.]|\)[*+?]", value):
        return regex(value)
    stars = re.fullmatch(r"(\*?)([^*/]+)(\*?)", value)
    if stars and (stars[1] or stars[3]):
        plain = re.sub(r"([.+?()\[{|^$\\])", r"\\\1", stars[2])
        return regex(f"{'' if stars[1] else '^'}{plain}{'' if stars[3] else '$'}")
    return None


_STAR_IS_A_VALUE = (("request.header", "if-match"), ("request.header", "if-none-match"))
"""Headers in which ``*`` is a value (RFC 9110, section 13.1)."""

_ISO = 'write an ISO 3166-1 code, such as "GB"'


def _odd_host(value: str) -> tuple[str, str] | None:
    if value.startswith("."):
        return f"{shown(value)} begins with a dot", f"write {regex(value.replace('.', chr(92) + '.') + '$')}"
    plain = re.sub(r":(?:443|80)$", "", value.lower())
    if plain == value:
        return None
    what = "in lower case" if value.lower() != value else "without the default port"
    return f"{shown(value)}: browsers send the host {what}", f"write {shown(plain)}"
