"""Parameters that several actions of RAM share."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from alicloud_fakes.pipeline.declare import Clamp, Items, Length, OneOf, Pattern, RamName, Range, Secret, Tag
from ram_policies import arn, limits
from ram_policies.names import NAME_RULES, NameKind

UserName: TypeAlias = Annotated[str, RamName(NameKind.USER)]
GroupName: TypeAlias = Annotated[str, RamName(NameKind.GROUP)]
RoleName: TypeAlias = Annotated[str, RamName(NameKind.ROLE)]
PolicyName: TypeAlias = Annotated[str, RamName(NameKind.POLICY)]
DeviceName: TypeAlias = Annotated[str, RamName(NameKind.MFA)]
PolicyTypeName: TypeAlias = Annotated[str, OneOf("System", "Custom")]
VersionId: TypeAlias = Annotated[str, Pattern(r"v[0-9]{1,9}")]
Comments: TypeAlias = Annotated[str, Length(NAME_RULES[NameKind.COMMENTS].maximum)]
Description: TypeAlias = Annotated[str, Length(NAME_RULES[NameKind.DESCRIPTION].maximum)]
DisplayName: TypeAlias = Annotated[str, Length(NAME_RULES[NameKind.DISPLAY_NAME].maximum)]
# An empty address or number is a value: it clears the field.
Email: TypeAlias = Annotated[str, Pattern(r"([^@\s]{1,64}@[^@\s]{1,255})?")]
MobilePhone: TypeAlias = Annotated[str, Pattern(r"([0-9]{1,4}-[0-9]{1,20})?")]
# White space counts (unconfirmed.DOCUMENT_LENGTH): the stricter reading for authors of documents.
PolicyText: TypeAlias = Annotated[str, Length(limits.POLICY_DOCUMENT_LENGTH, 1)]
TrustText: TypeAlias = Annotated[str, Length(limits.TRUST_POLICY_LENGTH, 1)]
SessionSeconds: TypeAlias = Annotated[int, Range(limits.MIN_MAX_SESSION_DURATION, limits.MAX_MAX_SESSION_DURATION)]
KeyId: TypeAlias = Annotated[str, Length(128, 1)]
KeyStatus: TypeAlias = Annotated[str, OneOf("Active", "Inactive")]
Password: TypeAlias = Annotated[str, Length(1024, 1), Secret()]
MfaCode: TypeAlias = Annotated[str, Pattern(r"[0-9]{6}"), Secret()]
Serial: TypeAlias = Annotated[str, Length(256, 1)]
ResourceGroupId: TypeAlias = Annotated[str, Length(64)]
Tags: TypeAlias = Annotated[list[Tag], Items(limits.TAGS_PER_RESOURCE)]
# A page that is too long is cut, not refused (unconfirmed.PAGE_TOO_LONG): the provider asks ListGroups for 1000.
MaxItems: TypeAlias = Annotated[int, Clamp(1, 1000)]
MaxGroups: TypeAlias = Annotated[int, Clamp(1, 100)]


def policy_target(account: str, policy_type: str, name: str) -> str:
    """Target of a permission about a policy."""
    return arn.policy_resource(arn.SYSTEM if policy_type == "System" else account, name)


def role_target(name: str) -> str:
    """Target of a permission about a role, relative to the account; role names are lower-cased in ARNs."""
    return arn.Arn.parse(arn.role_resource("0", name)).resource
