"""The options of token authentication: its keys, and the response to a request without a valid token."""

from typing import TYPE_CHECKING

from prefetchrouter.rules.features.fields import Given, option
from prefetchrouter.rules.features.kinds import ResponseHeaderMap, SomeText, Status, TokenVersionWord
from prefetchrouter.rules.features.section import Section

if TYPE_CHECKING:
    from typing import Unpack

    from prefetchrouter.rules.typed import options as typed


class TokenAuthDenialCode(Section, example='{"code": 403}'):
    """The answer to a request whose token does not hold.

    Example:
        >>> TokenAuthDenialCode(code=302, headers={"Location": "https://www.example.com/sign-in"}).code
        302
    """

    code: Given[Status] = option("The status code.")
    headers: Given[ResponseHeaderMap] = option("Headers by name, such as the Location of a redirect.")

    if TYPE_CHECKING:

        def __init__(self, **options: Unpack[typed.TokenAuthDenialCodeDict]) -> None: ...


class TokenAuthKeys(Section, example='{"primary": "correct-horse"}'):
    """The keys that decrypt tokens: secrets, better kept in the settings of an environment than in a rule.

    Example:
        >>> TokenAuthKeys(primary="correct-horse", primary_min_version="v3").primary_min_version
        'v3'
    """

    primary: Given[SomeText] = option("The key that is tried first.")
    primary_min_version: Given[TokenVersionWord] = option("The oldest token version it accepts.")
    backup: Given[SomeText] = option("The key that is tried next, while keys are changed.")
    backup_min_version: Given[TokenVersionWord] = option("The oldest token version it accepts.")

    if TYPE_CHECKING:

        def __init__(self, **options: Unpack[typed.TokenAuthKeysDict]) -> None: ...
