"""XML signatures, as far as SAML uses them: exclusive canonical XML, one enveloped reference, RSA.

Sources: W3C, "Exclusive XML Canonicalization 1.0" and "XML Signature Syntax and Processing". Document types and
entities are refused, so that no document is larger than it looks.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

DS = "http://www.w3.org/2000/09/xmldsig#"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_ENVELOPED = f"{DS}enveloped-signature"
_DIGESTS = {"http://www.w3.org/2001/04/xmlenc#sha256": "sha256", f"{DS}sha1": "sha1"}
_SIGNATURES = {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256": "SHA256", f"{DS}rsa-sha1": "SHA1"}
_DEEPEST = 100
_XML = "http://www.w3.org/XML/1998/namespace"


class XmlError(Exception):
    """A document that is not well formed, or whose signature does not hold."""


@dataclass(slots=True, eq=False)
class Element:
    """An element. `scope`: namespaces by prefix; `attributes` leaves their declarations out."""

    name: str
    attributes: dict[str, str]
    scope: Mapping[str, str]
    children: list[Element | str] = field(default_factory=list["Element | str"])

    @property
    def tag(self) -> tuple[str, str]:
        """Namespace and local name."""
        prefix, local = _split(self.name)
        return self.scope.get(prefix, ""), local

    def all(self, namespace: str, local: str) -> Iterator[Element]:
        """This element and everything in it, of that name."""
        if self.tag == (namespace, local):
            yield self
        for child in self.elements():
            yield from child.all(namespace, local)

    def elements(self) -> Iterator[Element]:
        """The elements directly in it."""
        return (child for child in self.children if isinstance(child, Element))

    def one(self, namespace: str, *path: str) -> Element:
        """The only element at a path.

        Raises:
            XmlError: there is none, or more than one.
        """
        here = self
        for local in path:
            found = [child for child in here.elements() if child.tag == (namespace, local)]
            if len(found) != 1:
                raise XmlError(f"{len(found)} elements {local} where one is needed")
            here = found[0]
        return here

    @property
    def text(self) -> str:
        """Its text, without what is in its elements."""
        return "".join(child for child in self.children if isinstance(child, str)).strip()


def parse(document: bytes) -> Element:
    """Read a document.

    Raises:
        XmlError: it is not well formed, too deep, or has a document type.
    """
    root = Element("", {}, {"xml": _XML})
    stack = [root]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > _DEEPEST:
            raise XmlError("the document is too deep")
        scope = dict(stack[-1].scope)
        plain: dict[str, str] = {}
        for key, value in attributes.items():
            if key == "xmlns" or key.startswith("xmlns:"):
                scope[key[6:]] = value
            else:
                plain[key] = value
        element = Element(name, plain, scope)
        stack[-1].children.append(element)
        stack.append(element)

    def end(_: str) -> None:
        stack.pop()

    def data(text: str) -> None:
        stack[-1].children.append(text)

    def refuse(*_: object) -> None:
        raise XmlError("the document has a document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, data
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(document, True)  # noqa: FBT003 - expat's own signature
    except expat.ExpatError as error:
        raise XmlError(str(error)) from None
    return next(root.elements())


def canonical(element: Element, without: Element | None = None, inclusive: Iterable[str] = ()) -> bytes:
    """Exclusive canonical XML, without comments, of an element and what is in it.

    Args:
        element: what to write.
        without: an element to leave out: the signature itself.
        inclusive: prefixes whose declarations are written wherever they are in scope.
    """
    parts: list[str] = []
    _write(element, without, frozenset(inclusive), {}, parts)
    return "".join(parts).encode()


def _write(
    element: Element, without: Element | None, inclusive: frozenset[str], shown: Mapping[str, str], parts: list[str]
) -> None:
    prefixes = {_split(element.name)[0]} | {_split(key)[0] for key in element.attributes if ":" in key}
    prefixes |= {"" if prefix == "#default" else prefix for prefix in inclusive}
    prefixes.discard("xml")
    now = dict(shown)
    parts.append(f"<{element.name}")
    for prefix in sorted(prefixes):
        uri = element.scope.get(prefix)
        if uri is None and prefix:
            continue
        if now.get(prefix, "") != (uri or ""):
            parts.append(f' xmlns{":" if prefix else ""}{prefix}="{_attribute(uri or "")}"')
            now[prefix] = uri or ""

    def order(key: str) -> tuple[str, str]:
        prefix, local = _split(key)
        return (element.scope.get(prefix, "") if prefix else "", local)

    parts.extend(f' {key}="{_attribute(element.attributes[key])}"' for key in sorted(element.attributes, key=order))
    parts.append(">")
    for child in element.children:
        if isinstance(child, str):
            parts.append(_text(child))
        elif child is not without:
            _write(child, without, inclusive, now, parts)
    parts.append(f"</{element.name}>")


def _split(name: str) -> tuple[str, str]:
    prefix, colon, local = name.partition(":")
    return (prefix, local) if colon else ("", name)


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")


def _attribute(text: str) -> str:
    out = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return out.replace("\t", "&#x9;").replace("\n", "&#xA;").replace("\r", "&#xD;")


def verify(signed: Element, certificates: Iterable[bytes]) -> None:
    """Check that an element carries a signature over itself, by one of the certificates (DER).

    Raises:
        XmlError: it does not.
    """
    signature = signed.one(DS, "Signature")
    info = signature.one(DS, "SignedInfo")
    reference = info.one(DS, "Reference")
    if reference.attributes.get("URI") != f"#{signed.attributes.get('ID', '')}" or not signed.attributes.get("ID"):
        raise XmlError("the signature is over something else")
    inclusive: list[str] = []
    for transform in reference.one(DS, "Transforms").elements():
        algorithm = transform.attributes.get("Algorithm")
        if algorithm not in {_ENVELOPED, _EXCLUSIVE}:
            raise XmlError(f"the transform {algorithm} is not supported")
        inclusive += _inclusive(transform)
    digest = _DIGESTS.get(reference.one(DS, "DigestMethod").attributes.get("Algorithm", ""))
    if digest is None:
        raise XmlError("the digest is not supported")
    computed = hashlib.new(digest, canonical(signed, signature, inclusive)).digest()
    if not hmac.compare_digest(computed, _decode(reference.one(DS, "DigestValue").text)):
        raise XmlError("the document was changed after it was signed")
    method = info.one(DS, "CanonicalizationMethod")
    name = _SIGNATURES.get(info.one(DS, "SignatureMethod").attributes.get("Algorithm", ""))
    if method.attributes.get("Algorithm") != _EXCLUSIVE or name is None:
        raise XmlError("the signature method is not supported")
    value = _decode(signature.one(DS, "SignatureValue").text)
    _check(canonical(info, None, _inclusive(method)), value, name, certificates)


def _check(data: bytes, value: bytes, digest: str, certificates: Iterable[bytes]) -> None:
    # Only who signs in through an identity provider pays for the import.
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import padding, rsa  # noqa: PLC0415
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415

    algorithm = hashes.SHA256() if digest == "SHA256" else hashes.SHA1()  # noqa: S303 - what the standard names
    for certificate in certificates:
        try:
            key = load_der_x509_certificate(certificate).public_key()
        except ValueError:
            continue
        if isinstance(key, rsa.RSAPublicKey):
            try:
                key.verify(value, data, padding.PKCS1v15(), algorithm)
            except InvalidSignature:
                continue
            return
    raise XmlError("no certificate of the provider made the signature")


def _inclusive(element: Element) -> list[str]:
    found = [child for child in element.elements() if child.tag == (_EXCLUSIVE, "InclusiveNamespaces")]
    return found[0].attributes.get("PrefixList", "").split() if found else []


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (ValueError, binascii.Error):
        raise XmlError("a value is not base64") from None
