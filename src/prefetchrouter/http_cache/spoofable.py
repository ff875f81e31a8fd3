"""Request headers by which a client could impersonate the edge, and the software that trusts them (E3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final


@dataclass(frozen=True, slots=True)
class HeaderGroup:
    """Headers that state the same fact.

    Args:
        about: The fact.
        names: Their names in lower case; ``*`` at the end matches any ending.
        readers: Servers, frameworks and services that read them.
    """

    about: str
    names: tuple[str, ...]
    readers: str


HEADER_GROUPS: Final = (
    HeaderGroup(
        "client address",
        (
            "ali-cdn-real-ip", "akamai-client-ip", "cdn-src-ip", "cf-connecting-ip*", "cf-pseudo-ipv4",
            "client-ip", "cloudfront-viewer-address", "do-connecting-ip", "fastly-client-ip",
            "fly-client-ip", "forwarded", "forwarded-for", "http-client-ip", "http-x-forwarded-for",
            "incap-client-ip", "originating-ip", "proxy-client-ip", "real-ip", "remote-addr",
            "remote-host", "remote-ip", "source-ip", "true-client-ip", "wl-proxy-client-ip",
            "x-appengine-remote-addr", "x-appengine-user-ip", "x-azure-clientip", "x-azure-socketip",
            "x-client-addr", "x-client-address", "x-client-host", "x-client-ip", "x-client-real-ip",
            "x-cluster-client-ip", "x-coming-from", "x-custom-ip-authorization", "x-ec-client-ip",
            "x-edge-client-ip", "x-envoy-external-address", "x-forwarded", "x-forwarded-*",
            "x-forward-for", "x-forwarder-for", "x-http-client-ip", "x-ip", "x-ms-forwarded-client-ip",
            "x-nf-client-connection-ip", "x-original-client-ip", "x-original-forwarded-for",
            "x-original-remote-addr", "x-originally-forwarded-for", "x-originating-ip",
            "x-proxy-client-ip", "x-proxyuser-ip", "x-real-ip", "x-remote-addr", "x-remote-host",
            "x-remote-ip", "x-source-ip", "x-sucuri-clientip", "x-true-client-ip", "x-true-ip",
            "x-vercel-forwarded-for", "x-vercel-proxied-for", "x-wap-profile-ip",
        ),
        "Rails and Rack (client-ip, x-forwarded-for), Spring and Tomcat's RemoteIpValve, Django and "
        "WSGI middleware, WordPress plugins, request-ip for Node.js, Laravel, WebLogic (wl-proxy-client-ip), "
        "sites behind Cloudflare, Akamai, Fastly, Azure, App Engine, Netlify, Vercel, Fly and DigitalOcean",
    ),
    HeaderGroup(
        "host",
        (
            "http-host", "host-override", "original-host", "server-name", "x-backend-host",
            "x-forwarded-*", "x-host", "x-host-name", "x-host-override", "x-http-host",
            "x-http-host-override", "x-hostname", "x-original-host", "x-rewrite-host", "x-server-name",
        ),
        "Symfony and Drupal (x-forwarded-host), Rails, Express with trust proxy, Joomla, ASP.NET Core "
        "(x-original-host), IIS and Zend (x-http-host-override)",
    ),
    HeaderGroup(
        "scheme",
        (
            "cf-visitor", "cloudfront-forwarded-proto", "front-end-https", "https", "url-scheme",
            "x-appservice-proto", "x-arr-ssl", "x-forwarded-*", "x-https", "x-original-proto",
            "x-original-scheme", "x-proto", "x-request-scheme", "x-scheme", "x-url-scheme",
        ),
        "Rack (x-forwarded-scheme, x-forwarded-ssl, https), Flask and werkzeug, gunicorn, WordPress, "
        "Exchange and IIS (front-end-https, x-arr-ssl), sites behind Cloudflare and CloudFront",
    ),
    HeaderGroup(
        "URL",
        (
            "base-url", "path-info", "request-uri", "script-name", "x-accel-*",
            "x-envoy-original-path", "x-forwarded-*", "x-invoke-*", "x-matched-path",
            "x-middleware-next", "x-middleware-override-headers", "x-middleware-redirect",
            "x-middleware-rewrite", "x-middleware-set-cookie", "x-middleware-skip",
            "x-middleware-subrequest*", "x-now-route-matches", "x-original-path", "x-original-uri",
            "x-original-url", "x-override-url", "x-path-info", "x-request-uri", "x-rewrite-path",
            "x-rewrite-uri", "x-rewrite-url", "x-script-name", "x-sendfile-type", "x-unencoded-url", "x-uri",
            "x-waws-unencoded-url",
        ),
        "Symfony and Zend (x-original-url, x-rewrite-url), IIS and Azure, gunicorn (script-name, path-info), "
        "Next.js (x-matched-path, x-middleware-subrequest, x-invoke-path), Rack::Sendfile "
        "(x-sendfile-type, x-accel-mapping), Envoy",
    ),
    HeaderGroup(
        "port",
        ("server-port", "x-forwarded-*", "x-original-port", "x-port", "x-server-port"),
        "Rack and Rails, Symfony, Spring, ASP.NET Core",
    ),
    HeaderGroup(
        "method",
        (
            "http-method-override", "x-http-method", "x-http-method-override", "x-method",
            "x-method-override", "x-original-method", "x-override-method", "x-request-method",
        ),
        "Rack::MethodOverride, Symfony, Laravel, Express' method-override, Django REST framework, OData",
    ),
    HeaderGroup(
        "who the visitor is",
        (
            "client-cert", "client-cert-chain", "proxy-*", "proxy", "remote-user", "ssl-client-*",
            "x-arr-clientcert", "x-client-cert*", "x-client-verify", "x-remote-user", "x-ssl-*",
            "x-webauth-user",
        ),
        "whoever trusts a TLS terminator (RFC 9440) or an authenticating proxy: Grafana, Jenkins, Django's "
        "RemoteUserMiddleware; CGI programs (proxy, known as httpoxy)",
    ),
    HeaderGroup(
        "what the edge can do",
        ("surrogate-capability", "x-ec-surrogate-capability"),
        "Symfony and Varnish (Edge Side Includes)",
    ),
    HeaderGroup(
        "framing and the connection",
        ("expect", "http2-settings", "x-transfer-encoding"),
        "HTTP servers; the edge has already read the body, and frames it anew",
    ),
)  # fmt: skip
"""Removed from the client's headers before a request is forwarded; rules may set them."""

_NAMES: Final = frozenset(name for kind in HEADER_GROUPS for name in kind.names if not name.endswith("*"))
_STARTS: Final = tuple(
    sorted({name.removesuffix("*") for kind in HEADER_GROUPS for name in kind.names if name.endswith("*")})
)
_PLAIN: Final = re.compile(r"[a-z0-9-]+")


@lru_cache(maxsize=4096)
def is_spoofable(name: str) -> bool:
    """Return whether a header is one by which a client could impersonate the edge.

    CGI, WSGI, PHP and Rack read ``x_real_ip``, and some of them ``x.real.ip``, as ``x-real-ip``. So a name
    with anything but letters, digits and hyphens could mean any header; nginx drops those by default.

    Args:
        name: The name of the header, in lower case.

    Example:
        >>> [is_spoofable(name) for name in ("x-real-ip", "x-forwarded-a", "content_length", "te")]
        [True, True, True, False]
    """
    return name in _NAMES or name.startswith(_STARTS) or _PLAIN.fullmatch(name) is None
