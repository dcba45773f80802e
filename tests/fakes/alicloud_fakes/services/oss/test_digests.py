"""Checksums of content: Content-MD5 of every body, CRC-64 of every write."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import crcmod
import pytest

CRC = "x-oss-hash-crc64ecma"
DATA = b"some content"
RULE = b"<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>"
BODIES = {
    ("PUT", "/data/key", ""): DATA,
    ("POST", "/data/log", "append&position=0"): DATA,
    ("PUT", "/data/key", "tagging"): b"<Tagging><TagSet/></Tagging>",
    ("POST", "/data", "delete"): b"<Delete><Object><Key>key</Key></Object></Delete>",
    ("PUT", "/other", ""): b"<CreateBucketConfiguration/>",
    ("PUT", "/data", "cors"): b"<CORSConfiguration>" + RULE + b"</CORSConfiguration>",
    ("PUT", "/data", "versioning"): b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
    ("PUT", "/data", "style&styleName=s"): b"<Style><Content>image/resize</Content></Style>",
    ("PUT", "/data", "policy"): (
        b'{"Version":"1","Statement":[{"Effect":"Allow","Action":["oss:GetObject"],"Principal":["12345678"],'
        b'"Resource":["acs:oss:*:11223344:data/*"]}]}'
    ),
}


def md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()


def crc(data: bytes) -> str:
    """The checksum by the library that oss2 uses."""
    return str(crcmod.Crc(0x142F0E1EBA9EA3693, initCrc=0, xorOut=0xFFFFFFFFFFFFFFFF, rev=True).new(data).crcValue)


@pytest.fixture
def data(raw: Any) -> Any:
    raw.call("PUT", "/data")
    raw.call("PUT", "/data/key", body=DATA)
    return raw


@pytest.mark.parametrize(("method", "path", "query"), BODIES)
def test_every_body_is_held_against_its_digest(data: Any, method: str, path: str, query: str) -> None:
    body = BODIES[method, path, query]
    for wrong in (md5(body + b" "), "AAAA", "not base64"):
        assert data.code(method, path, query, {"content-md5": wrong}, body) == "InvalidDigest", wrong
    assert data.code(method, path, query, {"content-md5": md5(body)}, body) == ""


def test_a_permission_is_asked_before_a_digest(data: Any) -> None:
    headers = {"content-md5": md5(b"other")}
    http = data.signed(type(data).request("PUT", "/data/new", "", headers, DATA))
    http.headers["authorization"] = ""
    assert b"AccessDenied" in data.cloud.handle(http).body


def test_every_write_says_its_checksum(data: Any) -> None:
    assert data.call("PUT", "/data/a", body=DATA).headers[CRC] == crc(DATA)
    for position in (0, len(DATA)):
        answer = data.call("POST", "/data/log", f"append&position={position}", body=DATA)
    assert answer.headers[CRC] == crc(DATA * 2)
    assert data.call("PUT", "/data/b", "", {"x-oss-copy-source": "/data/a"}).headers[CRC] == crc(DATA)
    begun = data.call("POST", "/data/parts", "uploads").body
    found = re.search(rb"<UploadId>(\w+)<", begun)
    assert found is not None
    upload = f"uploadId={found[1].decode()}"
    part = data.call("PUT", "/data/parts", f"{upload}&partNumber=1", {"content-md5": md5(DATA)}, DATA)
    assert (part.headers[CRC], part.headers["content-md5"]) == (crc(DATA), md5(DATA))
    source = {"x-oss-copy-source": "/data/a", "x-oss-copy-source-range": "bytes=0-3"}
    assert data.call("PUT", "/data/parts", f"{upload}&partNumber=2", source).headers[CRC] == crc(DATA[:4])
    assert f"<HashCrc64ecma>{crc(DATA)}<".encode() in data.call("GET", "/data/parts", upload).body
    whole = data.call("POST", "/data/parts", upload, {"x-oss-complete-all": "yes"})
    assert whole.headers[CRC] == crc(DATA + DATA[:4])


@pytest.mark.parametrize("query", ["", "objectMeta"])
def test_reads_say_the_checksum(data: Any, query: str) -> None:
    head = data.call("HEAD", "/data/key", query)
    assert head.headers[CRC] == crc(DATA)
    assert head.headers.get("content-md5", md5(DATA)) == md5(DATA)
    assert data.call("GET", "/data/key").headers["content-md5"] == md5(DATA)


def test_a_checksum_that_the_client_sends_is_checked(data: Any) -> None:
    begun = re.search(rb"<UploadId>(\w+)<", data.call("POST", "/data/parts", "uploads").body)
    assert begun is not None
    for method, path, query in (
        ("PUT", "/data/a", ""),
        ("POST", "/data/log", "append&position=0"),
        ("PUT", "/data/parts", f"uploadId={begun[1].decode()}&partNumber=1"),
    ):
        assert data.code(method, path, query, {CRC: crc(b"other")}, DATA) == "InvalidArgument"
        assert data.code(method, path, query, {CRC: crc(DATA)}, DATA) == ""
