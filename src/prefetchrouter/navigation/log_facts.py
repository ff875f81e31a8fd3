"""What is known about access logs: robots, assets, private parameters, names of fields. Data alone."""

from __future__ import annotations

from typing import Final

ROBOTS: Final = (
    "bot", "crawl", "spider", "slurp", "archiver", "fetch", "feed", "rss", "monitor", "pingdom", "curl",
    "wget", "python", "perl", "java/", "libwww", "go-http", "okhttp", "httpclient", "scrapy", "headless",
    "phantom", "validator", "scan", "tiny tiny", "reader", "facebookexternal", "preview", "ahc/", "ruby",
    "node-fetch", "axios", "magpie", "lighthouse", "checker", "uptime", "zgrab", "nagios", "netnewswire",
    "mediapartners", "ia_archiver", "googleother", "google-inspectiontool", "meta-external", "chatgpt-user",
    "claude-user", "perplexity-user", "mistralai-user", "facebookcatalog", "whatsapp/", "guzzle", "undici",
    "deno/", "bun/", "kube-probe", "googlehc", "healthcheck", "health check", "synthetics",
)  # fmt: skip
"""A client is a robot if its user agent holds one of these, in any letter case."""

ASSETS: Final = frozenset(
    {
        "css", "js", "mjs", "map", "json", "xml", "rss", "atom", "txt", "ico", "png", "jpg", "jpeg", "gif",
        "svg", "webp", "avif", "bmp", "xbm", "woff", "woff2", "ttf", "otf", "eot", "mp3", "mp4", "m4a", "m4v",
        "webm", "ogg", "wav", "au", "mov", "mpg", "mpeg", "avi", "pdf", "ps", "zip", "gz", "tgz", "bz2",
        "tar", "exe", "jar", "class", "rpm", "deb", "dmg", "swf", "wasm", "csv", "pl", "sh", "perl",
    }
)  # fmt: skip
"""A path that ends with one of these extensions is not a page."""

ASSET_PATHS: Final = ("/cgi-bin/imagemap",)
"""Paths that begin with one of these are not pages."""

ROBOTS_FILE: Final = "robots.txt"
"""Who requests it is a robot, whatever its user agent says."""

INDEX_FILES: Final = ("/index.html", "/index.htm", "/index.php")
"""Names of the page that a folder has; without rules, they are the folder."""

PREFETCH_MARKS: Final = ("edgio_dt_pf", "edgio_prefetch")
"""Parameters that the browser part adds to a request that no click has caused."""

PRIVATE_PARAMETERS: Final = (
    "utm_", "fbclid", "gclid", "msclkid", "sid", "sess", "token", "auth", "key", "sig", "edgio_", "phpsessid",
    "jsessionid",
)  # fmt: skip
"""A parameter whose name begins with one of these, in any letter case, says who came from where, not what."""

SEARCH_PARAMETERS: Final = frozenset({"q", "query", "search", "s", "term", "terms", "keyword", "keywords"})
"""Parameters with what a visitor typed."""

FIELDS: Final = {
    "address": (
        "ClientIP", "remote_addr", "client_ip", "remote_ip", "ip", "clientip", "c-ip", "client",
    ),
    "time": (
        "EdgeStartTimestamp", "time_iso8601", "timestamp", "@timestamp", "time", "ts", "time_start", "msec",
    ),
    "method": ("ClientRequestMethod", "request_method", "method", "verb", "cs-method"),
    "url": ("ClientRequestURI", "request_uri", "uri", "url", "path", "cs-uri"),
    "status": ("EdgeResponseStatus", "status", "response_status", "response", "code", "sc-status"),
    "size": (
        "EdgeResponseBytes", "body_bytes_sent", "bytes_sent", "size", "bytes", "response_body_size",
        "sc-bytes",
    ),
    "referer": (
        "ClientRequestReferer", "http_referer", "request_referer", "referer", "referrer", "cs(Referer)",
    ),
    "agent": (
        "ClientRequestUserAgent", "http_user_agent", "request_user_agent", "user_agent", "agent", "useragent",
        "cs(User-Agent)",
    ),
    "purpose": (
        "http_sec_purpose", "sec_purpose", "sec-purpose", "request_sec_purpose", "ClientRequestSecPurpose",
        "cs(Sec-Purpose)",
    ),
}  # fmt: skip
"""Names that products give to a field; the first that a line has counts."""

OLD_PURPOSES: Final = ("http_purpose", "purpose", "http_x_moz", "x_moz")
"""Headers by which older browsers say that they prefetch; that one is missing says nothing."""

PREFETCH_FIELD: Final = "prefetch"
"""In lines of our edges: what became of a prefetch, such as "hit" or "refused"; empty for other requests."""

MOST_IDLE_SECONDS: Final = 30 * 60
"""A visit ends with a longer break."""
MACHINE_VIEWS: Final = 8
"""A visit of more views than this, and of more than `MACHINE_RATE` views a second, is that of a machine."""
MACHINE_RATE: Final = 0.5
MOST_VIEWS: Final = 200
"""A visit of more views is not by a person."""
MOST_PARAMETERS: Final = 2
"""Without rules, a query of more parameters, or of longer ones than `MOST_PARAMETER_TEXT`, is left out."""
MOST_PARAMETER_TEXT: Final = 12
