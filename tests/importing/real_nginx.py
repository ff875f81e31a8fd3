"""nginx itself, on a Unix socket: what it answers to a request."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

import machine

_CONF = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    absolute_redirect off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{maps}
    server {{
        listen unix:{folder}/socket;
        root {folder}/nothing;
{server}
    }}
}}
"""


@contextmanager
def nginx(folder: Path, server: str, maps: str = "") -> Iterator[Path]:
    """Run nginx with the directives of a server, and with maps beside it; give its socket."""
    text = _CONF.format(folder=folder, server=server, maps=maps)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    program = machine.nginx() or "nginx"
    arguments = [
        program,
        "-p",
        str(folder),
        "-c",
        str(folder / "nginx.conf"),
        "-e",
        str(folder / "error.log"),
    ]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, env={"PATH": os.defpath}) as running:
        try:
            path = folder / "socket"
            while not _listens(path):
                assert running.poll() is None, running.stderr and running.stderr.read()
                time.sleep(0.01)
            yield path
        finally:
            running.terminate()
            running.wait()


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(path)) == 0


def answer(
    place: Path | tuple[str, int], target: str, headers: Mapping[str, str] | None = None
) -> tuple[int, Message]:
    """The status and the headers of the response to GET, from a Unix socket or a host and port."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
    with _connected(place) as client:
        client.sendall(
            f"GET {target} HTTP/1.1\r\nHost: shop.example\r\n{lines}Connection: close\r\n\r\n".encode()
        )
        received = b"".join(iter(lambda: client.recv(65_536), b""))
    head, _, _ = received.partition(b"\r\n\r\n")
    status, _, fields = head.partition(b"\r\n")
    return int(status.split()[1]), BytesParser().parsebytes(fields)


def _connected(place: Path | tuple[str, int]) -> socket.socket:
    if not isinstance(place, Path):
        return socket.create_connection(place, 60)
    client = socket.socket(socket.AF_UNIX)
    client.connect(str(place))
    return client
