"""The `access` section: who gets a response at all."""

from typing import TYPE_CHECKING

from prefetchrouter.rules.features.fields import Given, feature
from prefetchrouter.rules.features.kinds import (
    Flag,
    TokenName,
)
from prefetchrouter.rules.features.section import Section
from prefetchrouter.rules.features.token_auth import TokenAuthDenialCode, TokenAuthKeys

if TYPE_CHECKING:
    from typing import Unpack

    from prefetchrouter.rules.typed import sections as typed


class AccessFeatures(Section, section="access", example='{"deny_access": True}'):
    """The features of the `access` section.

    Raises:
        FeatureError: A name is unknown, or a value is not one that the feature takes; all problems together.

    Example:
        >>> AccessFeatures(deny_access=True).deny_access
        True
    """

    deny_access: Given[Flag] = feature(
        "Answers every request with 403.", default=False, elsewhere=("deny", "block", "forbid")
    )
    token_auth: Given[Flag] = feature(
        "Serves only requests that carry a valid token.", default=False, phase="request"
    )
    token_auth_denial_code: Given[TokenAuthDenialCode] = feature(
        "The response to a request with an invalid token.",
        default={"code": 403},
        phase="request",
        example={"code": 302, "headers": {"Location": "https://www.example.com/sign-in"}},
    )
    token_auth_ignore_url_case: Given[Flag] = feature(
        "Ignores letter case in the URLs of a token.", default=False, phase="request"
    )
    token_auth_parameter: Given[TokenName] = feature(
        "The query parameter that carries the token.", phase="request", example="token"
    )
    token_auth_keys: Given[TokenAuthKeys] = feature(
        "The keys that decrypt tokens, and the versions they accept.",
        phase="request",
        example={"primary": "correct-horse", "primary_min_version": "v3"},
    )

    if TYPE_CHECKING:

        def __init__(self, **features: Unpack[typed.AccessDict]) -> None: ...
