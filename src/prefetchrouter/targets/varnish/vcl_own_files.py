"""`files.vcl`: the files of the browser part and the manifest, as the VCL that sends them."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Mapping
from typing import Final

from prefetchrouter.browser.names import NAMES
from prefetchrouter.targets.site_files import SiteFile
from prefetchrouter.targets.varnish.vcl_text import regex, string

_LEAST_COMPRESSED: Final = 128
_ACCEPTS_GZIP: Final = r"(?i)(?:^|,)[ \t]*gzip[ \t]*(?:,|$|;(?![ \t]*q[ \t]*=[ \t]*0(?:\.0*)?[ \t]*(?:,|$)))"
_FOLDER = NAMES.install_path.rpartition("/")[0] + "/"


def files_vcl(files: Mapping[str, SiteFile]) -> str:
    """Return the text of files.vcl.

    Args:
        files: The files by their paths.
    """
    finding = []
    sending = []
    texts: dict[str, int] = {}
    for number, (path, file) in enumerate(files.items(), 1):
        word = "if" if number == 1 else "elsif"
        finding.append(
            f'{word} (req.http.pr_sent == {string(path)}) {{ set req.http.pr_file = "{number:05d}"; }}'
        )
        sending.append(_file(number, file, texts.setdefault(file.text, len(texts) + 1)))
    return "\n".join(
        [
            "# What pages request of the browser part, with the manifest of these rules.\n",
            *(f"sub pr_own_text_{number} {{\n{_text(text)}}}\n" for text, number in texts.items()),
            *(f"sub pr_own_file_{number} {{\n{text}}}\n" for number, text in enumerate(sending, 1)),
            _find(finding),
            _send(len(files)),
        ]
    )


def _text(text: str) -> str:
    """Return statements that send a text, with gzip to clients that accept it."""
    packed = base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
    if len(text) < _LEAST_COMPRESSED:
        return f"    set resp.body = {string(text)};\n"
    return (
        '    set resp.http.vary = "Accept-Encoding";\n'
        f"    if (req.http.Accept-Encoding ~ {regex(_ACCEPTS_GZIP)}) {{\n"
        '        set resp.http.content-encoding = "gzip";\n'
        '        set resp.http.etag = "W/" + resp.http.etag;\n'
        f'        set resp.body = blob.decode(BASE64, encoded="{packed}");\n'
        "    } else {\n"
        f"        set resp.body = {string(text)};\n"
        "    }\n"
    )


def _file(number: int, file: SiteFile, text: int) -> str:
    headers = "".join(
        f"    set resp.http.{name} = {string(value)};\n" for name, value in file.headers.items()
    )
    tag = file.headers["etag"]
    return (
        f"    # file {number}\n{headers}"
        f'    if (req.http.If-None-Match == "*" || str.contains(req.http.If-None-Match, {string(tag)})) {{\n'
        "        set resp.status = 304;\n"
        "        unset resp.http.content-type; unset resp.http.x-content-type-options;\n"
        f"    }} else {{ call pr_own_text_{text}; }}\n"
    )


def _find(finding: list[str]) -> str:
    lines = "".join(f"    {line}\n" for line in finding)
    return (
        f"sub pr_find_file {{\n{lines}"
        "    if (req.http.pr_file) {\n"
        '        if (req.method != "GET" && req.method != "HEAD") {\n'
        '            set req.http.pr_message = "Only GET and HEAD."; set req.http.pr_answer = "plain";\n'
        "            return (synth(405));\n"
        "        }\n"
        '        set req.http.pr_answer = "file";\n'
        "        return (synth(200));\n"
        "    }\n"
        f'    if (req.http.pr_sent ~ "^{_FOLDER}") {{\n'
        f'        set req.http.pr_message = "There is no such file. Pages load {NAMES.install_path}";\n'
        '        set req.http.pr_answer = "plain";\n'
        "        return (synth(404));\n"
        "    }\n}\n"
    )


def _send(count: int) -> str:
    lines = "".join(
        f'    {"if" if number == 1 else "elsif"} (req.http.pr_file == "{number:05d}")'
        f" {{ call pr_own_file_{number}; }}\n"
        for number in range(1, count + 1)
    )
    return f"sub pr_own_file {{\n{lines}}}\n"
