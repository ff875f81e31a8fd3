"""Rules for a whole site that nearly every site wants: HTTPS everywhere, and one host name."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from prefetchrouter.authoring.arguments import helper_error
from prefetchrouter.authoring.criteria import Criteria, and_, not_
from prefetchrouter.browser.names import NAMES
from prefetchrouter.errors import shown
from prefetchrouter.rules.condition_json import is_scalar
from prefetchrouter.rules.host_names import is_host_name
from prefetchrouter.rules.typed.features_dict import FeaturesDict

_REDIRECTS = (301, 302, 307, 308)


def https_rules(
    *,
    redirect_code: int,
    hsts: bool,
    hsts_max_age: object,
    hsts_include_sub_domains: bool,
    hsts_preload: bool,
) -> list[tuple[Criteria, FeaturesDict]]:
    """Return criteria and features of the rules that `Router.force_https` adds; it describes the arguments.

    Raises:
        HelperError: One of them is of another kind than it takes.

    Source: RFC 6797, section 6.1.
    """
    if redirect_code not in _REDIRECTS:
        raise helper_error(
            f"force_https(redirect_code={shown(redirect_code)})", expected="301, 302, 307 or 308"
        )
    if (
        isinstance(hsts_max_age, bool)
        or not isinstance(hsts_max_age, int)
        or not is_scalar(hsts_max_age)
        or hsts_max_age < 0
    ):
        raise helper_error(
            f"force_https(hsts_max_age={shown(hsts_max_age)})", expected="a whole number of seconds"
        )
    for flag in (hsts, hsts_include_sub_domains, hsts_preload):
        if not isinstance(flag, bool):
            raise helper_error(f"force_https: {shown(flag)}", expected="True or False")
    redirect: FeaturesDict = {
        "comment": "Redirect to HTTPS",
        "headers": {"set_response_headers": {"location": "https://%{host}%{normalized_uri}"}},
        "response": {"set_status_code": redirect_code},
    }
    value = f"max-age={hsts_max_age}"
    value += "; includeSubDomains" if hsts_include_sub_domains else ""
    value += "; preload" if hsts_preload else ""
    header: FeaturesDict = {
        "comment": "Set HSTS header",
        "headers": {"set_response_headers": {"strict-transport-security": value}},
    }
    rules: list[tuple[Criteria, FeaturesDict]] = [({"scheme": "HTTP"}, redirect)]
    return [*rules, ({}, header)] if hsts else rules


def canonical_host_rule(host: object, status_code: int, scheme: object) -> tuple[Criteria, FeaturesDict]:
    """Return criteria and features of the redirect from ``www`` to the apex, or the other way round.

    Args:
        host: The host that visitors are to see.
        status_code: The status of the redirect.
        scheme: The scheme of the target.

    Raises:
        HelperError: The host is not a name of two labels or more, or another value is wrong.

    Example:
        >>> canonical_host_rule("www.shop.example", 308, "https")[0]
        {'variable': {'host': 'shop.example'}}
    """
    if not isinstance(host, str) or not is_host_name(host):
        raise helper_error(
            f"canonical_host({shown(host)})", expected='a host name such as "www.shop.example"'
        )
    if status_code not in _REDIRECTS:
        raise helper_error(
            f"canonical_host(status_code={shown(status_code)})", expected="301, 302, 307 or 308"
        )
    if scheme not in ("http", "https"):
        raise helper_error(f"canonical_host(scheme={shown(scheme)})", expected='"https" or "http"')
    name = host.lower()
    other = name.removeprefix("www.") if name.startswith("www.") else f"www.{name}"
    destination = f"{scheme}://{name}%{{request_uri}}"
    return {"variable": {"host": other}}, {
        "comment": f"Redirect to {name}",
        "url": {"url_redirect": {"code": status_code, "destination": destination}},
    }


def basic_auth_rule(criteria: Criteria, credentials: object, realm: object) -> tuple[Criteria, FeaturesDict]:
    """Return criteria and features of the rule that answers 401 to requests without a password.

    Args:
        criteria: Which requests need one; empty for all.
        credentials: Passwords by user name.
        realm: The name of what is protected.

    Raises:
        HelperError: A name has a colon, is empty, or something is not text.

    Source: RFC 7617, section 2.
    """
    if not isinstance(credentials, Mapping) or not credentials:
        raise helper_error(
            f"basic_auth: a {type(credentials).__name__} of credentials",
            expected='passwords by user name, such as {"ann": "..."}',
        )
    if not isinstance(realm, str) or not realm.isascii() or not realm.isprintable() or set(realm) & {*'"\\%'}:
        raise helper_error(f"basic_auth(realm={shown(realm)})", expected="ASCII text without quotes")
    accepted = [_authorization(name, password) for name, password in credentials.items()]
    without: Criteria = {"headers": {"authorization": not_(accepted)}}
    features: FeaturesDict = {
        "headers": {"set_response_headers": {"www-authenticate": f'Basic realm="{realm}", charset="UTF-8"'}},
        "response": {
            "set_done": True,
            "set_response_body": "A password is required.",
            "set_status_code": 401,
        },
    }
    is_for_all = isinstance(criteria, Mapping) and not criteria
    return without if is_for_all else and_(criteria, without), features


def speculation_rule() -> tuple[Criteria, FeaturesDict]:
    """Return criteria and features of the rule that points browsers to the site's Speculation Rules."""
    value = f'"{NAMES.speculation_path}"'
    return {}, {
        "comment": "Speculation Rules",
        "headers": {"set_response_headers": {"speculation-rules": value}},
    }


def session_change_rule(criteria: Criteria) -> tuple[Criteria, FeaturesDict]:
    """Return criteria and features of the rule by which browsers drop what they prefetched.

    Args:
        criteria: Which requests change the session.
    """
    return criteria, {
        "caching": {"service_worker_max_age": "0s"},
        "headers": {"set_response_headers": {"clear-site-data": '"prefetchCache", "prerenderCache"'}},
    }


def _authorization(name: object, password: object) -> str:
    # The message never holds what was given: it may be a password.
    if not isinstance(name, str) or not name or ":" in name or not name.isprintable():
        raise helper_error("basic_auth: a user name is not valid", expected="text without a colon")
    if not isinstance(password, str) or not password or not password.isprintable():
        raise helper_error(f"basic_auth: the password of {shown(name)} is not valid", expected="text")
    try:
        return f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode('ascii')}"
    except UnicodeEncodeError:
        raise helper_error("basic_auth: half of a surrogate pair is not a character") from None
