"""Every documented feature is known, with its value type, default and place in the manifest."""

from typing import Any

import pytest

from conformance.reference import records
from prefetchrouter.catalog import FEATURES
from prefetchrouter.errors import FeatureError
from prefetchrouter.rules.features import features_from, written

RECORDS = records("features.json")
by_feature = pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["path"])

HEADER_TEXTS = "{<header-name>: ascii-line}"
HEADER_VALUES = "{<header-name>: ascii-line | variable}"
ON_SHIELD = "execute_on_shield: bool (required)}"
SHIELD = {"execute_on_shield": True}
HEADERS = ([{"x-a": "b", "+X_1": ""}], [{"x:y": "b"}, {"x": "é"}, {"x": 1}, ["x-a"], "x-a"])
VARIABLE = ([{"x-a": {"request": "path"}}], [{"x-a": {"request": "nothing"}}])
DURATION = (["0s", "1m", "2h", "3d", "4w", "5y"], ["1", "1.5h", "1h30m", "1 h", "1H", "h", 3600])
SIGNED = (["-1h"], ["--1h"])
BY_STATUS = ([{"200": "1h", "404": "1m"}, {}], [{"600": "1h"}, {"20": "1h"}, {"200": "soon"}])
FLAG = ([True, False], [0, 1, "true"])
TREATMENT = (["pass", "overwrite", "if_missing", "remove"], ["Pass", ""])
STATUS = ([100, 200, 303, 599, 888, 893], [99, 600, "200", True, 200.0])
LINE = (["", "a b ~"], ["a\nb", "é", "\t"])
TOKEN = (["a-b_c.D9"], ["", "a b", "é"])
INTEGER = ([-1, 0, 1], [1.5, "1", True])
TEXT = (["x", "é"], [1, True, ["x"]])
NAMES = ([[], ["x-a", "+Y"]], [["x:y"], "x-a", [1]])


def both(*cases: tuple[list[Any], list[Any]]) -> tuple[list[Any], list[Any]]:
    """Return a value type that several describe together."""
    return [good for case in cases for good in case[0]], [bad for case in cases for bad in case[1]]


def long(name: str, case: tuple[list[Any], list[Any]]) -> tuple[list[Any], list[Any]]:
    """Return the long form of a value type."""
    good, bad = ([{name: value, **SHIELD} for value in values] for values in case)
    return good, [*bad, {name: case[0][0]}, {**good[0], "other": 1}]


def each(case: tuple[list[Any], list[Any]], *, empty: bool = True) -> tuple[list[Any], list[Any]]:
    """Return the lists of a value type."""
    good, bad = [[*case[0]]], [[value] for value in case[1]]
    return ([*good, []], bad) if empty else (good, [*bad, []])


