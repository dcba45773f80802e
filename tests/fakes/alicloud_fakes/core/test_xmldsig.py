"""Signed XML documents: which are accepted, and what counts as signed."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureMethod, XMLSigner
from signxml.algorithms import SignatureConstructionMethod

from alicloud_fakes.core.xmldsig import XmlError, one, parse_xml, text_of, verified
from ram_policies.extras import MissingExtraError

KEY = rsa.generate_private_key(65537, 2048)
OTHER_KEY = rsa.generate_private_key(65537, 2048)
PLACE = "./{urn:a}part/"
LONG_AGO = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)


def certificate(key: Any, begin: dt.datetime = LONG_AGO) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(begin).not_valid_after(begin + dt.timedelta(days=1))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


CERTIFICATE, OTHER = certificate(KEY), certificate(OTHER_KEY)


class Old(XMLSigner):
    """A signer that still signs with SHA-1."""

    def check_deprecated_methods(self) -> None:
        pass


def document(
    key: Any = KEY,
    method: SignatureMethod = SignatureMethod.RSA_SHA256,
    digest: DigestAlgorithm = DigestAlgorithm.SHA256,
    content: str = "<name>alice</name>",
    **more: Any,
) -> str:
    """A document with a signed part that has a namespace and an attribute."""
    part = etree.fromstring(f'<part xmlns="urn:a" xmlns:b="urn:b" ID="_1" b:kind="x &amp; y">{content}</part>')
    signer = Old(
        SignatureConstructionMethod.enveloped,
        signature_algorithm=method,
        digest_algorithm=digest,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    signed = signer.sign(part, key=key, reference_uri="_1", id_attribute="ID", **more)
    return f'<whole xmlns:c="urn:c"><before/>{etree.tostring(signed).decode()}<after/></whole>'


def name_in(text: str, *certificates: bytes) -> str:
    found = verified(text.encode(), PLACE, certificates or (CERTIFICATE,))
    assert found.tag == "{urn:a}part"
    return text_of(one(found, "urn:a", "name"))


@pytest.mark.parametrize(
    ("method", "digest"),
    [
        (SignatureMethod.RSA_SHA256, DigestAlgorithm.SHA256),
        (SignatureMethod.RSA_SHA1, DigestAlgorithm.SHA1),
        (SignatureMethod.RSA_SHA256, DigestAlgorithm.SHA1),
    ],
)
def test_signed_saml_responses_are_read(method: SignatureMethod, digest: DigestAlgorithm) -> None:
    assert name_in(document(method=method, digest=digest)) == "alice"


def test_one_of_several_certificates_is_enough_whether_or_not_it_has_expired() -> None:
    assert name_in(document(), OTHER, b"no certificate", CERTIFICATE) == "alice"
    future = certificate(KEY, dt.datetime.now(dt.UTC) + dt.timedelta(days=365))
    assert name_in(document(), future) == "alice"


def test_only_the_signed_part_is_given_back_without_its_signature_and_comments() -> None:
    text = document(content="<name>ali<!-- a comment -->ce</name>")
    found = verified(text.encode(), PLACE, [CERTIFICATE])
    assert [child.tag for child in found] == ["{urn:a}name"]
    assert name_in(text) == "alice"
    assert found.get("{urn:b}kind") == "x & y"


DS = "http://www.w3.org/2000/09/xmldsig#"


@pytest.mark.parametrize(
    "text",
    [
        document(OTHER_KEY),
        document().replace("alice", "mallory"),
        document().replace("x &amp; y", "x &amp; z"),
        document().replace('ID="_1"', 'ID="_2"'),
        document().replace("<before/>", '<before ID="_1"/>'),
        document().replace("<before/>", document()[len('<whole xmlns:c="urn:c"><before/>') : -len("<after/></whole>")]),
        document().replace("rsa-sha256", "rsa-sha512"),
        document().replace("2001/04/xmldsig-more#rsa-sha256", "2001/04/xmldsig-more#hmac-sha256"),
        document().replace("rsa-sha256", "made-up"),
        document().replace("<ds:SignatureValue>", "<ds:SignatureValue>AAAA"),
        document().replace("ds:SignatureValue>", "ds:Value>"),
        document(method=SignatureMethod.RSA_SHA512, digest=DigestAlgorithm.SHA512),
        document(ec.generate_private_key(ec.SECP256R1()), SignatureMethod.ECDSA_SHA256),
        '<whole><part xmlns="urn:a" ID="_1"><name>alice</name></part></whole>',
        "<whole/>",
        "no document",
        '<!DOCTYPE whole [<!ENTITY who "mallory">]>' + document(),
    ],
)
def test_a_signature_that_does_not_hold(text: str) -> None:
    with pytest.raises(XmlError) as error:
        name_in(text)
    assert str(error.value)


def test_a_key_that_the_document_brings_along_counts_for_nothing() -> None:
    pem = x509.load_der_x509_certificate(OTHER).public_bytes(serialization.Encoding.PEM).decode()
    text = document(OTHER_KEY, cert=pem)
    assert "X509Certificate" in text
    with pytest.raises(XmlError):
        name_in(text)
    assert name_in(text, OTHER) == "alice"


def test_no_certificate_no_signature() -> None:
    with pytest.raises(XmlError, match="no certificate of the provider"):
        verified(document().encode(), PLACE, [])


def test_a_missing_library_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "signxml.verifier", None)
    with pytest.raises(MissingExtraError, match=r"signxml is not installed.*Fix: pip install .*\[saml\]"):
        name_in(document())


@pytest.mark.parametrize(
    "text",
    [
        b"<a>",
        b"",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<?xml version="1.0" encoding="made-up"?><a/>',
    ],
)
def test_a_signature_that_does_not_hold_is_refused(text: bytes) -> None:
    with pytest.raises(XmlError):
        parse_xml(text)


@pytest.mark.parametrize("text", [b"<a/>", b"<a><b/><b/></a>", b'<a><b xmlns="urn:x"/></a>'])
def test_one_element_is_neither_none_nor_two(text: bytes) -> None:
    with pytest.raises(XmlError, match="elements b where one is needed"):
        one(parse_xml(text), "", "b")
    assert one(parse_xml(b"<a><b/></a>"), "", "b").tag == "b"
    assert isinstance(parse_xml(b"<a/>"), ET.Element)
