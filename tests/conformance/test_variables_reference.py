"""Every documented condition variable is known, with its operators, kind of value, phase and criterion."""

from typing import Any

import pytest

from conformance.reference import records
from prefetchrouter.rules.variables import VariableSpec, all_variables, lookup

RECORDS = records("conditions.json")
by_variable = pytest.mark.parametrize("record", RECORDS, ids=lambda record: str(record["variable"]))

KINDS = {
    "string": "text",
    "string(1..3 alphanumeric)": "text",
    "string(3 upper-case letters)": "text",
    "string(name=value)": "text",
    "string(year_month)": "text",
    "bool | string": "text",
    "string(digits)": "digits",
    "string(status)": "status",
    "bool": "boolean",
    "int": "integer",
    "int 0..max": "integer",
    "decimal": "decimal",
    "hostname": "host",
    "ip | cidr": "address",
    "path-pattern for == and !=; path otherwise": "path",
    "ISO 3166 country code | A1 | A2 | AP | EU | ?": "country",
}
RAW_ONLY = {"pop_code", "random"}
"""Criteria that the JavaScript router types and then drops; here only `raw` reaches their variables."""


def known(record: Any) -> VariableSpec:
    ((namespace, name),) = record["variable"].items()
    found = lookup(namespace, 99 if name == "<max>" else name)
    assert found is not None
    return found


@by_variable
def test_its_operators_are_the_documented_and_the_emitted_ones(record: Any) -> None:
    """Neither more nor less of those that the reference has; one of our own is allowed."""
    documented = {name for each in RECORDS for name in (*each["operators"], *each["operators_emitted"])}
    expected = {*record["operators"], *record["operators_emitted"]}
    assert expected == documented & set(known(record).operators)


@by_variable
def test_its_kind_of_value_is_the_documented_one(record: Any) -> None:
    """Enumerations list their words."""
    value = record["value"]
    if value.startswith("enum("):
        assert tuple(value[5:-1].split("|")) == known(record).choices
    else:
        assert (KINDS[value], ()) == (known(record).value, known(record).choices)


@by_variable
def test_its_phase_and_its_place_in_the_manifest_are_the_documented_ones(record: Any) -> None:
    """What browsers see rests on this."""
    assert (record["phase"], record["in_manifest"]) == (known(record).phase, known(record).in_manifest)


@by_variable
def test_its_criterion_is_the_documented_one(record: Any) -> None:
    """In Python spelling."""
    key = record["criteria_key"]
    expected = None if key in RAW_ONLY else key.replace("-", "_") if key else None
    assert expected == known(record).criterion


@by_variable
def test_its_summary_is_in_our_own_words(record: Any) -> None:
    """Facts are shared, sentences are not."""
    assert record["summary"] != known(record).summary


def test_every_documented_variable_is_known() -> None:
    """All of these; variables of our own may stand beside them."""
    listed = {tuple(*record["variable"].items()) for record in RECORDS}
    assert listed <= {(spec.namespace, spec.name) for spec in all_variables()}
