"""Roles for users of identity providers, through official clients and both doors."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import time
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from alibabacloud_ram20150501 import models as ram
from alibabacloud_sts20150401 import models as sts
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from alicloud_fakes import HttpRequest
from alicloud_fakes.admin import administer
from alicloud_fakes.core.xmldsig import DS

A = "11223344"
IMS = ("ims", "2019-08-15")
ISSUER = "https://issuer.example"
KEY = rsa.generate_private_key(65537, 2048)
OTHER_KEY = rsa.generate_private_key(65537, 2048)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int) -> str:
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def token(key: rsa.RSAPrivateKey = KEY, **changes: Any) -> str:
    claims = {"iss": ISSUER, "aud": "client", "sub": "pipeline", "iat": int(time.time()), "exp": int(time.time()) + 600}
    claims |= changes
    head = b64(json.dumps({"alg": "RS256", "kid": "k"}).encode())
    text = f"{head}.{b64(json.dumps(claims).encode())}"
    return f"{text}.{b64(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def role(door: Any, provider: str, condition: dict[str, Any]) -> None:
    statement = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Federated": [provider]}}
    document = json.dumps({"Statement": [{**statement, "Condition": condition}], "Version": "1"})
    client = door.ram(door.cloud.account(A).root_key)
    client.create_role(ram.CreateRoleRequest(role_name="ci", assume_role_policy_document=document))


@pytest.fixture
def oidc(door: Any) -> Any:
    root = door.cloud.account(A).root_key
    provider = {"OIDCProviderName": "idp", "IssuerUrl": ISSUER, "ClientIds": "client,other"}
    door.call(root, *IMS, "CreateOIDCProvider", **provider)
    public = KEY.public_key().public_numbers()
    jwk = {"kty": "RSA", "kid": "k", "n": number(public.n), "e": number(public.e)}
    keys = json.dumps({"issuer": ISSUER, "keys": [jwk]}).encode()
    answer = administer(door.cloud).handle(HttpRequest("POST", "/_fakes/issuers", "", {"host": "localhost"}, keys))
    assert answer.status == 200
    condition = {"StringEquals": {"oidc:iss": ISSUER, "oidc:aud": "client", "oidc:sub": "pipeline"}}
    role(door, f"acs:ram::{A}:oidc-provider/idp", condition)

    def assume(jwt: str, **changes: Any) -> Any:
        given = {"role_arn": f"acs:ram::{A}:role/ci", "oidcprovider_arn": f"acs:ram::{A}:oidc-provider/idp"}
        given |= {"role_session_name": "run-1", "oidctoken": jwt} | changes
        return door.sts(root).assume_role_with_oidc(sts.AssumeRoleWithOIDCRequest(**given)).body

    return assume


def test_an_oidc_token_begins_a_session(door: Any, oidc: Any) -> None:
    body = oidc(token())
    assert body.assumed_role_user.arn == f"acs:ram::{A}:role/ci/run-1"
    assert (body.oidctoken_info.subject, body.oidctoken_info.issuer) == ("pipeline", ISSUER)
    me = door.sts(body.credentials).get_caller_identity().body
    assert me.arn == f"acs:ram::{A}:assumed-role/ci/run-1"


@pytest.mark.parametrize(
    ("jwt", "changes", "status", "code"),
    [
        (lambda: "nonsense", {}, 401, "AuthenticationFail.OIDCToken.Invalid"),
        (lambda: token(OTHER_KEY), {}, 401, "AuthenticationFail.OIDCToken.Invalid"),
        (lambda: token(iss="https://other.example"), {}, 401, "AuthenticationFail.OIDCToken.Invalid"),
        (lambda: token(aud="stranger"), {}, 401, "AuthenticationFail.OIDCToken.Invalid"),
        (lambda: token(exp=int(time.time()) - 1), {}, 401, "AuthenticationFail.OIDCToken.Expired"),
        (lambda: token(iat=int(time.time()) - 13 * 3600), {}, 401, "AuthenticationFail.OIDCToken.Expired"),
        (lambda: token(sub="somebody else"), {}, 401, "AuthenticationFail.NoPermission"),
        (lambda: token(aud="other"), {}, 401, "AuthenticationFail.NoPermission"),
        (token, {"oidcprovider_arn": f"acs:ram::{A}:oidc-provider/none"}, 404, "EntityNotExist.OIDCProvider"),
        (token, {"role_arn": f"acs:ram::{A}:role/none"}, 404, "EntityNotExist.Role"),
        (token, {"duration_seconds": 899}, 400, "InvalidParameter.DurationSeconds"),
    ],
)
def test_a_wrong_oidc_token_is_refused(oidc: Any, refused: Any, jwt: Any, changes: Any, status: int, code: str) -> None:
    with refused(code, status):
        oidc(jwt(), **changes)


def canonical(document: str) -> bytes:
    return ET.canonicalize(document).encode()


def certificate() -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp")])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(KEY.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
    return builder.sign(KEY, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


METADATA = (
    '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example">'
    f'<ds:X509Certificate xmlns:ds="{DS}">{base64.b64encode(certificate()).decode()}</ds:X509Certificate>'
    "</md:EntityDescriptor>"
)
C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
PROVIDER = f"acs:ram::{A}:saml-provider/idp"
RECIPIENT = "https://signin.aliyun.com/saml-role/sso"


def at(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + seconds))


def assertion(key: rsa.RSAPrivateKey = KEY, change: Any = lambda text: text, after: Any = lambda text: text) -> str:
    """A signed response. `change` is applied before signing, `after` to the signed document."""
    attributes = "https://www.aliyun.com/SAML-Role/Attributes/"
    text = (
        '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1" Version="2.0">'
        "<saml:Issuer>https://idp.example</saml:Issuer>SIGNATURE"
        '<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">alice</saml:NameID>'
        f'<saml:SubjectConfirmation><saml:SubjectConfirmationData Recipient="{RECIPIENT}" NotOnOrAfter="{at(300)}"/>'
        "</saml:SubjectConfirmation></saml:Subject>"
        f'<saml:Conditions NotBefore="{at(-60)}" NotOnOrAfter="{at(300)}"><saml:AudienceRestriction>'
        "<saml:Audience>urn:alibaba:cloudcomputing</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
        f'<saml:AttributeStatement><saml:Attribute Name="{attributes}Role">'
        f"<saml:AttributeValue>acs:ram::{A}:role/ci,{PROVIDER}</saml:AttributeValue></saml:Attribute>"
        f'<saml:Attribute Name="{attributes}RoleSessionName"><saml:AttributeValue>alice@corp</saml:AttributeValue>'
        "</saml:Attribute></saml:AttributeStatement></saml:Assertion>"
    )
    text = change(text)
    digest = hashlib.sha256(canonical(text.replace("SIGNATURE", ""))).digest()
    info = (
        f'<ds:SignedInfo xmlns:ds="{DS}"><ds:CanonicalizationMethod Algorithm="{C14N}"/>'
        '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>'
        f'<ds:Reference URI="#_1"><ds:Transforms><ds:Transform Algorithm="{DS}enveloped-signature"/>'
        f'<ds:Transform Algorithm="{C14N}"/></ds:Transforms>'
        '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        f"<ds:DigestValue>{base64.b64encode(digest).decode()}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    )
    value = key.sign(canonical(info), padding.PKCS1v15(), hashes.SHA256())
    seal = f'<ds:Signature xmlns:ds="{DS}">{info}<ds:SignatureValue>{base64.b64encode(value).decode()}'
    seal += "</ds:SignatureValue></ds:Signature>"
    whole = '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">' + text.replace("SIGNATURE", seal)
    return base64.b64encode(after(whole + "</samlp:Response>").encode()).decode()


@pytest.fixture
def saml(door: Any) -> Any:
    root = door.cloud.account(A).root_key
    document = base64.b64encode(METADATA.encode()).decode()
    door.call(root, *IMS, "CreateSAMLProvider", SAMLProviderName="idp", EncodedSAMLMetadataDocument=document)
    role(door, PROVIDER, {"StringEquals": {"saml:recipient": RECIPIENT}})

    def assume(document: str, **changes: Any) -> Any:
        given = {"role_arn": f"acs:ram::{A}:role/ci", "samlprovider_arn": PROVIDER, "samlassertion": document} | changes
        return door.sts(root).assume_role_with_saml(sts.AssumeRoleWithSAMLRequest(**given)).body

    return assume


def test_a_saml_assertion_begins_a_session(door: Any, saml: Any) -> None:
    body = saml(assertion())
    assert body.assumed_role_user.arn == f"acs:ram::{A}:role/ci/alice@corp"
    info = body.samlassertion_info
    assert (info.subject, info.subject_type, info.issuer) == ("alice", "persistent", "https://idp.example")
    assert door.sts(body.credentials).get_caller_identity().body.identity_type == "AssumedRoleUser"


def swap(one: str, other: str) -> Any:
    return lambda text: text.replace(one, other)


def wrapped(text: str) -> str:
    """Another assertion beside the signed one: the classic attack."""
    start, end = text.index("<saml:Assertion"), text.index("</saml:Assertion>") + len("</saml:Assertion>")
    return text[:end] + text[start:end].replace('ID="_1"', 'ID="_2"').replace("alice", "mallory") + text[end:]


@pytest.mark.parametrize(
    ("document", "changes", "status", "code"),
    [
        (lambda: "bm9uc2Vuc2U=", {}, 401, "AuthenticationFail.SAMLAssertion.Invalid"),
        (lambda: assertion(OTHER_KEY), {}, 401, "AuthenticationFail.SAMLAssertion.Invalid"),
        (lambda: assertion(after=swap("alice", "mallory")), {}, 401, "AuthenticationFail.SAMLAssertion.Invalid"),
        (lambda: assertion(after=wrapped), {}, 401, "AuthenticationFail.SAMLAssertion.Invalid"),
        (
            lambda: assertion(change=swap("idp.example", "x.example")),
            {},
            401,
            "AuthenticationFail.SAMLAssertion.Invalid",
        ),
        (
            lambda: assertion(change=swap("urn:alibaba:cloudcomputing", "urn:x")),
            {},
            401,
            "AuthenticationFail.SAMLAssertion.Invalid",
        ),
        (lambda: assertion(change=swap(at(300), at(-1))), {}, 401, "AuthenticationFail.SAMLAssertion.Expired"),
        (lambda: assertion(change=swap("role/ci", "role/x")), {}, 401, "AuthenticationFail.SAMLAssertion.Invalid"),
        (
            lambda: assertion(change=swap(RECIPIENT, "https://x.example")),
            {},
            401,
            "AuthenticationFail.SAMLAssertion.Invalid",
        ),
        (
            lambda: assertion(change=swap("signin.aliyun.com", "signin.alibabacloud.com")),
            {},
            401,
            "AuthenticationFail.NoPermission",
        ),
        (assertion, {"samlprovider_arn": f"acs:ram::{A}:saml-provider/none"}, 404, "EntityNotExist.SAMLProvider"),
        (assertion, {"role_arn": f"acs:ram::{A}:role/none"}, 404, "EntityNotExist.RoleArn"),
        (assertion, {"role_arn": None}, 400, "MissingParameter.RoleArn"),
        (lambda: None, {}, 400, "MissingParameter.SAMLAssertion"),
    ],
)
def test_a_wrong_saml_assertion_is_refused(
    saml: Any, refused: Any, document: Any, changes: Any, status: int, code: str
) -> None:
    with refused(code, status):
        saml(document(), **changes)
