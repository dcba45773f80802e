"""Calls of RAM and STS through the official SDK, as one small function: action and parameters in, reply out."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportArgumentType=false
# The SDK ships no stubs, and its own annotations say `str = None` for what may be left out.

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any, Final, Protocol, cast

from alibabacloud_tea_openapi.client import Client
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.utils_models import Config, OpenApiRequest, Params
from darabonba.runtime import RuntimeOptions

from alicloud_fakes.provider.provider_configuration import ProviderSettings

ApiReply = dict[str, Any]

_VERSIONS: Final = {"ram": "2015-05-01", "sts": "2015-04-01"}
_RETRIED: Final = ("Throttling", "ServiceUnavailable", "InternalError")
_PAUSES: Final = (0.2, 0.5, 1.0, 2.0, 3.0, 5.0)


class CallRefusedError(Exception):
    """A call was refused: HTTP status, code and message as the cloud gave them."""

    def __init__(self, action: str, status: int, code: str, message: str) -> None:
        self.action, self.status, self.code = action, status, code
        super().__init__(f"{action}: {code}: {message}" if code else f"{action}: {message}")


class Api(Protocol):
    """Something that answers RAM and STS actions for one account."""

    def call(self, action: str, parameters: Mapping[str, object] | None = None, product: str = "ram") -> ApiReply:
        """The reply to an action.

        Raises:
            CallRefusedError: the cloud refused it.
        """
        ...


class SdkApi:
    """The official SDK against the endpoints of one provider instance."""

    def __init__(self, settings: ProviderSettings, environment: Mapping[str, str] = os.environ) -> None:
        self._environment = environment
        self._settings = _assumed(settings, environment)
        self._clients = {product: self._client(product) for product in _VERSIONS}

    def _client(self, product: str) -> Client:
        endpoint = self._settings.endpoint(product, self._environment)
        return _connect(self._settings, self._settings.protocol, endpoint)

    def call(self, action: str, parameters: Mapping[str, object] | None = None, product: str = "ram") -> ApiReply:
        """The reply to an action; throttling and outages are tried again, as the real provider does."""
        for pause in (*_PAUSES, None):
            try:
                return _request(self._clients[product], product, action, parameters or {})
            except CallRefusedError as error:
                transient = error.code.startswith(_RETRIED) or error.status >= 500
                if pause is None or not transient:
                    raise
                time.sleep(pause)
        raise AssertionError  # the last turn returns or raises


def _connect(settings: ProviderSettings, protocol: str, endpoint: str) -> Client:
    return Client(
        Config(
            access_key_id=settings.access_key,
            access_key_secret=settings.secret_key,
            security_token=settings.security_token or None,
            type="sts" if settings.security_token else "access_key",
            region_id=settings.region,
            protocol=protocol.lower(),
            endpoint=endpoint,
            connect_timeout=10_000,
            read_timeout=60_000,
        )
    )


def _request(client: Client, product: str, action: str, parameters: Mapping[str, object]) -> ApiReply:
    """One request: parameters that are None are left out, booleans and numbers are written as the wire wants them."""
    query = {k: str(v).lower() if isinstance(v, bool) else str(v) for k, v in parameters.items() if v is not None}
    call = Params(
        action=action, version=_VERSIONS[product], protocol="HTTPS", pathname="/", method="POST",
        auth_type="AK", style="RPC", req_body_type="formData", body_type="json",
    )  # fmt: skip
    try:
        answer = client.call_api(call, OpenApiRequest(query=query), RuntimeOptions(autoretry=False, max_attempts=1))
    except AlibabaCloudException as error:
        status, code, message = error.status_code or 0, error.code or "", error.message or ""
        raise CallRefusedError(action, int(status), str(code), str(message)) from None
    except Exception as error:  # noqa: BLE001  # the SDK raises whatever its transport raises
        raise CallRefusedError(action, 0, type(error).__name__, str(error)) from None
    return cast("ApiReply", answer.get("body") or {})


def _assumed(settings: ProviderSettings, environment: Mapping[str, str]) -> ProviderSettings:
    """Settings with the session of the last role to assume.

    The real provider speaks HTTPS here, whatever `protocol` says.
    """
    for role in settings.assume_roles:
        client = _connect(settings, "https", settings.endpoint("sts", environment))
        parameters = {
            "RoleArn": role.role_arn,
            "RoleSessionName": role.session_name,
            "DurationSeconds": role.session_expiration,
            "ExternalId": role.external_id or None,
            "Policy": role.policy or None,
        }
        credentials = cast("dict[str, str]", _request(client, "sts", "AssumeRole", parameters)["Credentials"])
        settings = ProviderSettings(
            credentials["AccessKeyId"], credentials["AccessKeySecret"], credentials["SecurityToken"],
            settings.region, settings.protocol, "", settings.endpoints,
        )  # fmt: skip
    return settings
