"""HTTPS and HTTP on one port, with a certificate that clients can be told to trust."""

from __future__ import annotations

import http.client
import socket
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from alicloud_fakes import Cloud, tls
from alicloud_fakes.http import Server
from alicloud_fakes.tls import certificates


@pytest.fixture
def server(tmp_path):
    made = certificates(tmp_path / "tls")
    with Server(Cloud.of({"1": ""}), certificates=made) as server:
        yield server, made


def ask(connection):
    connection.request("GET", "/_fakes/accounts")
    return connection.getresponse().status


def test_one_port_answers_both(server):
    running, made = server
    assert ask(http.client.HTTPConnection("127.0.0.1", running.port, timeout=5)) == 200
    trusting = ssl.create_default_context(cafile=made.ca)
    assert ask(http.client.HTTPSConnection("127.0.0.1", running.port, timeout=5, context=trusting)) == 200
    assert ask(http.client.HTTPSConnection("localhost", running.port, timeout=5, context=trusting)) == 200


def test_a_client_that_reads_certificates_strictly_is_served(server):
    """As Python does by default since 3.13."""
    running, made = server
    strict = ssl.create_default_context(cafile=made.ca)
    strict.verify_flags |= ssl.VERIFY_X509_STRICT
    assert ask(http.client.HTTPSConnection("127.0.0.1", running.port, timeout=5, context=strict)) == 200


def test_the_certificate_is_of_a_year_and_nothing_else_can_be_signed(tmp_path):
    now = datetime.now(UTC)
    made = certificates(tmp_path, now=now)
    server = x509.load_pem_x509_certificate(made.chain.read_bytes())
    assert timedelta(days=365) <= server.not_valid_after_utc - server.not_valid_before_utc < timedelta(days=366)
    authority = x509.load_pem_x509_certificate(made.ca.read_bytes())
    assert authority.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    server.verify_directly_issued_by(authority)
    (key,) = [path for path in tmp_path.iterdir() if b"PRIVATE KEY" in path.read_bytes()]
    kept = serialization.load_pem_private_key(key.read_bytes(), None).public_key()
    assert kept == server.public_key() != authority.public_key()


def test_a_client_that_does_not_trust_the_certificate_is_not_served(server):
    running, _ = server
    with pytest.raises(ssl.SSLCertVerificationError):
        ask(http.client.HTTPSConnection("127.0.0.1", running.port, timeout=5, context=ssl.create_default_context()))
    assert ask(http.client.HTTPConnection("127.0.0.1", running.port, timeout=5)) == 200


def test_a_silent_client_holds_nobody_up(server):
    running, _ = server
    with socket.create_connection(("127.0.0.1", running.port)):
        assert ask(http.client.HTTPConnection("127.0.0.1", running.port, timeout=5)) == 200


def test_certificates_are_kept_and_renewed(tmp_path):
    first = certificates(tmp_path)
    text = first.chain.read_bytes()
    assert certificates(tmp_path).chain.read_bytes() == text
    assert certificates(tmp_path, now=datetime.now(UTC) + timedelta(days=364)).chain.read_bytes() != text
    assert first.key.stat().st_mode & 0o777 == 0o600
    assert str(first.ca) in first.advice()


@pytest.mark.parametrize(
    "host",
    [
        "ram.aliyuncs.com",
        "sts.cn-hangzhou.aliyuncs.com",
        "ecs.eu-central-1.aliyuncs.com",
        "oss-cn-hangzhou.aliyuncs.com",
        "a-bucket.oss-cn-hangzhou.aliyuncs.com",
        "a-bucket.oss-ap-southeast-1-internal.aliyuncs.com",
        "a-bucket.oss-cn-shanghai-finance-1.aliyuncs.com",
        "sts.cn-north-2-gov-1.aliyuncs.com",
        "ram.me-central-1.aliyuncs.com",
        "oss-accelerate.aliyuncs.com",
        "a-bucket.oss-accelerate.aliyuncs.com",
        "a-bucket.oss-accelerate-overseas.aliyuncs.com",
        "sts-vpc.cn-hangzhou.aliyuncs.com",
    ],
)
def test_hosts_of_regions_and_buckets_are_named(server, host):
    running, made = server
    context = ssl.create_default_context(cafile=made.ca)
    with (
        socket.create_connection(("127.0.0.1", running.port)) as plain,
        context.wrap_socket(plain, server_hostname=host) as connection,
    ):
        assert connection.version()


def test_certificates_without_the_names_of_today_are_made_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(tls, "_NAMES", ("localhost",))
    old = certificates(tmp_path).chain.read_bytes()
    monkeypatch.undo()
    assert certificates(tmp_path).chain.read_bytes() != old


def test_the_advice_names_the_variable_of_each_client(server):
    advice = server[1].advice()
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "ALIBABA_CLOUD_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
        assert f"export {name}={server[1].ca}" in advice
