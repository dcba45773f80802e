"""RAM of the account behind a provider, with the credentials that the provider has.

Through Alibaba Cloud's own SDK, which comes with the extra `recovery`.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportArgumentType=false, reportUnknownParameterType=false
# The SDK ships no stubs, and its own annotations say `str = None` for what may be left out.

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast

from pulumi_alicloud_delegation.recovery.kinds import RamReply
from ram_policies import InvalidInputError
from ram_policies.extras import extra_needed
from ram_policies.nodes import is_list, is_object
from ram_policies.stack.provider_variables import endpoint_variable, provider_variable
from ram_policies.stack.value_marks import SIGNATURE

_VERSIONS: Final = {"ram": "2015-05-01", "sts": "2015-04-01"}
_RETRIED: Final = ("Throttling", "ServiceUnavailable", "InternalError")
_PAUSES: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
_GONE: Final = 404
_SESSION: Final = "recovery"


class RefusedError(Exception):
    """A call was refused.

    Attributes:
        gone: whether that says that the thing does not exist.
    """

    def __init__(self, action: str, status: int, code: str, message: str) -> None:
        self.gone = status == _GONE
        super().__init__(f"{action}: {code}: {message}".splitlines()[0])


class RamAccount(Protocol):
    """RAM of one account."""

    def call(self, action: str, parameters: Mapping[str, str]) -> RamReply:
        """The reply to an action.

        Raises:
            RefusedError: the cloud refused it.
        """
        ...


@dataclass(frozen=True, slots=True, repr=False)
class ProviderInputs:
    """Inputs of a provider, with its nested values as values and its secrets in plain text.

    Attributes:
        name: of the provider in the program.
        values: the inputs.
    """

    name: str
    values: Mapping[str, object]

    @classmethod
    def of(cls, name: str, inputs: Mapping[str, object]) -> ProviderInputs:
        """Settings out of the provider's inputs in a state that was exported with its secrets."""
        return cls(name, {key: _plain(value) for key, value in inputs.items()})

    def text(self, key: str, environment: Mapping[str, str]) -> str:
        """An input, else what the environment says; empty for neither."""
        value = self.values.get(key)
        if isinstance(value, str) and value:
            return value
        return provider_variable(key, environment)

    def endpoint(self, product: str, environment: Mapping[str, str]) -> str:
        """Host and port of a product: configured, else in the environment, else the public one."""
        configured = [str(one[product]) for one in _objects(self.values.get("endpoints")) if one.get(product)]
        return next(iter(configured), "") or endpoint_variable(product, environment) or f"{product}.aliyuncs.com"


def has_secrets(inputs: Mapping[str, object]) -> bool:
    """Tell whether a provider's inputs hold secrets, which an export hides."""
    return any(is_object(value) and SIGNATURE in value for value in inputs.values())


def _plain(value: object) -> object:
    if is_object(value) and SIGNATURE in value:
        return _plain(json.loads(str(value.get("plaintext") or "null")))
    if isinstance(value, str) and value[:1] in {"[", "{"}:  # nested values of a provider travel as JSON
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _objects(value: object) -> list[Mapping[str, object]]:
    listed = value if is_list(value) else [value]
    return [one for one in listed if is_object(one)]


