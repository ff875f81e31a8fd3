"""Which features act before there is a response, so that a condition on one chooses them too late."""

from __future__ import annotations

from typing import Final

BEFORE_RESPONSE: Final = frozenset(
    {
        "access.token_auth",
        "access.token_auth_denial_code",
        "access.token_auth_ignore_url_case",
        "access.token_auth_keys",
        "access.token_auth_parameter",
        "caching.add_early_hints",
        "caching.cache_key",
        "caching.cache_key_query_string",
        "caching.cache_key_rewrite",
        "caching.cacheable_request_body_size",
        "caching.revalidate_while_stale_timer",
        "headers.debug_header",
        "headers.set_client_ip_custom_header",
        "headers.set_request_headers",
        "mtls.forward_client_certificate_to_origin",
        "origin.max_keep_alive_requests",
        "origin.origin_failover_codes",
        "origin.proxy_special_headers",
        "origin.read_idle_timeout",
        "origin.set_origin",
        "response.allow_prefetching_uncached_content",
        "url.url_redirect",
        "url.url_rewrite",
    }
)
"""Section and name of each: where a request goes, what the origin is sent, what tells copies apart."""
