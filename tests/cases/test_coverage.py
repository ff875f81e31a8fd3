"""The table of cases covers what engines can see: edge rules, features, variables and operators."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from cases.runners.reader import read
from prefetchrouter.catalog import FEATURES
from prefetchrouter.rules.operators import OPERATORS
from prefetchrouter.rules.variables import all_variables
from prefetchrouter.targets.edge_rules import EDGE_RULES
from prefetchrouter.targets.embedded import SUPPORT
from prefetchrouter.targets.support import CONSTRUCTS

CASES = [read(path) for path in sorted(Path(__file__).parent.rglob("*.case"))]
COUNTED = Counter(name for case in CASES for name in case.concerns)

FACTS = "another name of a fact, which the cases in facts/ show"
OTHERS = {
    "variable.http_x_forwarded_host": "the edge sets that header itself, towards the origin only",
    "variable.is_subrequest": "no engine makes its own requests for a page",
    "variable.virt_http_version": "clients speak HTTP/1.1 in all cases",
    "variable.wurfl_cap_device_os_version": FACTS,
    "variable.country_code": FACTS,
    "variable.is_origin_shield": "there is no shield",
    "variable.usrvar_enable_debug": "there is no custom configuration",
    "variable.usrvar_enable_options_resp": "there is no custom configuration",
    "variable.usrvar_enable_sf_debug": "there is no custom configuration",
    "variable.usrvar_options": "there is no custom configuration",
    "variable.geo_region": FACTS,
    "variable.matched_origin_name": "no engine knows it",
    "variable.matched_property_index": "no engine knows it",
    "variable.popcode": FACTS,
    "variable.virt_dst_addr": "another name of request.client_ip, which variables/names-in-texts.case shows",
    "variable.wurfl_cap_brand_name": FACTS,
    "variable.wurfl_cap_marketing_name": FACTS,
    "variable.wurfl_cap_resolution_height": FACTS,
    "variable.wurfl_vcap_is_ios": FACTS,
    "variable.resp_edgecast_control": "a response header like others: variable.resp_x_other",
    "variable.resp_transfer_encoding": "origins' framing ends at the edge",
    "variable.resp_x_cache": "a response header like others: variable.resp_x_other",
    "pop_code.<code>": "another name of request.pop_code",
    "mtls.client_certificate_verified": "no engine asks clients for certificates",
}
"""Variables without a case, with the reason."""


OF_BROWSERS = {
    "speculation.eagerness": "browsers read it in a file: browser/e2e/edge/speculation.test.ts",
    "speculation.prerender": "browsers read it in a file: tests/speculation",
}
"""Features without a case, with the reason."""


@pytest.mark.parametrize("rule", EDGE_RULES)
def test_each_rule_of_edge_behaviour_has_three_cases(rule: str) -> None:
    assert COUNTED[rule] >= 3


@pytest.mark.parametrize("feature", sorted({*map(str, FEATURES)} - OF_BROWSERS.keys()))
def test_each_feature_that_an_edge_has_has_a_case(feature: str) -> None:
    """What the embedded edge does not have no engine has; its support table gives the reason."""
    named = any(name == feature or name.startswith(f"{feature}.") for name in COUNTED)
    if SUPPORT.of("feature", feature).level == "none":
        assert SUPPORT.of("feature", feature).note
        assert not named
    else:
        assert named


@pytest.mark.parametrize("name", [*OPERATORS, *CONSTRUCTS])
def test_each_operator_and_construct_has_a_case(name: str) -> None:
    assert COUNTED[name]


@pytest.mark.parametrize("name", [spec.name and f"{spec.namespace}.{spec.name}" for spec in all_variables()])
def test_each_variable_has_a_case_or_a_reason(name: str) -> None:
    wild = name.partition(".<")[0]  # of request.header.<name>, the namespace
    assert bool(COUNTED[wild]) != (name in OTHERS)


def test_titles_are_different_sentences() -> None:
    titles = [case.title for case in CASES]
    assert [title for title in titles if not title.endswith(".")] == []
    assert [title for title, count in Counter(titles).items() if count > 1] == []
