"""The variables of conditions, as tables: name, operators, kind of value, summary.

`variables.py` has the functions that look them up.
"""

from __future__ import annotations

from typing import Literal

from prefetchrouter.rules.operators import OPERATORS, of_group

EQUAL: tuple[str, ...] = of_group("equality")
PATTERN: tuple[str, ...] = of_group("pattern")
REGEX: tuple[str, ...] = of_group("regex")
LIST: tuple[str, ...] = of_group("list")
ORDER: tuple[str, ...] = of_group("order")

TEXT = EQUAL + REGEX + LIST
"""The operators of most variables."""

ANY: tuple[str, ...] = tuple(OPERATORS)
"""The operators of a variable that is documented without any."""

Phase = Literal["request", "response"]
Row = tuple[str, tuple[str, ...], str, str]
"""Name, operators, kind of value (several words: the values themselves), summary."""

LOCATION: tuple[Row, ...] = (
    ("asn", TEXT, "digits", "The autonomous system number of the visitor's network."),
    ("city", TEXT, "text", "The visitor's city."),
    ("continent", TEXT, "AF AS EU NA OC SA ?", "The visitor's continent."),
    ("country", TEXT, "country", "The visitor's country, as two upper-case letters."),
    ("dma_code", TEXT, "digits", "The visitor's media market; metro_code says the same."),
    ("latitude", TEXT + ORDER, "decimal", "About how far north the visitor is, in degrees."),
    ("longitude", TEXT + ORDER, "decimal", "About how far east the visitor is, in degrees."),
    ("metro_code", TEXT, "digits", "The visitor's metropolitan area, in the United States."),
    ("postal_code", TEXT, "text", "The visitor's postal code."),
    ("region_code", TEXT, "text", "The visitor's state or province; unique only within a country."),
)

REQUEST: tuple[Row, ...] = (
    (
        "client_ip",
        TEXT,
        "address",
        "The visitor's address; a block such as 5.5.5.64/26 means all of its addresses.",
    ),
    ("method", TEXT, "GET POST PUT DELETE PATCH HEAD OPTIONS", "The HTTP method."),
    ("scheme", TEXT, "HTTP HTTPS", "The protocol that the visitor used, in upper case."),
    (
        "path",
        EQUAL + PATTERN + REGEX + LIST,
        "path",
        "The path as the visitor requested it, without the query.",
    ),
    ("origin_path", EQUAL + PATTERN + REGEX + LIST, "path", "The path after rewrites."),
    ("query", EQUAL + REGEX, "text", "One query parameter as the visitor sent it, written name=value."),
    (
        "querystring",
        EQUAL + REGEX,
        "text",
        "The whole query as the visitor sent it, without the question mark.",
    ),
    (
        "origin_query_string",
        EQUAL + REGEX,
        "text",
        "The whole query after rewrites, without the question mark.",
    ),
    ("referring_domain", TEXT, "host", "The host name in the Referer header."),
    ("pop_code", EQUAL + REGEX, "text", "The three letters of the place that answers."),
)

KNOWN_TO_BROWSERS = frozenset(
    {"path", "method", "scheme", "query", "querystring", "origin_query_string", "origin_path"}
)
"""The variables of `REQUEST` that browsers can evaluate from a URL: the manifest lists conditions on them."""

WITHOUT_CRITERION = frozenset({"query", "querystring", "origin_query_string", "pop_code"})
"""The variables of `REQUEST` that criteria cannot test; `raw` can."""

PATH_PARTS: tuple[Row, ...] = (
    ("directory", EQUAL, "text", "The path without the file name."),
    ("extension", EQUAL + LIST, "text", "The file name extension of the path."),
    ("filename", EQUAL + REGEX, "text", "The last part of the path, with its extension."),
)