# Good and bad values by the notation of the value type, or by path where that would be long.
TYPES: dict[str, tuple[list[Any], list[Any]]] = {
    "bool": FLAG,
    "int": INTEGER,
    "int>=0": ([0, 1], [-1, 1.5, "1", True]),
    "number": ([1, 1.5, -2], ["1", True, float("inf")]),
    "string": TEXT,
    "string(<=2000)": (["", "é" * 2000], ["x" * 2001, 1]),
    "duration": both(DURATION, ([], ["-1h"])),
    "size": (["0B", "14kB", "1MiB"], ["14KB", "14", 14, "1.5MB"]),
    "token-name": TOKEN,
    "status | ascii-line": both((STATUS[0], [99, 600, True]), LINE),
    "duration | {status: duration}": both(DURATION, BY_STATUS, ([], ["-1h"])),
    "duration | signed-duration | {status: duration}": both(DURATION, SIGNED, BY_STATUS),
    f"duration | signed-duration | {{value: duration (required), {ON_SHIELD}": both(
        DURATION, SIGNED, long("value", (DURATION[0], []))
    ),
    f"bool | {{value: bool (required), {ON_SHIELD}": both(FLAG, long("value", FLAG)),
    f"enum(pass|overwrite|if_missing|remove) | {{value: enum (required), {ON_SHIELD}": both(
        TREATMENT, long("value", TREATMENT)
    ),
    "list[link-value]": each((["</a.js>; rel=preload"], ["é", 1])),
    "list[status]": each(STATUS),
    "list[enum(GET|POST|PUT)]": each((["GET", "POST", "PUT"], ["PATCH", "get", 1])),
    "list[extension-group]": each(([".mp4", ".a .b"], ["mp4", "", 1])),
    "list[string](1..10)": ([["a"], ["a"] * 10], [[], ["a"] * 11, [1]]),
    "list[header-name]": NAMES,
    "list[token-name]": each(TOKEN),
    "list[media-type]": each((["text/html", "image/svg+xml"], ["text/*", "html", 1])),
    f"list[header-name] | {{headers: list[header-name] (required), {ON_SHIELD}": both(
        NAMES, long("headers", (NAMES[0], []))
    ),
    HEADER_VALUES: both(HEADERS, VARIABLE),
    HEADER_TEXTS + " | {headers: " + HEADER_TEXTS + " (required), " + ON_SHIELD: both(
        HEADERS, long("headers", HEADERS)
    ),
    HEADER_VALUES + " | {headers: " + HEADER_VALUES + " (required), " + ON_SHIELD: both(
        HEADERS, VARIABLE, long("headers", VARIABLE)
    ),
    "{<variable-name>: ascii-line}": ([{}, {"a.b-c_1": "v"}], [{"a b": "v"}, {"a": 1}, {"a": "é"}]),
    "{code?: status, headers?: {<header-name>: ascii-line | variable}}": (
        [{}, {"code": 302, "headers": {"Location": "/"}}],
        [{"code": 99}, {"headers": []}, {"other": 1}],
    ),
    "access.token_auth_keys": (
        [{}, {"primary": "k", "primary_min_version": "v2", "backup": "l", "backup_min_version": "v3"}],
        [{"primary": 1}, {"primary_min_version": "v1"}, {"other": 1}],
    ),
    "{kbytes_per_sec: int (required), prebuf_seconds?: number, execute_on_shield?: bool}": (
        [{"kbytes_per_sec": 1}, {"kbytes_per_sec": 1, "prebuf_seconds": 0.5, **SHIELD}],
        [{}, {"kbytes_per_sec": 1.5}, {"kbytes_per_sec": 1, "other": 1}],
    ),
    "caching.cache_key": (
        [
            {},
            {"include_all_query_params": True},
            {"exclude_all_query_params": True, "include_headers": ["x"], "include_cookies": ["y"]},
            {"include_query_params": ["a"], "include_expressions": ["/%{host}"], "include_hostname": True},
            {"include_all_query_params_except": ["a"]},
        ],
        [
            {"include_query_params": []},
            {"include_headers": []},
            {"include_hostname": False},
            {"include_query_params": ["a"], "exclude_all_query_params": True},
            {"other": 1},
        ],
    ),
    "{include_all?: bool, exclude_all?: bool, include?: list[string], include_all_except?: list[string]}": (
        [{}, {"include_all": True}, {"include": ["a"]}, {"include_all_except": []}],
        [{"exclude": ["a"]}, {"include": "a"}],
    ),
    "{source?: regex, destination?: string}": (
        [{}, {"source": "/(.*)", "destination": "/$1"}],
        [{"source": 1}],
    ),
    "{seek_start: token-name (required), seek_end?: token-name}": (
        [{"seek_start": "a"}, {"seek_start": "a", "seek_end": "b"}],
        [{}, {"seek_end": "b"}],
    ),
    "path-string | {js_path?: path-string, version?: int, ...}": (
        ["./a.js", {"js_path": "./a.js", "version": 2, "other": True}, {}],
        ["", 1, {"js_path": 1}, {"version": "2"}],
    ),
    "{code?: status, source?: string, destination?: string, syntax?: enum(regexp|path-to-regexp)}": (
        [{}, {"code": 301, "source": "/a", "destination": "/b", "syntax": "regexp"}],
        [{"code": 99}, {"syntax": "regex"}, {"other": 1}, []],
    ),
    "list[{source?: string, destination?: string, syntax?: enum(regexp|path-to-regexp)}]": (
        [[], [{}], [{"source": "/a", "destination": "/b", "syntax": "path-to-regexp"}]],
        [[{"code": 301}], [{"syntax": "regex"}], {}],
    ),
}


UNDOCUMENTED_DEFAULTS = {"headers.age_response_header": True}
"""A cache must send Age with a stored response (RFC 9111, section 5.1), whether it is documented or not."""


def values_of(record: Any) -> tuple[list[Any], list[Any]]:
    return TYPES.get(record["path"]) or TYPES[record["value"]]


def placed(record: Any, value: Any) -> dict[str, Any]:
    return {record["section"]: {record["name"]: value}} if record["section"] else {record["name"]: value}


@by_feature
def test_it_takes_every_documented_form_of_value(record: Any) -> None:
    """And gives it back as it was written."""
    for value in values_of(record)[0]:
        assert placed(record, value) == written(features_from(placed(record, value)))


@by_feature
def test_it_refuses_what_its_value_type_does_not_hold(record: Any) -> None:
    """With an error that names the feature."""
    for value in [*values_of(record)[1], None]:
        with pytest.raises(FeatureError) as raised:
            features_from(placed(record, value))
        assert record["path"] in str(raised.value)


@by_feature
def test_its_default_and_place_in_the_manifest_are_the_documented_ones(record: Any) -> None:
    """The page of features shows both."""
    spec = FEATURES[record["path"]]
    default = UNDOCUMENTED_DEFAULTS.get(record["path"], record["default"])
    assert (spec.default, spec.in_manifest) == (default, record["in_manifest"])


def test_every_summary_is_in_our_own_words() -> None:
    """Facts are shared, sentences are not."""
    for record in RECORDS:
        assert FEATURES[record["path"]].summary != record["summary"]


def test_all_of_its_features_are_known_and_any_other_is_marked_as_ours() -> None:
    """The reference is a lower bound: what it does not have says so."""
    listed = {record["path"] for record in RECORDS}
    assert listed <= set(FEATURES)
    assert not listed or {spec.key for spec in FEATURES.values() if spec.own} == set(FEATURES) - listed
