"""Errors of IMS beyond those of RAM.

Source: Alibaba Cloud, IMS, CreateSAMLProvider and CreateOIDCProvider. unconfirmed.IMS_PROVIDER_ERRORS.
"""

from __future__ import annotations

from alicloud_fakes.core.errors import ApiError

_CODES: dict[str, tuple[int, str]] = {
    "EntityNotExist.SAMLProvider": (404, "The SAML provider does not exist."),
    "EntityNotExist.OIDCProvider": (404, "The OIDC provider does not exist."),
    "EntityAlreadyExists.SAMLProvider": (409, "The SAML provider does already exist."),
    "EntityAlreadyExists.OIDCProvider": (409, "The OIDC provider does already exist."),
    "LimitExceeded.SAMLProvider": (409, "The count of SAML providers beyond the current limits."),
    "LimitExceeded.OIDCProvider": (409, "The count of OIDC providers beyond the current limits."),
    "EntityNotExist.OIDCProvider.Fingerprint": (404, "The fingerprint does not exist."),
    "EntityNotExist.OIDCProvider.ClientId": (404, "The client ID does not exist."),
    "LimitExceeded.OIDCProvider.Fingerprint": (409, "The count of fingerprints beyond the current limits."),
    "LimitExceeded.OIDCProvider.ClientId": (409, "The count of client IDs beyond the current limits."),
}


def fail(code: str) -> ApiError:
    """The error of a code in the table above."""
    status, message = _CODES[code]
    return ApiError(status, code, message)
