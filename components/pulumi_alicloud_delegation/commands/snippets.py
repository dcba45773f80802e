"""Snippets for an operator who assumes a role: a CLI profile, and code for SDK, Pulumi and Terraform.

The aliyun CLI, the credentials of the SDKs and the alicloud provider assume roles by themselves, and none of them has a
setting for a source identity. For a role that demands one, the session is begun with AssumeRole, and they are given its
temporary credentials. Source: aliyun/aliyun-cli, config/profile.go, `Profile`; alibabacloud_credentials, `Config`;
terraform-provider-alicloud, "Assume role".
"""

from __future__ import annotations

from collections.abc import Iterator

from pulumi_alicloud_delegation.handover import AcceptedRole

REGION = "cn-hangzhou"
_STS = "<{} of the session>"


def demands_a_name(role: AcceptedRole) -> bool:
    """True if a session of the role has to have a source identity."""
    return role.trust.source_identity == "required"


def assume_role_parameters(role: AcceptedRole, operator: str) -> dict[str, str]:
    """The parameters of AssumeRole."""
    found = {
        "RoleArn": role.arn, "RoleSessionName": operator, "DurationSeconds": str(role.max_session_duration)
    }  # fmt: skip
    if demands_a_name(role):
        found["SourceIdentity"] = operator
    return found | ({"ExternalId": role.trust.external_id} if role.trust.external_id else {})


def cli_profile(role: AcceptedRole, operator: str) -> dict[str, object]:
    """A profile of the aliyun CLI, an entry of `profiles` in its config.json; the keys are the operator's own.

    The mode RamRoleArn reads what AssumeRole takes, `external_id` included; StsToken takes a session that was begun.
    """
    profile: dict[str, object] = {"name": role.name}
    if demands_a_name(role):
        profile |= {
            "mode": "StsToken",
            "access_key_id": _STS.format("AccessKeyId"),
            "access_key_secret": _STS.format("AccessKeySecret"),
            "sts_token": _STS.format("SecurityToken"),
        }
    else:
        profile |= {
            "mode": "RamRoleArn",
            "access_key_id": "<your access key ID>",
            "access_key_secret": "<your access key secret>",
            "ram_role_arn": role.arn,
            "ram_session_name": operator,
            "expired_seconds": role.max_session_duration,
            "sts_region": REGION,
        }
        profile |= {"external_id": role.trust.external_id} if role.trust.external_id else {}
    return profile | {"region_id": REGION, "language": "en", "output_format": "json"}


def provider_arguments(role: AcceptedRole, operator: str) -> dict[str, object]:
    """Arguments of pulumi-alicloud's provider, as its schema names them."""
    if demands_a_name(role):
        keys = {"accessKey": "AccessKeyId", "secretKey": "AccessKeySecret", "securityToken": "SecurityToken"}
        return {key: _STS.format(name) for key, name in keys.items()}
    found: dict[str, object] = {
        "roleArn": role.arn, "sessionName": operator, "sessionExpiration": role.max_session_duration
    }  # fmt: skip
    return {"assumeRole": found | ({"externalId": role.trust.external_id} if role.trust.external_id else {})}


def begin_lines(role: AcceptedRole, operator: str) -> Iterator[str]:
    """The way to begin a session with a source identity; nothing for other roles."""
    if demands_a_name(role):
        yield "The role demands a source identity: your user name. CLI profiles and provider settings cannot send one."
        yield "Begin a session yourself, and put what it answers in the places below:"
        given = assume_role_parameters(role, operator).items()
        yield f"aliyun sts AssumeRole {' '.join(f'--{key} {value}' for key, value in given)}"


def sdk_lines(role: AcceptedRole, operator: str) -> Iterator[str]:
    """Python that makes credentials of the role."""
    if demands_a_name(role):
        yield "from alibabacloud_sts20150401.client import Client"
        yield "from alibabacloud_sts20150401.models import AssumeRoleRequest"
        yield "from alibabacloud_tea_openapi.models import Config"
        yield f'sts = Client(Config(access_key_id=..., access_key_secret=..., region_id="{REGION}"))'
        external = f', external_id="{role.trust.external_id}"' if role.trust.external_id else ""
        yield f'request = AssumeRoleRequest(role_arn="{role.arn}", role_session_name="{operator}",'
        yield f'    source_identity="{operator}", duration_seconds={role.max_session_duration}{external})'
        yield "credentials = sts.assume_role(request).body.credentials"
        return
    yield "from alibabacloud_credentials.client import Client"
    yield "from alibabacloud_credentials.models import Config"
    yield 'config = Config(type="ram_role_arn", access_key_id=..., access_key_secret=..., '
    external = f', external_id="{role.trust.external_id}"' if role.trust.external_id else ""
    yield f'    role_arn="{role.arn}", role_session_name="{operator}"{external})'
    yield "credential = Client(config)"


def pulumi_line(role: AcceptedRole, operator: str) -> str:
    """A provider in a Python program."""
    if demands_a_name(role):
        return f'alicloud.Provider("{role.name}", access_key=..., secret_key=..., security_token=...)'
    external = f', "external_id": "{role.trust.external_id}"' if role.trust.external_id else ""
    assume = (
        f'{{"role_arn": "{role.arn}", "session_name": "{operator}", '
        f'"session_expiration": {role.max_session_duration}{external}}}'
    )
    return f'alicloud.Provider("{role.name}", assume_role={assume})'


def terraform_lines(role: AcceptedRole, operator: str) -> Iterator[str]:
    """A provider in Terraform; it reads credentials of a session from the environment."""
    if demands_a_name(role):
        yield "# ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET, ALIBABA_CLOUD_SECURITY_TOKEN"
        yield 'provider "alicloud" {}'
        return
    yield 'provider "alicloud" {'
    yield "  assume_role {"
    yield f'    role_arn           = "{role.arn}"'
    yield f'    session_name       = "{operator}"'
    yield f"    session_expiration = {role.max_session_duration}"
    if role.trust.external_id:
        yield f'    external_id        = "{role.trust.external_id}"'
    yield "  }"
    yield "}"