class SdkAccount:
    """The account behind a provider, through the SDK."""

    def __init__(self, settings: ProviderInputs, environment: Mapping[str, str] = os.environ) -> None:
        """Connect with the provider's credentials.

        Raises:
            InvalidInputError: it has none, or they cannot be used.
            MissingExtraError: the SDK is not installed.
        """
        with extra_needed("recovery"):
            from alibabacloud_credentials.client import Client as Credentials  # noqa: PLC0415 - of the extra

        self._settings, self._environment = settings, environment
        self._credentials = Credentials(provider=_credentials(settings, environment))

    def call(self, action: str, parameters: Mapping[str, str], product: str = "ram") -> RamReply:
        """The reply to an action; throttling and outages are tried again."""
        for pause in (*_PAUSES, None):
            try:
                return self._request(product, action, parameters)
            except _TransientError as error:
                if pause is None:
                    raise error.refusal from None
                time.sleep(pause)
        raise AssertionError  # the last turn returns or raises

    def _request(self, product: str, action: str, parameters: Mapping[str, str]) -> RamReply:
        with extra_needed("recovery"):
            from alibabacloud_tea_openapi.client import Client  # noqa: PLC0415 - of the extra
            from alibabacloud_tea_openapi.exceptions import AlibabaCloudException  # noqa: PLC0415 - of the extra
            from alibabacloud_tea_openapi.utils_models import Config, OpenApiRequest, Params  # noqa: PLC0415 - of the extra
            from darabonba.runtime import RuntimeOptions  # noqa: PLC0415 - of the extra

        protocol = self._settings.text("protocol", self._environment) or "HTTPS"
        client = Client(
            Config(
                credential=self._credentials,
                protocol=protocol.lower(),
                endpoint=self._settings.endpoint(product, self._environment),
                region_id=self._settings.text("region", self._environment) or "cn-hangzhou",
                connect_timeout=10_000,
                read_timeout=60_000,
            )
        )
        call = Params(
            action=action, version=_VERSIONS[product], protocol="HTTPS", pathname="/", method="POST",
            auth_type="AK", style="RPC", req_body_type="formData", body_type="json",
        )  # fmt: skip
        options = RuntimeOptions(autoretry=False, max_attempts=1)
        try:
            answer = client.call_api(call, OpenApiRequest(query=dict(parameters)), options)
        except AlibabaCloudException as error:
            status, code = int(error.status_code or 0), str(error.code or "")
            refusal = RefusedError(action, status, code, str(error.message or ""))
            raise (_TransientError(refusal) if code.startswith(_RETRIED) or status >= 500 else refusal) from None
        except Exception as error:  # noqa: BLE001 - the SDK raises whatever its transport raises
            raise RefusedError(action, 0, type(error).__name__, str(error)) from None
        return cast("RamReply", answer.get("body") or {})


class _TransientError(Exception):
    def __init__(self, refusal: RefusedError) -> None:
        self.refusal = refusal
        super().__init__(str(refusal))


def _credentials(settings: ProviderInputs, environment: Mapping[str, str]) -> Any:  # noqa: ANN401 - of the SDK
    from alibabacloud_credentials.provider import (  # noqa: PLC0415 - of the extra
        CLIProfileCredentialsProvider,
        RamRoleArnCredentialsProvider,
        StaticAKCredentialsProvider,
        StaticSTSCredentialsProvider,
    )

    key, secret, token = (settings.text(name, environment) for name in ("accessKey", "secretKey", "securityToken"))
    profile = settings.text("profile", environment)
    roles = (*_objects(settings.values.get("assumeRole")), *_objects(settings.values.get("assumeRoles")))
    if key and secret and profile and not roles:
        # The provider would take the keys, and assume a role of the profile with them; the SDK knows no such mixture.
        problem = "is named beside an access key, so that it is not certain who acts"
        where = f"provider {settings.name}.profile"
        raise InvalidInputError(where, profile, problem, "unset one of the two", code="unusable-profile")
    if key and secret and token:
        found: Any = StaticSTSCredentialsProvider(access_key_id=key, access_key_secret=secret, security_token=token)
    elif key and secret:
        found = StaticAKCredentialsProvider(access_key_id=key, access_key_secret=secret)
    elif profile:
        file = settings.text("sharedCredentialsFile", environment) or None
        found = CLIProfileCredentialsProvider(profile_name=profile, profile_file=file)
    else:
        fix = "set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or ALIBABA_CLOUD_PROFILE"
        raise InvalidInputError(f"provider {settings.name}", "", "has no credentials here", fix, code="no-credentials")
    for role in roles:
        found = RamRoleArnCredentialsProvider(
            credentials_provider=found,
            role_arn=str(role.get("roleArn") or ""),
            role_session_name=str(role.get("sessionName") or _SESSION),
            external_id=str(role.get("externalId") or "") or None,
            policy=str(role.get("policy") or "") or None,
            sts_endpoint=settings.endpoint("sts", environment),
        )
    return found
