"""HTTPS on this machine, with Python's own TLS as the client."""

from __future__ import annotations

import asyncio
import ssl
import stat
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography.x509 import load_pem_x509_certificate

from edge.serving import request, run_on, serving
from prefetchrouter.edge.clients.certificate import (
    Certificate,
    localhost_certificate,
    state_folder,
    user_certificate,
)
from prefetchrouter.errors import ServeError


async def asked(certificate: Certificate, trusted: Path, name: str = "localhost") -> bytes:
    context = ssl.create_default_context(cafile=str(trusted))
    async with serving(certificate=certificate) as served:
        assert served.server.address.startswith("https://")
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", served.server.port, ssl=context, server_hostname=name
        )
        writer.write(request("/", "Connection: close"))
        got = await reader.read()
        writer.close()
        await writer.wait_closed()
        return got


@pytest.mark.parametrize("loops", ["asyncio", "uvloop"])
@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
def test_who_trusts_the_authority_trusts_the_edge(loops: str, name: str, tmp_path: Path) -> None:
    """Under each name that this machine calls itself."""
    certificate = localhost_certificate(tmp_path)
    assert certificate.ca_file is not None
    trusted = certificate.ca_file
    assert run_on(loops, lambda: asked(certificate, trusted, name)).startswith(b"HTTP/1.1 200 ")


def test_no_one_else_does(tmp_path: Path) -> None:
    """Another authority of the same name does not sign for it, and it is good for no other host."""
    certificate, other = localhost_certificate(tmp_path / "a"), localhost_certificate(tmp_path / "b")
    assert certificate.ca_file is not None
    assert other.ca_file is not None
    with pytest.raises(ssl.SSLCertVerificationError):
        asyncio.run(asked(certificate, other.ca_file))
    with pytest.raises(ssl.SSLCertVerificationError):
        asyncio.run(asked(certificate, certificate.ca_file, "shop.example"))


def test_it_stays_from_one_run_to_the_next(tmp_path: Path) -> None:
    """So that a browser learns it only once."""
    first = localhost_certificate(tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert localhost_certificate(tmp_path) == first
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
    assert set(before) == {"authority-key.pem", "authority.pem", "localhost.pem"}


@pytest.mark.parametrize("days, renewed", [(-1, True), (6, True), (8, False)])
def test_it_is_renewed_before_it_ends(days: int, renewed: bool, tmp_path: Path) -> None:
    """A week before; the authority stays."""
    certificate = localhost_certificate(tmp_path)
    pem = (tmp_path / "authority-key.pem").read_bytes()
    end = datetime.now(UTC) + timedelta(days=days)
    leaf = trustme.CA.from_pem(pem, pem).issue_cert("localhost", not_after=end)
    leaf.private_key_and_cert_chain_pem.write_to_path(certificate.cert_file)
    old = certificate.cert_file.read_bytes()

    assert localhost_certificate(tmp_path) == certificate
    assert (certificate.cert_file.read_bytes() != old) is renewed
    assert (tmp_path / "authority-key.pem").read_bytes() == pem


@pytest.mark.parametrize("text", [b"", b"no certificate", None])
def test_it_is_made_again_when_it_is_invalid(text: bytes | None, tmp_path: Path) -> None:
    """Or when another authority signed it."""
    certificate = localhost_certificate(tmp_path)
    other = localhost_certificate(tmp_path / "other").cert_file.read_bytes()
    certificate.cert_file.write_bytes(other if text is None else text)
    localhost_certificate(tmp_path)
    assert certificate.ca_file is not None
    assert asyncio.run(asked(certificate, certificate.ca_file)).startswith(b"HTTP/1.1 200 ")


def test_it_is_good_for_as_long_as_browsers_take(tmp_path: Path) -> None:
    """398 days at most."""
    leaf = load_pem_x509_certificate(localhost_certificate(tmp_path).cert_file.read_bytes())
    now = datetime.now(UTC)
    assert leaf.not_valid_before_utc < now
    assert now + timedelta(days=300) < leaf.not_valid_after_utc
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=398)