DEVICE: tuple[Row, ...] = (
    ("brand_name", TEXT, "text", "The maker of the device."),
    ("device_os", ANY, "text", "The operating system of the device."),
    ("dual_orientation", TEXT, "boolean", "The screen turns between upright and wide."),
    ("image_inlining", TEXT, "boolean", "The device shows images written as base64."),
    ("is_android", TEXT, "boolean", "The device runs Android."),
    ("is_app", TEXT, "boolean", "An app sent the request, not a browser."),
    ("is_full_desktop", TEXT, "boolean", "The device shows desktop pages in full."),
    ("is_ios", TEXT, "boolean", "The device runs iOS."),
    ("is_robot", TEXT, "boolean", "A program such as a crawler sent the request."),
    ("is_smartphone", TEXT, "boolean", "The device is a smartphone."),
    ("is_smarttv", TEXT, "boolean", "The device is a smart television."),
    ("is_tablet", TEXT, "boolean", "The device is a tablet."),
    ("is_touchscreen", TEXT, "boolean", "The device is used by touch."),
    ("is_windows_phone", TEXT, "boolean", "The device runs Windows Phone, or Windows Mobile 6.5 and later."),
    ("is_wireless_device", TEXT, "boolean", "The device is wireless, and neither a PC nor a laptop."),
    ("progressive_download", TEXT, "boolean", "The device plays media before they are complete."),
    ("html_preferred_dtd", TEXT, "text", "The HTML version that suits the device best."),
    ("marketing_name", TEXT, "text", "The name under which the device is sold."),
    ("mobile_browser", TEXT, "text", "The name of the browser."),
    ("model_name", TEXT, "text", "The model of the device."),
    ("release_date", TEXT, "text", "The month since which the device is known, as year_month."),
    ("resolution_height", TEXT + ORDER, "integer", "The height of the screen, in pixels."),
    ("resolution_width", TEXT + ORDER, "integer", "The width of the screen, in pixels."),
    ("is_html_preferred", ANY, "boolean", "HTML suits the device best (no longer documented)."),
    ("is_largescreen", ANY, "boolean", "The screen is large (no longer documented)."),
    ("is_mobile", ANY, "boolean", "The device is mobile (no longer documented)."),
    ("is_wml_preferred", ANY, "boolean", "WML suits the device best (no longer documented)."),
    ("pointing_method", ANY, "text", "How the device points (no longer documented)."),
    ("preferred_markup", ANY, "text", "The markup that suits the device best (no longer documented)."),
    ("ux_full_desktop", ANY, "boolean", "The device shows desktop pages in full (no longer documented)."),
    ("xhtml_support_level", ANY, "text", "How much XHTML the device understands (no longer documented)."),
)

RESPONSE_VARIABLES: tuple[Row, ...] = (
    (
        "cache_status",
        TEXT,
        "CONFIG_NOCACHE NONE TCP_CLIENT_REFRESH_MISS TCP_EXPIRED_HIT TCP_EXPIRED_MISS TCP_HIT TCP_MISS "
        "TCP_PARTIAL_HIT UNCACHEABLE",
        "What the cache made of the request.",
    ),
    ("content_length", TEXT, "digits", "The length of the response, in bytes."),
    ("resp_age", TEXT + ORDER, "integer", "How long the edge has held the response, in seconds."),
    ("resp_content_type", TEXT, "text", "The Content-Type of the response."),
    ("resp_edgecast_control", ANY, "text", "A control header of the vendor's older platform."),
    ("resp_location", TEXT, "text", "The Location of the response."),
    ("resp_set_cookie", TEXT, "text", "The Set-Cookie headers of the response; =~ also works with several."),
    ("resp_transfer_encoding", TEXT, "text", "The Transfer-Encoding of the response."),
    ("resp_vary", TEXT, "text", "The Vary header of the response."),
    ("resp_x_cache", TEXT, "text", "The x-cache header of the response: HIT when a cache answered."),
    ("status", ANY, "status", "The status code of the response."),
)

REQUEST_VARIABLES: tuple[Row, ...] = (
    ("http_x_forwarded_host", TEXT, "text", "The x-forwarded-host header of the request."),
    ("is_subrequest", TEXT, "boolean", "The edge made the request, not a visitor."),
    ("virt_dst_addr", TEXT, "address", "The visitor's address; request client_ip is the current name."),
    ("virt_http_version", TEXT, "text", "The visitor's HTTP version, such as 2.0."),
    ("wurfl_cap_device_os_version", TEXT, "text", "The version of the device's operating system."),
    ("country_code", ANY, "text", "The visitor's country."),
    ("is_origin_shield", ANY, "boolean", "An origin shield handles the request."),
    ("usrvar_enable_debug", ANY, "text", "A value of a custom configuration."),
    ("usrvar_enable_options_resp", ANY, "text", "A value of a custom configuration."),
    ("usrvar_enable_sf_debug", ANY, "text", "A value of a custom configuration."),
    ("usrvar_options", ANY, "text", "A value of a custom configuration."),
    ("geo_country", ANY, "text", "The visitor's country."),
    ("geo_region", ANY, "text", "The visitor's region."),
    ("host", ANY, "host", "The host name that the visitor requested."),
    ("matched_origin_name", ANY, "text", "The name of the origin that was chosen."),
    ("matched_property_index", ANY, "text", "The number of the property that was chosen."),
    ("popcode", ANY, "text", "The place that answers."),
    ("query_string", ANY, "text", "The query of the request."),
    ("request_uri", ANY, "text", "The path and query of the request."),
    ("uri", ANY, "text", "The path of the request."),
    ("wurfl_cap_brand_name", ANY, "text", "The maker of the device."),
    ("wurfl_cap_marketing_name", ANY, "text", "The name under which the device is sold."),
    ("wurfl_cap_resolution_height", ANY, "integer", "The height of the screen, in pixels."),
    ("wurfl_vcap_is_ios", ANY, "boolean", "The device runs iOS."),
)

