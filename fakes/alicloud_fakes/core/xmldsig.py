"""Signed XML, as far as SAML uses it: one enveloped signature with RSA, verified by signxml.

Document types are refused, so that no document is larger than it looks.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree as ET

from ram_policies.extras import extra_needed

DS = "http://www.w3.org/2000/09/xmldsig#"


class XmlError(Exception):
    """A document that is not well formed, or whose signature does not hold."""


class _Builder(ET.TreeBuilder):
    def doctype(self, *_: object) -> None:
        raise XmlError("the document has a document type")


def parse_xml(document: bytes) -> ET.Element:
    """Read a document.

    Raises:
        XmlError: it is not well formed, or has a document type.
    """
    try:
        return ET.fromstring(document, ET.XMLParser(target=_Builder()))  # noqa: S314 - no document type, no entities
    except (ET.ParseError, ValueError, LookupError) as error:
        raise XmlError(str(error)) from None


def one(element: ET.Element, namespace: str, *path: str) -> ET.Element:
    """The only element at a path.

    Raises:
        XmlError: there is none, or more than one.
    """
    for local in path:
        found = element.findall(f"{{{namespace}}}{local}")
        if len(found) != 1:
            raise XmlError(f"{len(found)} elements {local} where one is needed")
        element = found[0]
    return element


def text_of(element: ET.Element) -> str:
    """The text of an element, without what is in its elements."""
    return (element.text or "").strip()


def verified(document: bytes, place: str, certificates: Iterable[bytes]) -> ET.Element:
    """The part of a document that one of the certificates has signed, and nothing else of it.

    Whether a certificate has expired does not matter: it is trusted because it is in the provider's metadata.

    Args:
        document: the whole document.
        place: path of the element that carries the signature, as `ElementTree` writes it.
        certificates: in DER.

    Raises:
        XmlError: no certificate has signed anything there.
        MissingExtraError: signxml is not installed.
    """
    with extra_needed("saml"):
        # Only sign-ins through an identity provider need these imports.
        from cryptography import x509  # noqa: PLC0415 - an extra, and only those who sign in by SAML need it
        from signxml.algorithms import DigestAlgorithm, SignatureMethod  # noqa: PLC0415 - an extra, and only those who sign in by SAML need it
        from signxml.exceptions import SignXMLException  # noqa: PLC0415 - an extra, and only those who sign in by SAML need it
        from signxml.verifier import SignatureConfiguration, XMLVerifier  # noqa: PLC0415 - an extra, and only those who sign in by SAML need it

        lxml: Any = importlib.import_module("lxml.etree")  # it has no types
    verifier: Any = XMLVerifier()
    problem = "no certificate of the provider made the signature"
    for certificate in certificates:
        try:
            trusted = x509.load_der_x509_certificate(certificate)
            expected = SignatureConfiguration(
                location=place,
                signature_methods=frozenset({SignatureMethod.RSA_SHA256, SignatureMethod.RSA_SHA1}),
                digest_algorithms=frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA1}),
                verification_time=trusted.not_valid_before_utc,
            )
            found = verifier.verify(document, x509_cert=trusted, id_attribute="ID", expect_config=expected)
        except (SignXMLException, lxml.LxmlError, ValueError, TypeError, AttributeError) as error:
            problem = str(error) or problem
        else:
            return parse_xml(found.signed_data)
    raise XmlError(problem)
