"""One account and how its provider is set up."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Literal

from pulumi_alicloud_delegation.plan.plan_checks import account_id
from pulumi_alicloud_delegation.specs import AccountSpec, Site
from ram_policies import InvalidInputError, NameKind, check_name

_PRODUCTS = ("ram", "sts", "ims", "resourcemanager")
_ACCOUNT_TYPES: dict[Site, str] = {"international": "International", "china": "Domestic"}


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """An account and the settings of its provider.

    Attributes:
        id: account ID.
        alias: what people type instead of it; the ID when there is none.
        site: international or china.
        region: of the provider.
        profile: None for none.
        access_key: access key ID, None for none.
        endpoints: host and port by product; empty for Alibaba Cloud itself.
        protocol: HTTP only for a loopback endpoint.
    """

    id: str
    alias: str
    site: Site
    region: str
    profile: str | None = None
    access_key: str | None = None
    endpoints: tuple[tuple[str, str], ...] = ()
    protocol: Literal["HTTP", "HTTPS"] = "HTTPS"

    @property
    def account_type(self) -> str:
        """The provider's name for the site; given, because the provider asks the billing service otherwise."""
        return _ACCOUNT_TYPES[self.site]


def account_plan(spec: AccountSpec, field: str) -> AccountPlan:
    """Plan the provider of one account.

    Raises:
        InvalidInputError: a setting that the provider cannot use.
    """

    def at(key: str) -> str:
        return f"{field}.{key}"

    account_id(spec.id, at("id"))
    if spec.alias is not None and spec.alias != spec.id:
        check_name(NameKind.ALIAS, spec.alias, at("alias"))
    if not re.fullmatch(r"[a-z]{2}-[a-z0-9-]+", spec.region):
        raise InvalidInputError(
            at("region"), spec.region, "is not a region ID", "write one such as cn-hangzhou", code="not-a-region"
        )
    if spec.profile is not None and spec.access_key is not None:
        raise InvalidInputError(
            at("profile"),
            spec.profile,
            f"is given together with '{at('access_key')}'",
            "keep one of the two",
            code="conflicting-values",
        )
    endpoint = spec.endpoint
    if endpoint is not None:
        check_endpoint(endpoint, at("endpoint"))
    return AccountPlan(
        id=spec.id,
        alias=spec.alias or spec.id,
        site=spec.site,
        region=spec.region,
        profile=spec.profile,
        access_key=spec.access_key,
        endpoints=tuple((product, endpoint) for product in _PRODUCTS) if endpoint else (),
        protocol=protocol_of(endpoint or ""),
    )


def protocol_of(endpoint: str) -> Literal["HTTP", "HTTPS"]:
    """The protocol of an endpoint: plain HTTP to a loopback address, HTTPS to any other."""
    return "HTTP" if _is_loopback(_host(endpoint)) else "HTTPS"


def check_endpoint(endpoint: str, field: str) -> None:
    """Refuse what is not a host with or without a port.

    Raises:
        InvalidInputError: it has a scheme, or another form.
    """
    scheme, separator, rest = endpoint.partition("://")
    bare = rest.rstrip("/") if separator else endpoint
    if separator:
        raise InvalidInputError(
            field,
            endpoint,
            f"starts with the scheme {scheme}://, which the provider cannot use",
            f"write {bare}",
            code="invalid-form",
        )
    host, port = _host(endpoint), endpoint.rpartition(":")[2]
    well_formed = re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?", endpoint)
    if not well_formed or not host or (":" in endpoint and not endpoint.endswith("]") and int(port) > 65535):
        raise InvalidInputError(
            field, endpoint, "is not a host and a port", "write it as 127.0.0.1:8080", code="invalid-form"
        )


def _host(endpoint: str) -> str:
    if endpoint.startswith("["):
        return endpoint[1:].partition("]")[0]
    return endpoint.partition(":")[0]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
