"""Configuration of a provider instance: what it may say, and what follows from it.

The keys are those of the real provider (the "Configuration" section of the alicloud provider's documentation).
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from alicloud_fakes.provider.check_and_diff import Failure, PropertyValue, UnknownValue
from alicloud_fakes.provider.profiles import Profile, ProfileError, RoleToAssume, read_profile
from ram_policies.error_kinds import with_code
from ram_policies.stack.provider_variables import endpoint_variable, provider_variable

_OTHER_CREDENTIALS: Final = ("ecsRoleName", "assumeRoleWithOidc", "credentialsUri")
"""Places where the real provider gets credentials, and the stand-in does not. Keys win over each of them."""
_NESTED: Final = ("endpoints", "assumeRole", "assumeRoleWithOidc")
_SHORTEST, _LONGEST = 900, 43200  # seconds of a session
_NUMBER: Final = re.compile(r"[0-9]{1,9}(\.0*)?")
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
        return configured or endpoint_variable(product, environment) or f"{product}.aliyuncs.com"


class SettingsError(ValueError):
    """The configuration is not right; one failure for each key."""

    def __init__(self, failures: Iterable[Failure]) -> None:
        self.failures = list(failures)
        super().__init__("; ".join(f"{each.property}: {each.reason}" for each in self.failures))


def problems(inputs: Mapping[str, PropertyValue], environment: Mapping[str, str] | None = None) -> Iterator[Failure]:
    """Problems of a provider's inputs, found before it is used."""
    values = unfold(inputs)
    for key in _NESTED:
        if not _is_nested(values.get(key)):
            yield Failure(key, f"expected an object, got {type(values[key]).__name__}")
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
    yield from _role_problems(_items(values.get("assumeRole")), environment or {})


def _role_problems(roles: list[dict[str, PropertyValue]], environment: Mapping[str, str]) -> Iterator[Failure]:
    if len(roles) > 1:
        yield Failure("assumeRole", "is one role: roles that are assumed in turn are a profile's")
    for role in roles:
        if not (role.get("roleArn") or provider_variable("roleArn", environment)):
            yield Failure("assumeRole.roleArn", "is required")
        seconds = role.get("sessionExpiration")
        if isinstance(seconds, UnknownValue) or not seconds:
            continue
        number = int(float(str(seconds))) if _NUMBER.fullmatch(str(seconds)) else 0
        if not _SHORTEST <= number <= _LONGEST:
            reason = f"expected {_SHORTEST} to {_LONGEST} seconds, got {seconds!r}"
            yield Failure("assumeRole.sessionExpiration", reason)


def settle(inputs: Mapping[str, PropertyValue], environment: Mapping[str, str]) -> ProviderSettings:
    """The settings that inputs and environment make together.

    Raises:
        SettingsError: a value is not right, or there are no credentials.
    """
    failures = list(problems(inputs, environment))
    if failures:
        raise SettingsError(failures)
    values = unfold(inputs)

    def text(key: str) -> str:
        value = values.get(key)
        written = value.strip() if isinstance(value, str) else ""
        return written or provider_variable(key, environment).strip()

    access_key, secret_key, token, region = map(text, ("accessKey", "secretKey", "securityToken", "region"))
    stored = _stored(text, environment, needed=not (access_key and secret_key))
    if stored is not None and stored.chained:
        access_key, secret_key, token = stored.access_key, stored.secret_key, stored.security_token
    elif stored is not None:
        # What the provider does not say comes from the profile, each value on its own, as in the real provider.
        access_key, secret_key = access_key or stored.access_key, secret_key or stored.secret_key
        token = token or stored.security_token
    if not (access_key and secret_key):
        raise SettingsError([_no_credentials(lambda key: bool(values.get(key) or text(key)))])
    roles = stored.roles if stored is not None else ()
    role = next(iter(_items(values.get("assumeRole"))), None)
    return ProviderSettings(
        access_key,
        secret_key,
        token,
        region or (stored.region if stored is not None else "") or _DEFAULT_REGION,
        (text("protocol") or "HTTPS").upper(),
        text("accountId"),
        tuple(_addresses(values)),
        # A role of the provider takes the place of the profile's own, as in the real provider.
        roles if role is None else (*roles[:-1], _role(role, environment, roles[-1] if roles else None)),
    )


def _stored(text: Callable[[str], str], environment: Mapping[str, str], *, needed: bool) -> Profile | None:
    """The profile that the provider names.

    One that is not needed, since there are keys, is passed over where it cannot be read, or stands for other keys.
    """
    name = text("profile")
    if not name:
        return None
    try:
        found = read_profile(name, text("sharedCredentialsFile"), environment)
    except ProfileError as error:
        if needed:
            raise SettingsError([error.failure]) from None
        return None
    return found if needed or not found.chained else None


def _no_credentials(given: Callable[[str], bool]) -> Failure:
    fix = "set accessKey and secretKey, a profile, or ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET"
    other = next((key for key in _OTHER_CREDENTIALS if given(key)), None)
    if other is not None:
        return Failure(
            other, with_code(f"is a way to credentials that the stand-in does not know: {fix}", "no-credentials")
        )
    return Failure("accessKey", with_code(f"no credentials for the provider: {fix}", "no-credentials"))


def _addresses(values: Mapping[str, PropertyValue]) -> Iterator[tuple[str, str]]:
    for item in _items(values.get("endpoints")):
        for product, address in item.items():
            if isinstance(address, str) and address:
                yield product, address


def unfold(inputs: Mapping[str, PropertyValue]) -> dict[str, PropertyValue]:
    """Inputs of a provider with its nested values, which travel as JSON texts, as values."""
    values = dict(inputs)
    for key, value in values.items():
        if isinstance(value, str) and key in _NESTED:
            with contextlib.suppress(ValueError):  # one that is not JSON stays a text, which is not right there
                values[key] = cast("PropertyValue", json.loads(value or "null"))
        elif isinstance(value, str) and key == "skipRegionValidation":
            values[key] = value.lower() == "true"
    return values


def _is_nested(value: PropertyValue) -> bool:
    listed = value if isinstance(value, list) else [value]
    return all(one is None or isinstance(one, dict | UnknownValue) for one in listed)


def _items(value: PropertyValue) -> list[dict[str, PropertyValue]]:
    """A list of maps, or one map, as a list."""
    if isinstance(value, dict):
        return [value]
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _role(
    value: Mapping[str, PropertyValue], environment: Mapping[str, str], stored: RoleToAssume | None
) -> RoleToAssume:
    """A role of the provider. What it leaves open comes from the environment, then from the role of the profile."""
    seconds = str(value.get("sessionExpiration") or provider_variable("sessionExpiration", environment))
    otherwise = stored or RoleToAssume("", "terraform")
    return RoleToAssume(
        str(value.get("roleArn") or provider_variable("roleArn", environment)),
        str(value.get("sessionName") or provider_variable("sessionName", environment) or otherwise.session_name),
        int(float(seconds)) if _NUMBER.fullmatch(seconds) else otherwise.session_expiration,
        str(value.get("externalId") or ""),
        str(value.get("policy") or ""),
    )