FEATURE_VARIABLES = """
 wurfl_cap_brand_name wurfl_cap_device_os wurfl_cap_device_os_version wurfl_cap_dual_orientation
wurfl_cap_html_preferred_dtd wurfl_cap_image_inlining wurfl_vcap_is_android wurfl_vcap_is_app
wurfl_vcap_is_full_desktop wurfl_vcap_is_ios wurfl_vcap_is_robot wurfl_cap_is_smarttv
wurfl_vcap_is_smartphone wurfl_cap_is_tablet wurfl_vcap_is_touchscreen wurfl_vcap_is_windows_phone
wurfl_cap_is_wireless_device wurfl_cap_marketing_name wurfl_cap_mobile_browser
wurfl_cap_mobile_browser_version wurfl_cap_model_name wurfl_cap_progressive_download
wurfl_cap_release_date wurfl_cap_resolution_height wurfl_cap_resolution_width geo_city geo_continent
geo_country geo_dma_code geo_latitude geo_longitude geo_metro_code geo_postal_code geo_region geo_asnum
virt_dst_addr virt_dst_port quic_altsvc_versions virt_ssl_client_cert virt_ssl_client_v_remain
virt_ssl_client_v_end virt_ssl_client_fingerprint virt_ssl_client_v_start virt_ssl_client_serial
virt_ssl_client_verify virt_ssl_client_i_dn virt_ssl_client_s_dn host is_amp is_args normalized_path
normalized_query normalized_uri path query_string referring_domain request request_method
request_protocol request_uri scheme virt_http_version virt_ssl_cipher virt_ssl_client_ja3_md5
virt_ssl_protocol is_origin_shield is_subrequest physical_doc_root physical_path physical_rel_path
virt_dst_asnum virt_dst_continent virt_dst_country virt_ssl_client_cipher_codes virt_ssl_client_ciphers
virt_ssl_client_tlsext_ids
"""
"""Variables that feature values can name, and conditions as `variable` too."""

FAMILIES: tuple[tuple[str, Phase, str], ...] = (
    ("http_", "request", "A request header; what is not a letter or digit is written as _."),
    ("resp_", "response", "A response header; what is not a letter or digit is written as _."),
    ("arg_", "request", "A query parameter."),
    ("cookie_", "request", "A cookie."),
    ("usrvar_", "request", "A value of a custom configuration."),
)
"""The prefixes of `variable` names that are aliases of other variables."""

TABLES: tuple[tuple[str, Phase, str | None, tuple[Row, ...]], ...] = (
    ("location", "request", "location.{}", LOCATION),
    ("request", "request", "{}", REQUEST),
    (
        "request.origin_query",
        "request",
        "query.{}",
        (("<name>", TEXT, "text", "A query parameter after rewrites."),),
    ),
    ("request.path", "request", None, PATH_PARTS),
    ("request.cookie", "request", "cookies.{}", (("<name>", TEXT, "text", "A cookie."),)),
    ("request.header", "request", "headers.{}", (("<name>", TEXT, "text", "A request header."),)),
    (
        "pop_code",
        "request",
        None,
        (("<code>", ANY, "text", "The place that answers, as the schemas also spell it."),),
    ),
    ("random", "request", None, (("<max>", ORDER, "integer", "A random whole number from 0 to max."),)),
    ("device", "request", "device.{}", DEVICE),
    ("variable", "request", "variable.{}", REQUEST_VARIABLES),
    ("variable", "response", "variable.{}", RESPONSE_VARIABLES),
    (
        "response",
        "response",
        "response.{}",
        (("status_code", TEXT, "status", "The status code of the response."),),
    ),
    (
        "mtls",
        "request",
        None,
        (("client_certificate_verified", ANY, "text", "How the check of the visitor's certificate ended."),),
    ),
)
"""Namespace, phase, how criteria name its variables, and the variables."""
