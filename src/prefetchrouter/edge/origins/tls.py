"""How the certificate of an origin is checked, before anything is sent to it."""

from __future__ import annotations

import hashlib
import ipaddress
import ssl
from typing import Any

from prefetchrouter.rules.servers import TlsVerify


class _CheckedHandshake(ssl.SSLObject):
    """A connection whose handshake fails when its context rejects the certificate."""

    def do_handshake(self) -> None:
        super().do_handshake()
        if isinstance(self.context, OriginContext):
            self.context.examine(self.getpeercert(binary_form=True))


class OriginContext(ssl.SSLContext):
    """A context that also checks what OpenSSL cannot: pinned certificates, and names without SNI."""

    sslobject_class = _CheckedHandshake
    names_host: bool
    must_carry: str | None
    pins: frozenset[str]

    @classmethod
    def made_for(cls, host: str, verify: TlsVerify | None) -> OriginContext:
        """Return the context for a host.

        The handshake sends the name of the host (SNI) unless `use_sni` is false.

        Args:
            host: The host, as it is connected to.
            verify: The settings of the origin; None for the defaults.
        """
        context = cls(ssl.PROTOCOL_TLS_CLIENT)
        context.load_default_certs()
        context.set_alpn_protocols(["http/1.1"])
        context.names_host, context.must_carry, context.pins = True, None, frozenset()
        if verify is None:
            return context
        strict = verify.sni_hint_and_strict_san_check
        context.names_host = verify.use_sni is not False
        context.pins = frozenset(pin.lower() for pin in verify.pinned_certs or ())
        if verify.allow_self_signed_certs:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            context.must_carry = strict
        elif not context.names_host:
            context.check_hostname = False
            context.must_carry = strict or host
        return context

    def wrap_bio(self, *args: Any, **named: Any) -> ssl.SSLObject:
        """Create a TLS connection, with SNI only if `names_host`."""
        if not self.names_host:
            named["server_hostname"] = None
        return super().wrap_bio(*args, **named)

    def examine(self, certificate: bytes | None) -> None:
        """Check a certificate, in DER, after the handshake.

        Raises:
            ssl.SSLCertVerificationError: It is not pinned, or not valid for the host.
        """
        if certificate is None:
            raise ssl.SSLCertVerificationError(1, "there is no certificate")
        fingerprint = hashlib.sha1(certificate, usedforsecurity=False).hexdigest()
        if self.pins and fingerprint not in self.pins:
            raise ssl.SSLCertVerificationError(1, f"the certificate {fingerprint} is not pinned")
        if self.must_carry is not None and not carries(certificate, self.must_carry):
            raise ssl.SSLCertVerificationError(1, f"the certificate is not for {self.must_carry}")


def carries(certificate: bytes, host: str) -> bool:
    """Return whether a certificate, in DER, is for a host name or address.

    Source:
        RFC 9525, section 6.3: a wildcard matches the whole leftmost label.
    """
    from cryptography import x509

    try:
        names = x509.load_der_x509_certificate(certificate).extensions.get_extension_for_class(
            x509.SubjectAlternativeName
        )
    except x509.ExtensionNotFound:
        return False
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        wanted = host.lower().rstrip(".")
        label, _, parent = wanted.partition(".")
        carried = {name.lower() for name in names.value.get_values_for_type(x509.DNSName)}
        return wanted in carried or (bool(label) and "." in parent and f"*.{parent}" in carried)
    return address in names.value.get_values_for_type(x509.IPAddress)
