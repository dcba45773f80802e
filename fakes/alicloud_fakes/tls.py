"""A certificate authority of the fake's own, so that clients that insist on HTTPS can be served."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alicloud_fakes.core.region_names import REGIONS
from ram_policies.catalogue.regions import region_ids
from ram_policies.extras import extra_needed

with extra_needed("fakes"):
    from cryptography import x509

_DAYS = 365
_RENEW_BEFORE = timedelta(days=7)
_REGIONS = sorted(region_ids() | set(REGIONS))
_NAMES = (
    "localhost",
    "*.localhost",
    "*.aliyuncs.com",
    "*.ram.aliyuncs.com",
    "*.sts.aliyuncs.com",
    # A star stands for one label: hosts of a region (sts.cn-hangzhou) and of a bucket need a name each.
    *(f"*.{region}.aliyuncs.com" for region in _REGIONS),
    *(f"*.oss-{region}.aliyuncs.com" for region in _REGIONS),
    *(f"*.oss-{region}-internal.aliyuncs.com" for region in _REGIONS),
    "*.oss-accelerate.aliyuncs.com",
    "*.oss-accelerate-overseas.aliyuncs.com",
)


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files of a server and of who trusts it.

    Attributes:
        ca: certificate of the authority: what clients are told to trust.
        chain: certificate of the server.
        key: its private key.
    """

    ca: Path
    chain: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """TLS context of a server."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.chain, self.key)
        return context

    def advice(self) -> str:
        """Advice for clients that have to trust the certificate, as lines for a shell."""
        return (
            "# Go programs (the alicloud provider, Terraform, the aliyun CLI) and OpenSSL:\n"
            f"export SSL_CERT_FILE={self.ca}\n"
            "# Python's requests (the official SDKs, oss2):\n"
            f"export REQUESTS_CA_BUNDLE={self.ca}\n"
            "# Python's aliyun-python-sdk-core:\n"
            f"export ALIBABA_CLOUD_CA_BUNDLE={self.ca}\n"
            "# Node.js:\n"
            f"export NODE_EXTRA_CA_CERTS={self.ca}"
        )


def certificates(folder: Path, *, now: datetime | None = None) -> Certificates:
    """The certificates in a folder; made when they are not there, or about to expire.

    The authority's private key is thrown away once it has signed: nobody can sign anything else with it, so trusting
    the authority means trusting this server and nothing more. The certificate of the authority has no end of its own
    (trustme sets none); that of the server, the only one there will ever be, is of a year.

    Args:
        folder: where they are kept; made when it is not there, readable by its owner only.
        now: the time; the system's by default.
    """
    now = now or datetime.now(UTC)
    found = Certificates(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    if all(path.exists() for path in (found.ca, found.chain, found.key)):
        current = x509.load_pem_x509_certificate(found.chain.read_bytes())
        valid = current.not_valid_after_utc - _RENEW_BEFORE > now >= current.not_valid_before_utc
        if valid and set(_NAMES) <= set(_names_in(current)):
            return found
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _make(found, now)
    return found


def _names_in(certificate: x509.Certificate) -> list[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    return found.value.get_values_for_type(x509.DNSName)


def _make(files: Certificates, now: datetime) -> None:
    with extra_needed("fakes"):
        from trustme import CA  # noqa: PLC0415 - they are made once, and read at each start

    authority = CA(organization_name="alicloud-fakes", organization_unit_name=f"{now:%Y-%m-%d %H:%M:%S}", path_length=0)
    server = authority.issue_cert(
        *_NAMES,
        "127.0.0.1",
        "::1",
        common_name="localhost",
        organization_name="alicloud-fakes",
        not_before=now - timedelta(minutes=5),
        not_after=now + timedelta(days=_DAYS),
    )
    _write(files.key, server.private_key_pem.bytes(), 0o600)
    _write(files.ca, authority.cert_pem.bytes(), 0o644)
    _write(files.chain, server.cert_chain_pems[0].bytes(), 0o644)


def _write(path: Path, data: bytes, mode: int) -> None:
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    fresh.replace(path)
