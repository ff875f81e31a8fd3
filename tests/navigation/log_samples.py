"""Made logs: the same visits in each format, and visits with a known structure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from prefetchrouter.navigation.log_line import LogLine

START = 1_810_000_000


def request(who: int, seconds: float, url: str, referer: str = "", **others: Any) -> LogLine:
    """A request of a visitor."""
    return LogLine(
        f"192.0.2.{who}", START + seconds, "GET", url, 200, 5120, referer, "Firefox/150.0"
    )._replace(**others)


def combined(line: LogLine) -> str:
    at = datetime.fromtimestamp(line.time, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")
    return (
        f'{line.address} - - [{at}] "{line.method} {line.url} HTTP/1.1" {line.status} {line.size} '
        f'"{line.referer or "-"}" "{line.agent or "-"}" "{line.purpose or "-"}"'
    )


def nginx_json(line: LogLine) -> str:
    return json.dumps(
        {
            "time_iso8601": datetime.fromtimestamp(line.time, UTC).isoformat(),
            "remote_addr": line.address,
            "request": f"{line.method} {line.url} HTTP/2.0",
            "status": str(line.status),
            "body_bytes_sent": str(line.size),
            "http_referer": line.referer,
            "http_user_agent": line.agent,
            "http_sec_purpose": line.purpose,
        }
    )


def caddy(line: LogLine) -> str:
    headers = {"Referer": [line.referer], "User-Agent": [line.agent], "Sec-Purpose": [line.purpose]}
    request = {"client_ip": line.address, "method": line.method, "uri": line.url, "host": "shop.example"}
    return json.dumps(
        {
            "ts": line.time,
            "request": {
                **request,
                "headers": {name: values for name, values in headers.items() if values[0]},
            },
            "status": line.status,
            "size": line.size,
        }
    )


def cloudflare(line: LogLine) -> str:
    return json.dumps(
        {
            "ClientIP": line.address,
            "EdgeStartTimestamp": int(line.time * 1e9),
            "ClientRequestMethod": line.method,
            "ClientRequestURI": line.url,
            "EdgeResponseStatus": line.status,
            "EdgeResponseBytes": line.size,
            "ClientRequestReferer": line.referer,
            "ClientRequestUserAgent": line.agent,
            "http_sec_purpose": line.purpose,
        }
    )


def fastly(line: LogLine) -> str:
    return json.dumps(
        {
            "timestamp": datetime.fromtimestamp(line.time, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000"),
            "client_ip": line.address,
            "request_method": line.method,
            "url": line.url,
            "response_status": line.status,
            "response_body_size": line.size,
            "request_referer": line.referer,
            "request_user_agent": line.agent,
            "sec_purpose": line.purpose,
        }
    )


def iis(lines: Sequence[LogLine]) -> list[str]:
    names = (
        "date time cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) cs(Referer) sc-status sc-bytes "
        "cs(Sec-Purpose)"
    )
    return [
        "#Software: Internet Information Services",
        f"#Fields: {names}",
        *(_w3c(line, " ") for line in lines),
    ]


def cloudfront(lines: Sequence[LogLine]) -> list[str]:
    names = (
        "date time cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) cs(Referer) sc-status sc-bytes "
        "cs(Sec-Purpose) x-edge-location"
    )
    rows = [f"{_w3c(line, chr(9))}\tFRA50" for line in lines]
    return ["#Version: 1.0", f"#Fields: {names}", *rows]


def _w3c(line: LogLine, separator: str) -> str:
    at = datetime.fromtimestamp(line.time, UTC)
    stem, _, query = line.url.partition("?")
    agent = line.agent.replace(" ", "+") if separator == " " else line.agent.replace(" ", "%2520")
    values = [
        at.strftime("%Y-%m-%d"), at.strftime("%H:%M:%S"), line.method, stem, query, line.address, agent,
        line.referer, str(line.status), str(line.size), line.purpose,
    ]  # fmt: skip
    return separator.join(value or "-" for value in values)


def table(lines: Sequence[LogLine]) -> list[str]:
    rows = [
        "\t".join(
            (line.address, str(int(line.time)), line.method, line.url, str(line.status), str(line.size),
             line.referer, line.agent, line.purpose)
        )
        for line in lines
    ]  # fmt: skip
    return ["host\ttime\tmethod\turl\tresponse\tbytes\treferer\tuseragent\tsec_purpose", *rows]


FORMATS = {
    "combined": lambda lines: [combined(line) for line in lines],
    "nginx JSON": lambda lines: [nginx_json(line) for line in lines],
    "Caddy": lambda lines: [caddy(line) for line in lines],
    "Cloudflare": lambda lines: [cloudflare(line) for line in lines],
    "Fastly": lambda lines: [fastly(line) for line in lines],
    "IIS": iis,
    "CloudFront": cloudfront,
    "table": table,
}
"""What writes lines in each format."""


def shop_visits(visitors: int, start: int = 0) -> list[LogLine]:
    """Visits of a shop: from home to a product, every second one on to the cart, every third to help."""
    lines: list[LogLine] = []
    for who in range(start, start + visitors):
        pages = ["/", f"/products/item-{who % 3}"]
        pages += ["/cart"] if who % 2 else []
        pages += ["/help"] if who % 3 == 0 else []
        for number, page in enumerate(pages):
            referer = f"https://shop.example{pages[number - 1]}" if number else ""
            lines.append(
                request(0, who * 100 + number * 20, page, referer, address=f"10.0.{who // 250}.{who % 250}")
            )
    return lines
