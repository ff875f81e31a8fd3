"""Origins by HTTPS, with certificates made for the test."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from typing import Any

import pytest
import trustme

from edge.origins.raw_origin import OK, answering, get, raw_origin, started, whole
from edge.waiting import PATIENCE
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origins import UrlUpstream
from prefetchrouter.edge.origins.tls import OriginContext, carries
from prefetchrouter.edge.origins.upstream import NotSent
from prefetchrouter.rules.servers import TlsVerify

CA = trustme.CA(key_type=trustme.KeyType.ECDSA)


@pytest.fixture(autouse=True)
def _trusted(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """Make the test's authority one of the system's."""
    CA.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


def connect(certificate: trustme.LeafCert, verify: TlsVerify | None, host: str = "localhost") -> str:
    """Return the name that was sent in the handshake; raise what goes wrong."""
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    context.sni_callback = lambda _, name, __: names.append(name)

    async def run() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, __: None)
        async with raw_origin(answering(OK), tls=context) as origin:
            limits = Limits(connect_seconds=PATIENCE, answer_seconds=PATIENCE)
            async with started(
                UrlUpstream("https", host, origin.port, limits=limits, verify=verify)
            ) as upstream:
                try:
                    assert await whole(await upstream.fetch(get("/"))) == b"ok"
                except NotSent:
                    assert origin.heads == []
                    raise

    asyncio.run(run())
    return str(names[0])


def fingerprint(certificate: trustme.LeafCert) -> str:
    der = ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode())
    return hashlib.sha1(der, usedforsecurity=False).hexdigest()


GOOD = CA.issue_cert("localhost")
OTHER = CA.issue_cert("other.example", "*.wild.example")
STRANGE = trustme.CA(key_type=trustme.KeyType.ECDSA).issue_cert("localhost")


@pytest.mark.parametrize(
    "certificate, verify, name",
    [
        (GOOD, None, "localhost"),
        (GOOD, {"use_sni": True}, "localhost"),
        (GOOD, {"use_sni": False}, "None"),
        (OTHER, {"sni_hint_and_strict_san_check": "other.example"}, "other.example"),
        (OTHER, {"sni_hint_and_strict_san_check": "a.wild.example"}, "a.wild.example"),
        (OTHER, {"sni_hint_and_strict_san_check": "other.example", "use_sni": False}, "None"),
        (STRANGE, {"allow_self_signed_certs": True}, "localhost"),
        (
            STRANGE,
            {"allow_self_signed_certs": True, "sni_hint_and_strict_san_check": "localhost", "use_sni": False},
            "None",
        ),
        (GOOD, {"pinned_certs": ["0" * 40, fingerprint(GOOD).upper()]}, "localhost"),
        (STRANGE, {"allow_self_signed_certs": True, "pinned_certs": [fingerprint(STRANGE)]}, "localhost"),
    ],
)
def test_certificates_that_will_do(
    certificate: trustme.LeafCert, verify: dict[str, Any] | None, name: str
) -> None:
    assert connect(certificate, TlsVerify(**verify) if verify else None) == name


@pytest.mark.parametrize(
    "certificate, verify, why",
    [
        (STRANGE, None, "its certificate is refused: unable to get local issuer"),
        (STRANGE, {"use_sni": False}, "its certificate is refused: unable to get local issuer"),
        (OTHER, None, "its certificate is refused: Hostname mismatch"),
        (OTHER, {"use_sni": False}, "its certificate is refused: the certificate is not for localhost"),
        (GOOD, {"sni_hint_and_strict_san_check": "other.example"}, "is refused: Hostname mismatch"),
        (
            STRANGE,
            {"allow_self_signed_certs": True, "sni_hint_and_strict_san_check": "other.example"},
            "is refused: the certificate is not for other.example",
        ),
        (GOOD, {"pinned_certs": ["0" * 40]}, f"the certificate {fingerprint(GOOD)} is not pinned"),
        (STRANGE, {"allow_self_signed_certs": True, "pinned_certs": [fingerprint(GOOD)]}, "is not pinned"),
        (STRANGE, {"pinned_certs": [fingerprint(STRANGE)]}, "unable to get local issuer"),
    ],
    ids=range(9),
)
def test_certificates_that_will_not_do(
    certificate: trustme.LeafCert, verify: dict[str, Any] | None, why: str
) -> None:
    """Nothing of the request is sent."""
    with pytest.raises(NotSent, match=why) as caught:
        connect(certificate, TlsVerify(**verify) if verify else None)

    assert caught.value.failure == "unreachable"


def test_an_address_is_checked_like_a_name() -> None:
    assert connect(CA.issue_cert("127.0.0.1"), None, "127.0.0.1") == "None"
    with pytest.raises(NotSent, match="IP address mismatch"):
        connect(GOOD, None, "127.0.0.1")
    with pytest.raises(NotSent, match=r"the certificate is not for 127\.0\.0\.1"):
        connect(GOOD, TlsVerify(use_sni=False), "127.0.0.1")


def test_an_origin_that_speaks_no_tls() -> None:
    async def run() -> None:
        async with raw_origin(answering(OK)) as origin:
            limits = Limits(connect_seconds=0.2)
            async with started(UrlUpstream("https", "127.0.0.1", origin.port, limits=limits)) as upstream:
                await upstream.fetch(get("/"))

    with pytest.raises(NotSent):
        asyncio.run(run())


@pytest.mark.parametrize(
    "host, fits",
    [
        ("other.example", True),
        ("OTHER.example.", True),
        ("a.wild.example", True),
        ("a.b.wild.example", False),
        ("wild.example", False),
        (".wild.example", False),
        ("example", False),
        ("127.0.0.1", False),
    ],
)
def test_which_names_a_certificate_carries(host: str, fits: bool) -> None:
    der = ssl.PEM_cert_to_DER_cert(OTHER.cert_chain_pems[0].bytes().decode())

    assert carries(der, host) is fits


def test_nothing_old_is_spoken() -> None:
    context = OriginContext.made_for("shop.example", None)

    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
