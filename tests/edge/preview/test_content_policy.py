"""What policies say of the script tag, each as browsers apply it."""

from __future__ import annotations

import pytest

from prefetchrouter.edge.preview.content_policy import PolicyVerdict, verdict_of


@pytest.mark.parametrize(
    "policies",
    [
        [],
        ["img-src 'none'"],
        ["default-src 'self'"],
        ["SCRIPT-SRC 'self' 'unsafe-inline'"],
        ["script-src *"],
        ["default-src 'none'; script-src 'self'"],
        ["default-src 'none'; script-src-elem 'self'; worker-src 'self'"],
        ["script-src 'self', img-src 'none'"],
        ["script-src 'self'; script-src 'none'"],
        ["", ";;"],
    ],
)
def test_a_policy_that_allows_scripts_of_the_site_needs_nothing(policies: list[str]) -> None:
    assert verdict_of(policies) == PolicyVerdict()


@pytest.mark.parametrize(
    "policies",
    [
        ["script-src 'nonce-a1'; worker-src 'self'"],
        ["script-src 'self' 'nonce-a1' 'strict-dynamic'"],
        ["script-src 'nonce-a1' 'strict-dynamic' https:"],
        ["script-src 'nonce-a1'; worker-src 'self'", "script-src 'nonce-a1' 'strict-dynamic'"],
        ["script-src-elem 'nonce-a1'; script-src 'self'"],
    ],
)
def test_a_nonce_is_used_where_nothing_else_allows_the_script(policies: list[str]) -> None:
    assert verdict_of(policies) == PolicyVerdict("a1")


@pytest.mark.parametrize(
    ("policies", "reason"),
    [
        (["default-src 'none'"], "in default-src"),
        (["script-src https://cdn.example"], "in script-src"),
        (["script-src 'self' 'strict-dynamic'"], "in script-src"),
        (["script-src 'sha256-abc'"], "in script-src"),
        (["script-src 'nonce-a1'"], "worker-src"),
        (["script-src 'self'; worker-src 'none'"], "worker-src"),
        (["script-src 'nonce-a' 'strict-dynamic'", "script-src 'nonce-b' 'strict-dynamic'"], "nonces"),
        (["script-src 'self'", "script-src 'none'"], "in script-src"),
    ],
)
def test_what_forbids_the_script_is_named(policies: list[str], reason: str) -> None:
    assert reason in (verdict_of(policies).refusal or "")
