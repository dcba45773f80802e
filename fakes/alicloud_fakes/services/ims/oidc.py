"""OIDC identity providers."""

from __future__ import annotations

import calendar
import time
from typing import Annotated, Any

from alicloud_fakes.pipeline.declare import ActionRequest, Length, Pattern, Problem, Range, Wrong
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ims import ims
from alicloud_fakes.services.ims.errors import fail
from alicloud_fakes.services.ims.models import Ims, OidcProvider
from alicloud_fakes.services.ims.parameters import Description
from alicloud_fakes.services.ims.saml import ProviderName
from alicloud_fakes.services.ram.errors import refuse
from alicloud_fakes.services.ram.parameters import MaxItems
from alicloud_fakes.services.ram.users import list_page
from ram_policies import limits
from ram_policies.arn import oidc_provider_arn

MOST_CLIENTS = 50
MOST_FINGERPRINTS = 5
# Lists that come in one parameter, separated by commas.
Clients = Annotated[str, Length(8192)]
Fingerprints = Annotated[str, Length(1024)]
Hours = Annotated[int, Range(1, 168)]


class CreateOIDCProvider(ActionRequest):
    oidc_provider_name: ProviderName
    issuer_url: Annotated[str, Pattern(r"https://[^\s?@#]{1,247}")]
    client_ids: Clients = ""
    fingerprints: Fingerprints = ""
    description: Description = ""
    issuance_limit_time: Hours = 12


class GetOIDCProvider(ActionRequest):
    oidc_provider_name: ProviderName


class UpdateOIDCProvider(GetOIDCProvider):
    client_ids: Clients | None = None
    issuance_limit_time: Hours | None = None
    new_description: Description | None = None


class DeleteOIDCProvider(GetOIDCProvider):
    pass


class ListOIDCProviders(ActionRequest):
    marker: str = ""
    max_items: MaxItems = 100


class AddClientIdToOIDCProvider(GetOIDCProvider):
    client_id: Annotated[str, Length(128, 1)]


class RemoveClientIdFromOIDCProvider(AddClientIdToOIDCProvider):
    pass


class AddFingerprintToOIDCProvider(GetOIDCProvider):
    fingerprint: Annotated[str, Pattern("[A-Za-z0-9]{1,128}")]


class RemoveFingerprintFromOIDCProvider(AddFingerprintToOIDCProvider):
    pass


def _resource(request: GetOIDCProvider) -> str:
    return f"oidc-provider/{request.oidc_provider_name}"


