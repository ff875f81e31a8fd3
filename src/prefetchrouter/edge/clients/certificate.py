"""Certificates for HTTPS on this machine."""

from __future__ import annotations

import contextlib
import os
import ssl
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from prefetchrouter.errors import ServeError

NAMES = ("localhost", "127.0.0.1", "::1")
"""The names that a certificate of `localhost_certificate` is valid for."""

_VALIDITY = timedelta(days=397)
_RENEWED_BEFORE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate and its key.

    Args:
        cert_file: The certificate with its intermediate certificates, in PEM.
        key_file: Its private key in PEM, without a password; may be the same file.
        ca_file: The certificate authority that clients have to trust; None if unknown.
    """

    cert_file: Path
    key_file: Path
    ca_file: Path | None = None

    def context(self) -> ssl.SSLContext:
        """Return the TLS context of a server.

        Raises:
            ServeError: The files cannot be read, or the key does not match the certificate.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        try:
            context.load_cert_chain(self.cert_file, self.key_file, password=_no_password)
        except FileNotFoundError:
            missing = self.key_file if self.cert_file.exists() else self.cert_file
            raise ServeError.of("serve", f"{missing} does not exist") from None
        except ssl.SSLError as error:
            raise ServeError.of(
                "serve",
                f"{self.cert_file} and {self.key_file} are not a certificate and its key",
                expected="both in PEM, and the key without a password",
            ) from error
        except OSError as error:
            raise ServeError.of("serve", f"{self.cert_file} cannot be read: {error.strerror}") from error
        return context


def user_certificate(cert: Path, key: Path) -> Certificate:
    """Return a certificate of the user's, such as one from mkcert.

    Args:
        cert: The certificate in PEM.
        key: Its private key in PEM.

    Raises:
        ServeError: The files cannot be read, or the key does not match the certificate.
    """
    certificate = Certificate(cert, key)
    certificate.context()
    return certificate


def state_folder() -> Path:
    """Return this user's folder for files that persist between runs."""
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "prefetchrouter"
    state = os.environ.get("XDG_STATE_HOME", "")
    folder = Path(state) if os.path.isabs(state) else Path.home() / ".local" / "state"
    return folder / "prefetchrouter"


def localhost_certificate(folder: Path | None = None) -> Certificate:
    """Return a certificate for localhost, renewed when the existing one expires within a week.

    The authority that signs it is created once, so that a browser has to trust it only once. Its key stays
    in the folder, readable by this user only.

    Args:
        folder: Where the files are; None for `state_folder()`.

    Raises:
        ServeError: The folder cannot be written to, or its files are invalid.
    """
    folder = state_folder() if folder is None else folder
    authority, own = folder / "authority-key.pem", folder / "localhost.pem"
    certificate = Certificate(own, own, folder / "authority.pem")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _ensure_files(authority, own, folder / "authority.pem")
    except OSError as error:
        raise ServeError.of("serve", f"cannot write a certificate into {folder}: {error.strerror}") from error
    except ValueError as error:
        raise ServeError.of(
            "serve",
            f"{authority} is not a certificate with its key",
            hint="remove it; a new one will be created",
        ) from error
    return certificate


def _ensure_files(authority_file: Path, own_file: Path, public_file: Path) -> None:
    import trustme

    if not authority_file.exists():
        new = trustme.CA(organization_name="prefetchrouter", organization_unit_name="localhost")
        _write(authority_file, new.private_key_pem.bytes() + new.cert_pem.bytes(), replace=False)
    pem = authority_file.read_bytes()
    authority = trustme.CA.from_pem(pem, pem)
    public = authority.cert_pem.bytes()
    if not public_file.exists() or public_file.read_bytes() != public:
        _write(public_file, public, replace=True)
    if not _is_valid(own_file, public):
        now = datetime.now(UTC)
        leaf = authority.issue_cert(
            *NAMES, not_before=now - timedelta(days=1), not_after=now + _VALIDITY - timedelta(days=1)
        )
        chain = b"".join(blob.bytes() for blob in leaf.cert_chain_pems)
        _write(own_file, leaf.private_key_pem.bytes() + chain, replace=True)


def _is_valid(file: Path, authority: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.x509 import load_pem_x509_certificate

    try:
        certificate = load_pem_x509_certificate(file.read_bytes())
        certificate.verify_directly_issued_by(load_pem_x509_certificate(authority))
    except (FileNotFoundError, ValueError, TypeError, InvalidSignature):
        return False
    return certificate.not_valid_after_utc - datetime.now(UTC) > _RENEWED_BEFORE


def _write(file: Path, text: bytes, *, replace: bool) -> None:
    """Write a file atomically, readable by this user only; an existing one stays unless `replace`."""
    descriptor, name = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as written:
            written.write(text)
        if replace:
            os.replace(name, file)
        else:
            with contextlib.suppress(FileExistsError):
                os.link(name, file)
    finally:
        Path(name).unlink(missing_ok=True)


def _no_password() -> str:
    raise ssl.SSLError("the key has a password")
