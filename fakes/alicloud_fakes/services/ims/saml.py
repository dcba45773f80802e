"""SAML identity providers."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any

from alicloud_fakes.pipeline.declare import ActionRequest, Length, OneOf, Problem, RamName, Wrong
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ims import ims
from alicloud_fakes.services.ims.errors import fail
from alicloud_fakes.services.ims.models import Ims, SamlProvider
from alicloud_fakes.services.ims.parameters import Description
from alicloud_fakes.services.ram.errors import refuse
from alicloud_fakes.services.ram.parameters import MaxItems
from alicloud_fakes.services.ram.users import list_page
from ram_policies import limits
from ram_policies.arn import saml_provider_arn
from ram_policies.names import NameKind

ProviderName = Annotated[str, RamName(NameKind.IDENTITY_PROVIDER)]
Metadata = Annotated[str, Length(102400, 4)]
Algorithm = Annotated[str, OneOf("rsa-sha1", "rsa-sha256")]


class CreateSAMLProvider(ActionRequest):
    saml_provider_name: ProviderName
    encoded_saml_metadata_document: Metadata
    description: Description = ""
    authn_sign_algo: Algorithm = "rsa-sha1"


class GetSAMLProvider(ActionRequest):
    saml_provider_name: ProviderName


class UpdateSAMLProvider(ActionRequest):
    saml_provider_name: ProviderName
    new_encoded_saml_metadata_document: Metadata | None = None
    new_description: Description | None = None
    authn_sign_algo: Algorithm | None = None


class DeleteSAMLProvider(ActionRequest):
    saml_provider_name: ProviderName


class ListSAMLProviders(ActionRequest):
    marker: str = ""
    max_items: MaxItems = 100


def _resource(request: GetSAMLProvider | UpdateSAMLProvider | DeleteSAMLProvider) -> str:
    return f"saml-provider/{request.saml_provider_name}"


def _listed(provider: SamlProvider) -> dict[str, Any]:
    return {
        "SAMLProviderName": provider.name,
        "Arn": provider.arn,
        "Description": provider.description,
        "CreateDate": provider.created,
        "UpdateDate": provider.updated,
    }


def _basics(provider: SamlProvider) -> dict[str, Any]:
    return {**_listed(provider), "AuthnSignAlgo": provider.algorithm}


def _find(ims: Ims, name: str) -> SamlProvider:
    provider = ims.saml.get(name)
    if provider is None:
        raise fail("EntityNotExist.SAMLProvider")
    return provider


def _check(metadata: str, parameter: str) -> str:
    try:
        base64.b64decode(metadata, validate=True)
    except (ValueError, binascii.Error):
        raise refuse(Wrong(parameter, Problem.FORMAT)) from None
    return metadata


@ims.action(CreateSAMLProvider, on=lambda _: "saml-provider/*")
def create_saml_provider(ims: Ims, request: CreateSAMLProvider) -> Reply:
    """Create a provider."""
    name = request.saml_provider_name
    if name in ims.saml:
        raise fail("EntityAlreadyExists.SAMLProvider")
    if len(ims.saml) >= limits.IDENTITY_PROVIDERS_PER_ACCOUNT:
        raise fail("LimitExceeded.SAMLProvider")
    now = ims.ram.now()
    provider = SamlProvider(
        name,
        saml_provider_arn(ims.account.id, name),
        _check(request.encoded_saml_metadata_document, "EncodedSAMLMetadataDocument"),
        request.description,
        request.authn_sign_algo,
        now,
        now,
    )
    ims.saml.add(name, provider)
    return {"SAMLProvider": _basics(provider)}


@ims.action(GetSAMLProvider, on=_resource)
def get_saml_provider(ims: Ims, request: GetSAMLProvider) -> Reply:
    """Show a provider."""
    provider = _find(ims, request.saml_provider_name)
    return {"SAMLProvider": {**_basics(provider), "EncodedSAMLMetadataDocument": provider.metadata}}


@ims.action(UpdateSAMLProvider, on=_resource)
def update_saml_provider(ims: Ims, request: UpdateSAMLProvider) -> Reply:
    """Change a provider; fields that are not sent stay."""
    provider = _find(ims, request.saml_provider_name)
    if request.new_encoded_saml_metadata_document is not None:
        provider.metadata = _check(request.new_encoded_saml_metadata_document, "NewEncodedSAMLMetadataDocument")
    if request.new_description is not None:
        provider.description = request.new_description
    if request.authn_sign_algo is not None:
        provider.algorithm = request.authn_sign_algo
    provider.updated = ims.ram.now()
    return {"SAMLProvider": _basics(provider)}


@ims.action(DeleteSAMLProvider, on=_resource)
def delete_saml_provider(ims: Ims, request: DeleteSAMLProvider) -> Reply:
    """Delete a provider."""
    ims.saml.remove(_find(ims, request.saml_provider_name).name)
    return None


@ims.action(ListSAMLProviders, on=lambda _: "saml-provider/*")
def list_saml_providers(ims: Ims, request: ListSAMLProviders) -> Reply:
    """List providers by name."""
    providers, marker = ims.saml.page(request.marker, request.max_items)
    return list_page("SAMLProviders", "SAMLProvider", [_listed(provider) for provider in providers], marker)