def test_only_this_user_can_read_the_keys(tmp_path: Path) -> None:
    """Also right after they are made; the folder is the user's own."""
    folder = tmp_path / "new"
    localhost_certificate(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("authority-key.pem", "localhost.pem"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert b"PRIVATE" not in (folder / "authority.pem").read_bytes()


def test_a_broken_authority_is_reported(tmp_path: Path) -> None:
    """It is not replaced without a word: somebody may trust it."""
    localhost_certificate(tmp_path)
    (tmp_path / "authority-key.pem").write_bytes(b"broken")
    with pytest.raises(
        ServeError, match="is not a certificate with its key; remove it; a new one will be created"
    ):
        localhost_certificate(tmp_path)


def test_a_folder_that_cannot_be_one_is_reported(tmp_path: Path) -> None:
    """With its name."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ServeError, match=r"cannot write a certificate into .*file"):
        localhost_certificate(tmp_path / "file")


def test_the_folder_is_that_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As the system names it."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state_folder() == tmp_path / "prefetchrouter"
    assert localhost_certificate().cert_file.parent == tmp_path / "prefetchrouter"
    for value in ("", "relative"):
        monkeypatch.setenv("XDG_STATE_HOME", value)
        assert state_folder() == Path.home() / ".local" / "state" / "prefetchrouter"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert state_folder() == tmp_path / "local" / "prefetchrouter"


def test_a_certificate_can_be_given(tmp_path: Path) -> None:
    """As mkcert makes it, with the key in its own file."""
    authority = trustme.CA()
    leaf = authority.issue_cert("localhost")
    cert, key, trusted = (tmp_path / name for name in ("cert.pem", "key.pem", "ca.pem"))
    leaf.cert_chain_pems[0].write_to_path(cert)
    leaf.private_key_pem.write_to_path(key)
    authority.cert_pem.write_to_path(trusted)

    certificate = user_certificate(cert, key)
    assert certificate == Certificate(cert, key, None)
    assert asyncio.run(asked(certificate, trusted)).startswith(b"HTTP/1.1 200 ")

    for wrong in ((key, cert), (cert, trusted)):
        with pytest.raises(ServeError, match="are not a certificate and its key"):
            user_certificate(*wrong)
    with pytest.raises(ServeError, match=r"missing\.pem does not exist"):
        user_certificate(cert, tmp_path / "missing.pem")
    with pytest.raises(ServeError, match=r"missing\.pem does not exist"):
        user_certificate(tmp_path / "missing.pem", key)


def test_a_key_with_a_password_is_reported(tmp_path: Path) -> None:
    """No one is asked for it in the middle of a start."""
    from cryptography.hazmat.primitives import serialization as form

    leaf = trustme.CA().issue_cert("localhost")
    key = form.load_pem_private_key(leaf.private_key_pem.bytes(), None)
    locked = form.BestAvailableEncryption(b"secret")
    pem = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, locked)
    (tmp_path / "key.pem").write_bytes(pem)
    leaf.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    with pytest.raises(ServeError, match="the key without a password"):
        user_certificate(tmp_path / "cert.pem", tmp_path / "key.pem")


@pytest.mark.parametrize("loops", ["asyncio", "uvloop"])
def test_who_speaks_no_tls_gets_nothing(loops: str, tmp_path: Path) -> None:
    """And does not disturb others."""
    certificate = localhost_certificate(tmp_path)

    async def main() -> bytes:
        async with serving(certificate=certificate) as served:
            client = await served.client()
            await client.send(request())
            got = await client.rest()
            assert certificate.ca_file is not None
            context = ssl.create_default_context(cafile=str(certificate.ca_file))
            secure = await served.client(context)
            await secure.send(request())
            assert (await secure.answer()).status == 200
            return got

    assert b"HTTP" not in run_on(loops, main)
