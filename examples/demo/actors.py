"""The parties of the demo: each is the official SDK with its own credentials."""

from __future__ import annotations

from dataclasses import dataclass

from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_sts20150401.models import AssumeRoleRequest
from alibabacloud_tea_openapi.client import Client
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.utils_models import Config, OpenApiRequest, Params
from darabonba.runtime import RuntimeOptions

VERSIONS = {"ecs": "2014-05-26", "rds": "2014-08-15", "ram": "2015-05-01", "sts": "2015-04-01"}


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """An access key, or a session's."""

    key_id: str
    secret: str
    token: str = ""


class RefusedError(Exception):
    """A refused call: code and message as an SDK shows them, and the permission that was missing."""

    def __init__(self, error: AlibabaCloudException) -> None:
        self.code = str(error.code)
        detail = (error.access_denied_detail or (error.data or {}).get("AccessDeniedDetail")) or {}
        self.kind = detail.get("NoPermissionType", "")
        super().__init__(f"{error.code}: {error.message}")


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who calls Alibaba Cloud's APIs at an endpoint."""

    endpoint: str
    credentials: Credentials

    def _config(self) -> Config:
        given = self.credentials
        return Config(
            access_key_id=given.key_id,
            access_key_secret=given.secret,
            security_token=given.token or None,
            type="sts" if given.token else "access_key",
            endpoint=self.endpoint,
            protocol="http",
            region_id="cn-hangzhou",
        )

    def call(self, product: str, action: str, **parameters: str) -> dict[str, object]:
        """Any action of a product.

        Raises:
            RefusedError: the cloud said no.
        """
        params = Params(
            action=action, version=VERSIONS[product], protocol="HTTP", pathname="/", method="POST",
            auth_type="AK", style="RPC", req_body_type="formData", body_type="json",
        )  # fmt: skip
        try:
            return Client(self._config()).call_api(params, OpenApiRequest(query=parameters), RuntimeOptions())["body"]
        except AlibabaCloudException as error:
            raise RefusedError(error) from None

    def assume(self, role_arn: str, session_name: str) -> Caller:
        """A session of a role, through the official STS client.

        Raises:
            RefusedError: the cloud said no.
        """
        request = AssumeRoleRequest(role_arn=role_arn, role_session_name=session_name)
        try:
            got = StsClient(self._config()).assume_role(request).body.credentials
        except AlibabaCloudException as error:
            raise RefusedError(error) from None
        return Caller(self.endpoint, Credentials(got.access_key_id, got.access_key_secret, got.security_token))
