"""Configuration of a provider instance: what it may say, and what follows from it.

The keys and their environment variables are those of the real provider (the "Configuration" section of the alicloud
provider's documentation).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from alicloud_fakes.provider.changes import Failure, PropertyValue, UnknownValue
from alicloud_fakes.provider.profiles import ProfileError, RoleToAssume, read_profile
from ram_policies.error_kinds import with_code

_ENVIRONMENT: Final[Mapping[str, tuple[str, ...]]] = {
    "accessKey": ("ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID"),
    "secretKey": ("ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET"),
    "securityToken": ("ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN"),
    "region": ("ALICLOUD_REGION", "ALIBABA_CLOUD_REGION"),
    "accountId": ("ALICLOUD_ACCOUNT_ID", "ALIBABA_CLOUD_ACCOUNT_ID"),
    "accountType": ("ALIBABA_CLOUD_ACCOUNT_TYPE",),
    "profile": ("ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE"),
    "sharedCredentialsFile": ("ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE"),
}
_NESTED: Final = ("endpoints", "assumeRole")
_DEFAULT_REGION: Final = "cn-beijing"
_REGION: Final = re.compile(r"[a-z]{2}(-[a-z0-9]+){1,4}")
_ENDPOINT: Final = re.compile(r"[A-Za-z0-9.\-]+(:\d{1,5})?|\[[0-9A-Fa-f:]+\](:\d{1,5})?")


@dataclass(frozen=True, slots=True, repr=False)
class ProviderSettings:
    """A provider instance: credentials, where the products are, and how they are spoken to."""

    access_key: str
    secret_key: str
    security_token: str = ""
    region: str = _DEFAULT_REGION
    protocol: str = "HTTPS"
    account_id: str = ""
    endpoints: tuple[tuple[str, str], ...] = ()
    assume_roles: tuple[RoleToAssume, ...] = ()

    def endpoint(self, product: str, environment: Mapping[str, str]) -> str:
        """`host[:port]` of a product (`ram`, `sts`): configured, else in the environment, else the public one."""
        configured = dict(self.endpoints).get(product)
        variables = (f"ALIBABA_CLOUD_ENDPOINT_{product.upper()}", f"{product.upper()}_ENDPOINT")
        named = next((environment[name] for name in variables if environment.get(name)), None)
        return configured or named or f"{product}.aliyuncs.com"


class SettingsError(ValueError):
    """The configuration is not right; one failure for each key."""

    def __init__(self, failures: Iterable[Failure]) -> None:
        self.failures = list(failures)
        super().__init__("; ".join(f"{each.property}: {each.reason}" for each in self.failures))


def problems(inputs: Mapping[str, PropertyValue]) -> Iterator[Failure]:
    """Problems of a provider's inputs, found before it is used."""
    values = unfold(inputs)
    for item in _items(values.get("endpoints")):
        for product, address in item.items():
            if isinstance(address, str) and address and not _ENDPOINT.fullmatch(address):
                way = "give host:port; `protocol` says http or https"
                yield Failure(
                    f"endpoints.{product}", f"{address!r} is not host[:port], the provider cannot use it: {way}"
                )
    protocol = values.get("protocol")
    if isinstance(protocol, str) and protocol.upper() not in {"HTTP", "HTTPS"}:
        yield Failure("protocol", f"expected HTTP or HTTPS, got {protocol!r}")
    region, skip = values.get("region"), values.get("skipRegionValidation")
    if isinstance(region, str) and skip not in {True, "true"} and not _REGION.fullmatch(region):
        yield Failure("region", f"Invalid Alibaba Cloud region: {region}")
    account = values.get("accountId")
    if isinstance(account, str) and account and not account.isdigit():
        yield Failure("accountId", f"expected digits, got {account!r}")
    for role in _items(values.get("assumeRole")):
        if not role.get("roleArn"):
            yield Failure("assumeRole.roleArn", "is required")


def settle(inputs: Mapping[str, PropertyValue], environment: Mapping[str, str]) -> ProviderSettings:
    """The settings that inputs and environment make together.

    Raises:
        SettingsError: a value is not right, or there are no credentials.
    """
    failures = list(problems(inputs))
    if failures:
        raise SettingsError(failures)
    values = unfold(inputs)

    def text(key: str) -> str:
        value = values.get(key)
        if isinstance(value, str) and value:
            return value
        return next((environment[name] for name in _ENVIRONMENT.get(key, ()) if environment.get(name)), "")

    access_key, secret_key, token = text("accessKey"), text("secretKey"), text("securityToken")
    region = text("region")
    roles: tuple[RoleToAssume, ...] = ()
    if not (access_key and secret_key) and (profile := text("profile")):
        try:
            stored = read_profile(profile, text("sharedCredentialsFile"), environment)
        except ProfileError as error:
            raise SettingsError([error.failure]) from None
        access_key, secret_key, token = stored.access_key, stored.secret_key, stored.security_token
        region, roles = region or stored.region, stored.roles
    if not (access_key and secret_key):
        fix = (
            "set accessKey and secretKey, a profile, or ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET"
        )
        raise SettingsError(
            [Failure("accessKey", with_code(f"no credentials for the provider: {fix}", "no-credentials"))]
        )
    addresses = [
        (k, v) for item in _items(values.get("endpoints")) for k, v in item.items() if isinstance(v, str) and v
    ]
    role = next(iter(_items(values.get("assumeRole"))), None)
    return ProviderSettings(
        access_key,
        secret_key,
        token,
        region or _DEFAULT_REGION,
        (text("protocol") or "HTTPS").upper(),
        text("accountId"),
        tuple(addresses),
        # A role of the provider takes the place of the profile's own, as in the real provider.
        (*roles[:-1], _role(role)) if role else roles,
    )


def unfold(inputs: Mapping[str, PropertyValue]) -> dict[str, PropertyValue]:
    """Inputs of a provider with its nested values, which travel as JSON texts, as values."""
    values = dict(inputs)
    for key, value in values.items():
        if isinstance(value, str) and (key in _NESTED or key == "skipRegionValidation"):
            values[key] = cast("PropertyValue", json.loads(value or "null"))
    return values


def _items(value: PropertyValue) -> list[dict[str, PropertyValue]]:
    """A list of maps, or one map, as a list."""
    if isinstance(value, dict):
        return [value]
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _role(value: Mapping[str, PropertyValue]) -> RoleToAssume:
    expiration = value.get("sessionExpiration") or 3600
    if isinstance(expiration, (list, dict, UnknownValue)):
        expiration = 3600
    return RoleToAssume(
        str(value["roleArn"]),
        str(value.get("sessionName") or "terraform"),
        int(expiration),
        str(value.get("externalId") or ""),
        str(value.get("policy") or ""),
    )
