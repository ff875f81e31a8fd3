import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter.rules.variables import NAMESPACES, all_variables, lookup, names_in


def test_at_least_96_variables_are_known() -> None:
    """As many as the vendor's documentation and schemas name; the conformance tests compare the names."""
    assert len(all_variables()) >= 96


@pytest.mark.parametrize("namespace", ["request.header", "request.cookie", "request.origin_query"])
def test_a_header_cookie_or_parameter_may_have_any_name(namespace: str) -> None:
    """Their names are the user's own."""
    found = lookup(namespace, "x-anything")
    assert found is not None
    assert found.name == "<name>"


@pytest.mark.parametrize(
    ("name", "phase"),
    [
        ("http_accept", "request"),
        ("arg_page", "request"),
        ("cookie_session", "request"),
        ("usrvar_mine", "request"),
        ("resp_server", "response"),
        ("status", "response"),
        ("resp_age", "response"),
        ("wurfl_cap_is_tablet", "request"),
        ("normalized_path", "request"),
    ],
)
def test_a_variable_name_of_a_family_has_the_phase_of_its_family(name: str, phase: str) -> None:
    """What a response says is known only once there is one."""
    found = lookup("variable", name)
    assert found is not None
    assert phase == found.phase


@pytest.mark.parametrize(
    ("namespace", "name"),
    [
        ("request", "pth"),
        ("request", "<name>"),
        ("requests", "path"),
        ("request.header", ""),
        ("variable", "http_"),
        ("variable", "nothing"),
        ("random", "99"),
        ("random", -1),
        ("random", True),
        ("request", 5),
    ],
)
def test_what_is_not_a_variable_is_not_found(namespace: str, name: str | int) -> None:
    """A misspelled name is never taken for another."""
    assert lookup(namespace, name) is None


def test_random_takes_a_whole_number_and_only_orderings() -> None:
    """Equality with a random number was withdrawn by the vendor."""
    found = lookup("random", 99)
    assert found is not None
    assert found.operators == ("<", "<=", ">", ">=")


def test_a_name_that_is_documented_twice_keeps_its_documented_operators() -> None:
    """The lists of feature variables never loosen what a condition variable takes."""
    found = lookup("variable", "virt_http_version")
    assert found is not None
    assert "<" not in found.operators


def test_only_what_a_url_tells_is_in_the_manifest() -> None:
    """The list that the manifest's privacy rests on."""
    listed = {f"{spec.namespace}:{spec.name}" for spec in all_variables() if spec.in_manifest}
    assert listed == {
        "request:path",
        "request:method",
        "request:scheme",
        "request:query",
        "request:querystring",
        "request:origin_query_string",
        "request:origin_path",
        "request.origin_query:<name>",
        "request.path:directory",
        "request.path:extension",
        "request.path:filename",
    }


def test_every_listed_name_is_found_again() -> None:
    """Proposals are made from these lists."""
    assert all(lookup(namespace, name) for namespace in NAMESPACES for name in names_in(namespace))


@given(st.text(), st.text() | st.integers())
def test_any_name_can_be_looked_up(namespace: str, name: str | int) -> None:
    """Fuzzed: an answer, never an exception."""
    found = lookup(namespace, name)
    assert found is None or found.namespace == namespace