def _milliseconds(stamp: str) -> str:
    return str(calendar.timegm(time.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ")) * 1000)


def _shown(provider: OidcProvider) -> dict[str, Any]:
    return {
        "OIDCProviderName": provider.name,
        "Arn": provider.arn,
        "IssuerUrl": provider.issuer,
        "Description": provider.description,
        "ClientIds": ",".join(provider.client_ids),
        "Fingerprints": ",".join(provider.fingerprints),
        "IssuanceLimitTime": provider.issuance_limit,
        "CreateDate": provider.created,
        "UpdateDate": provider.updated,
        "GmtCreate": _milliseconds(provider.created),
        "GmtModified": _milliseconds(provider.updated),
    }


def _find(ims: Ims, name: str) -> OidcProvider:
    provider = ims.oidc.get(name)
    if provider is None:
        raise fail("EntityNotExist.OIDCProvider")
    return provider


def _listed(text: str, most: int, parameter: str) -> list[str]:
    """The items of a list in one parameter, each once."""
    items = list(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))
    if len(items) > most or any(len(one) > 128 for one in items):
        raise refuse(Wrong(parameter, Problem.LENGTH))
    return items


@ims.action(CreateOIDCProvider, on=lambda _: "oidc-provider/*")
def create_oidc_provider(ims: Ims, request: CreateOIDCProvider) -> Reply:
    """Create a provider. The issuer's URL is unique in the account."""
    name = request.oidc_provider_name
    if name in ims.oidc or any(other.issuer == request.issuer_url for other in ims.oidc):
        raise fail("EntityAlreadyExists.OIDCProvider")
    if len(ims.oidc) >= limits.IDENTITY_PROVIDERS_PER_ACCOUNT:
        raise fail("LimitExceeded.OIDCProvider")
    now = ims.ram.now()
    provider = OidcProvider(
        name,
        oidc_provider_arn(ims.account.id, name),
        request.issuer_url,
        request.description,
        request.issuance_limit_time,
        now,
        now,
        _listed(request.client_ids, MOST_CLIENTS, "ClientIds"),
        _listed(request.fingerprints, MOST_FINGERPRINTS, "Fingerprints"),
    )
    ims.oidc.add(name, provider)
    return {"OIDCProvider": _shown(provider)}


@ims.action(GetOIDCProvider, on=_resource)
def get_oidc_provider(ims: Ims, request: GetOIDCProvider) -> Reply:
    """Show a provider."""
    return {"OIDCProvider": _shown(_find(ims, request.oidc_provider_name))}


def _changed(ims: Ims, provider: OidcProvider) -> Reply:
    provider.updated = ims.ram.now()
    return {"OIDCProvider": _shown(provider)}


@ims.action(UpdateOIDCProvider, on=_resource)
def update_oidc_provider(ims: Ims, request: UpdateOIDCProvider) -> Reply:
    """Change a provider; fields that are not sent stay."""
    provider = _find(ims, request.oidc_provider_name)
    if request.client_ids is not None:
        provider.client_ids = _listed(request.client_ids, MOST_CLIENTS, "ClientIds")
    if request.issuance_limit_time is not None:
        provider.issuance_limit = request.issuance_limit_time
    if request.new_description is not None:
        provider.description = request.new_description
    return _changed(ims, provider)


@ims.action(DeleteOIDCProvider, on=_resource)
def delete_oidc_provider(ims: Ims, request: DeleteOIDCProvider) -> Reply:
    """Delete a provider."""
    ims.oidc.remove(_find(ims, request.oidc_provider_name).name)
    return None


@ims.action(ListOIDCProviders, on=lambda _: "oidc-provider/*")
def list_oidc_providers(ims: Ims, request: ListOIDCProviders) -> Reply:
    """List providers by name."""
    providers, marker = ims.oidc.page(request.marker, request.max_items)
    return list_page("OIDCProviders", "OIDCProvider", [_shown(provider) for provider in providers], marker)


def _add(items: list[str], item: str, most: int, what: str) -> None:
    if item not in items:
        if len(items) >= most:
            raise fail(f"LimitExceeded.OIDCProvider.{what}")
        items.append(item)


def _remove(items: list[str], item: str, what: str) -> None:
    if item not in items:
        raise fail(f"EntityNotExist.OIDCProvider.{what}")
    items.remove(item)


@ims.action(AddClientIdToOIDCProvider, on=_resource)
def add_client_id(ims: Ims, request: AddClientIdToOIDCProvider) -> Reply:
    """Let a client use the provider."""
    provider = _find(ims, request.oidc_provider_name)
    _add(provider.client_ids, request.client_id, MOST_CLIENTS, "ClientId")
    return _changed(ims, provider)


@ims.action(RemoveClientIdFromOIDCProvider, on=_resource)
def remove_client_id(ims: Ims, request: RemoveClientIdFromOIDCProvider) -> Reply:
    """Keep a client from using the provider."""
    provider = _find(ims, request.oidc_provider_name)
    _remove(provider.client_ids, request.client_id, "ClientId")
    return _changed(ims, provider)


@ims.action(AddFingerprintToOIDCProvider, on=_resource)
def add_fingerprint(ims: Ims, request: AddFingerprintToOIDCProvider) -> Reply:
    """Trust a certificate."""
    provider = _find(ims, request.oidc_provider_name)
    _add(provider.fingerprints, request.fingerprint, MOST_FINGERPRINTS, "Fingerprint")
    return _changed(ims, provider)


@ims.action(RemoveFingerprintFromOIDCProvider, on=_resource)
def remove_fingerprint(ims: Ims, request: RemoveFingerprintFromOIDCProvider) -> Reply:
    """Stop trusting a certificate."""
    provider = _find(ims, request.oidc_provider_name)
    _remove(provider.fingerprints, request.fingerprint, "Fingerprint")
    return _changed(ims, provider)
