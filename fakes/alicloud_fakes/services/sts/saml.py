"""Assuming a role with an assertion of a SAML identity provider.

Source: Alibaba Cloud, STS, AssumeRoleWithSAML; RAM, "SAML response for role-based SSO".
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Annotated, Any, cast
from xml.etree.ElementTree import Element

from alicloud_fakes.core import xmldsig
from alicloud_fakes.core.clock import parse_time
from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.core.xmldsig import XmlError, one, text_of
from alicloud_fakes.identity.directory import Directory
from alicloud_fakes.pipeline.declare import Length, Secret, wire_name
from alicloud_fakes.pipeline.registry import AllowedCallers, Reply
from alicloud_fakes.services.sts import sts
from alicloud_fakes.services.sts.federation import fail, provider_of, require_trust
from alicloud_fakes.services.sts.roles import (
    Assumption,
    begin,
    check_duration,
    check_session_name,
    check_session_policy,
    parse_role_arn,
)
from ram_policies import arn

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
METADATA = "urn:oasis:names:tc:SAML:2.0:metadata"
ATTRIBUTES = "https://www.aliyun.com/SAML-Role/Attributes/"
AUDIENCES = frozenset({"urn:alibaba:cloudcomputing", "urn:alibaba:cloudcomputing:international"})
_RECIPIENTS = frozenset(
    {
        "https://signin.aliyun.com/saml-role/sso",
        "https://signin.alibabacloud.com/saml-role/sso",
        "https://signin-intl.aliyun.com/saml-role/sso",
    }
)
_ASSERTION = f"{{{SAML}}}Assertion"
_FRACTION = re.compile(r"\.\d+Z$")


class AssumeRoleWithSAML(Assumption):
    # The session's name comes from the assertion.
    role_session_name: Annotated[str, Length(0)] = ""
    # Mandatory, with an error code of its own where missing.
    role_arn: Annotated[str, Length(2048)] = ""
    saml_provider_arn: Annotated[str, Length(512)] = ""
    saml_assertion: Annotated[str, Length(100_000), Secret()] = ""


@dataclass(frozen=True, slots=True)
class Assertion:
    """Contents of a verified assertion."""

    issuer: str
    subject: str
    subject_type: str
    recipient: str
    roles: tuple[tuple[str, str], ...]
    session_name: str


@sts.action(AssumeRoleWithSAML, access=AllowedCallers.ANONYMOUS)
def assume_role_with_saml(state: Any, request: AssumeRoleWithSAML) -> Reply:  # noqa: ANN401 - anonymous: the cloud
    """Begin a session of a role that trusts a SAML identity provider."""
    cloud = cast("Directory", state)
    for name in ("role_arn", "saml_provider_arn", "saml_assertion"):
        if not getattr(request, name):
            wire = wire_name(name)
            raise fail(f"MissingParameter.{wire}", f"The parameter {wire} is missing.", 400)
    role_arn = parse_role_arn(request.role_arn)
    check_session_policy(request.policy)
    check_duration(request.duration_seconds)
    provider = provider_of(cloud, request.saml_provider_arn, "saml", "SAMLProviderArn")
    assertion = _read(cloud, provider.metadata, request.saml_assertion)
    owner = cloud.accounts.get(role_arn.account)
    role = owner.ram.roles.get(role_arn.name) if owner else None
    if role is None:
        raise fail("EntityNotExist.RoleArn", f"The role does not exist: {request.role_arn}", 404)
    wanted = (arn.role_arn(role_arn.account, role.name), provider.arn)
    if wanted not in assertion.roles:
        raise fail("AuthenticationFail.SAMLAssertion.Invalid", "The assertion does not name this role and provider.")
    require_trust(request, role, role_arn.account, provider.arn, {"saml:recipient": assertion.recipient})
    request.role_session_name = check_session_name(assertion.session_name)
    return {
        **begin(request.call, role, role_arn.account, request, ""),
        "SAMLAssertionInfo": {
            "SubjectType": assertion.subject_type,
            "Subject": assertion.subject,
            "Recipient": assertion.recipient,
            "Issuer": assertion.issuer,
        },
    }


def _read(cloud: Directory, metadata: str, encoded: str) -> Assertion:
    entity, certificates = _provider(metadata)
    try:
        assertion = _verified(encoded, certificates)
        _check(text_of(one(assertion, SAML, "Issuer")) == entity, "the issuer is not the provider's")
        _check_times(cloud, assertion)
        return _read_claims(assertion, entity)
    except (XmlError, ValueError, binascii.Error) as error:
        raise fail("AuthenticationFail.SAMLAssertion.Invalid", f"The SAMLAssertion is invalid: {error}.") from None


def _verified(encoded: str, certificates: list[bytes]) -> Element:
    document = base64.b64decode(encoded, validate=True)
    response = xmldsig.parse_xml(document)
    found = len(list(response.iter(_ASSERTION)))
    _check(found == 1, f"it holds {found} assertions")
    # INVARIANT: only what the signature covers is read, as it was signed; a second assertion beside it is refused.
    signed = xmldsig.verified(document, "./" if response.tag == _ASSERTION else f"./{_ASSERTION}/", certificates)
    _check(signed.tag == _ASSERTION, "the signature is over something else")
    return signed


def _check(holds: object, otherwise: str) -> None:
    if not holds:
        raise XmlError(otherwise)


def _provider(metadata: str) -> tuple[str, list[bytes]]:
    try:
        root = xmldsig.parse_xml(base64.b64decode(metadata, validate=True))
        entity = next(root.iter(f"{{{METADATA}}}EntityDescriptor")).attrib["entityID"]
        found = ["".join((one.text or "").split()) for one in root.iter(f"{{{xmldsig.DS}}}X509Certificate")]
        return entity, [base64.b64decode(text, validate=True) for text in found]
    except (XmlError, ValueError, KeyError, StopIteration, binascii.Error):
        raise fail("AuthenticationFail.IDPMetadata.Invalid", "The metadata of the provider is invalid.") from None


def _check_times(cloud: Directory, assertion: Element) -> None:
    now = cloud.clock.time()
    conditions = one(assertion, SAML, "Conditions")
    confirmed = one(assertion, SAML, "Subject", "SubjectConfirmation", "SubjectConfirmationData")
    for element in (conditions, confirmed):
        after, before = element.get("NotOnOrAfter"), element.get("NotBefore")
        if after is not None and now >= _time(after):
            raise fail("AuthenticationFail.SAMLAssertion.Expired", "The SAMLAssertion has expired.")
        if before is not None and now < _time(before):
            raise XmlError("it is not valid yet")
    if text_of(one(conditions, SAML, "AudienceRestriction", "Audience")) not in AUDIENCES:
        raise XmlError("its audience is another")


def _time(text: str) -> float:
    return parse_time(_FRACTION.sub("Z", text))


def _read_claims(assertion: Element, issuer: str) -> Assertion:
    subject = one(assertion, SAML, "Subject")
    name = one(subject, SAML, "NameID")
    recipient = one(subject, SAML, "SubjectConfirmation", "SubjectConfirmationData").get("Recipient", "")
    if recipient not in _RECIPIENTS:
        raise XmlError("its recipient is another")
    values = {
        attribute.get("Name", ""): [text_of(value) for value in attribute]
        for attribute in one(assertion, SAML, "AttributeStatement")
    }
    pairs: list[tuple[str, str]] = []
    for text in values.get(f"{ATTRIBUTES}Role", []):
        role, _, provider = text.partition(",")
        try:
            parsed = parse_role_arn(role.strip())
        except ApiError:
            raise XmlError(f"{role} is not a role") from None
        pairs.append((arn.role_arn(parsed.account, parsed.name), provider.strip()))
    session = values.get(f"{ATTRIBUTES}RoleSessionName", [])
    if len(session) != 1:
        raise XmlError("it has no RoleSessionName")
    kind = name.get("Format", "").rpartition(":")[2] or "unspecified"
    return Assertion(issuer, text_of(name), kind, recipient, tuple(pairs), session[0])
