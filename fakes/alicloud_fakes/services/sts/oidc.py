"""Assuming a role with a token of an OIDC identity provider.

Source: Alibaba Cloud, STS, AssumeRoleWithOIDC. The real cloud fetches the issuer's keys from its address. The fake
reaches nobody, so a test gives it the keys: ``cloud.issuer_keys["https://issuer.example"] = jwks["keys"]``, or
``POST /_fakes/issuers`` where the fake is a server.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Annotated, Any, cast

from alicloud_fakes.core.clock import format_time
from alicloud_fakes.identity.directory import Directory
from alicloud_fakes.pipeline.declare import Length, Secret
from alicloud_fakes.pipeline.registry import AllowedCallers, Reply
from alicloud_fakes.services.sts import sts
from alicloud_fakes.services.sts.federation import fail, provider_of, require_trust
from alicloud_fakes.services.sts.roles import (
    Assumption,
    begin,
    check_duration,
    check_session_policy,
    find_role,
    parse_role_arn,
)

_HOUR = 3600
_SKEW = 300


class AssumeRoleWithOIDC(Assumption):
    oidc_provider_arn: Annotated[str, Length(512, 1)]
    oidc_token: Annotated[str, Length(20000, 4), Secret()]


@sts.action(AssumeRoleWithOIDC, access=AllowedCallers.ANONYMOUS)
def assume_role_with_oidc(state: Any, request: AssumeRoleWithOIDC) -> Reply:  # noqa: ANN401 - anonymous: the cloud
    """Begin a session of a role that trusts an OIDC identity provider."""
    cloud = cast("Directory", state)
    role_arn = parse_role_arn(request.role_arn)
    check_session_policy(request.policy)
    check_duration(request.duration_seconds)
    provider = provider_of(cloud, request.oidc_provider_arn, "oidc", "OIDCProviderArn")
    claims = _claims(cloud, provider, request.oidc_token)
    role = find_role(cloud, role_arn)
    audiences = _audiences(claims)
    claimed = {"oidc:iss": provider.issuer, "oidc:sub": str(claims["sub"])}
    context: dict[str, Any] = {**claimed, "oidc:aud": tuple(audiences)}
    require_trust(request, role, role_arn.account, provider.arn, context)
    return {
        **begin(request.call, role, role_arn.account, request, ""),
        "OIDCTokenInfo": {
            "Subject": claims["sub"],
            "Issuer": claims["iss"],
            "ClientIds": ",".join(audiences),
            "ExpirationTime": format_time(claims["exp"]),
            "IssuanceTime": format_time(claims["iat"]),
            "VerificationInfo": "Success",
        },
    }


def _audiences(claims: dict[str, Any]) -> list[str]:
    given: object = claims["aud"]
    return [str(one) for one in cast("list[object]", given)] if isinstance(given, list) else [str(given)]


def _claims(cloud: Directory, provider: Any, token: str) -> dict[str, Any]:  # noqa: ANN401 - an OIDC provider of IMS
    """Claims of a token, once everything about it has been checked."""
    try:
        head, body, seal = token.split(".")
        header, claims = json.loads(_decode(head)), json.loads(_decode(body))
        signature = _decode(seal)
    except (ValueError, binascii.Error, RecursionError):
        raise fail("AuthenticationFail.OIDCToken.Invalid", "The OIDCToken is not a signed JWT.") from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise fail("AuthenticationFail.OIDCToken.Invalid", "The OIDCToken is not a signed JWT.")
    claims = cast("dict[str, Any]", claims)
    if claims.get("iss") != provider.issuer:
        raise fail("AuthenticationFail.OIDCToken.Invalid", "The issuer of the OIDCToken is not the provider's.")
    _verify(cloud, provider.issuer, cast("dict[str, Any]", header), f"{head}.{body}".encode(), signature)
    _check_times(cloud, provider, claims)
    if "sub" not in claims or "aud" not in claims or not set(_audiences(claims)) & set(provider.client_ids):
        raise fail(
            "AuthenticationFail.OIDCToken.Invalid", "The audience of the OIDCToken is not a client of the provider."
        )
    return claims


def _check_times(cloud: Directory, provider: Any, claims: dict[str, Any]) -> None:  # noqa: ANN401 - an OIDC provider of IMS
    now = cloud.clock.time()
    expires, issued = claims.get("exp"), claims.get("iat")
    if not isinstance(expires, int) or not isinstance(issued, int) or issued > now + _SKEW or expires > 1 << 40:
        raise fail("AuthenticationFail.OIDCToken.Invalid", "The OIDCToken has no or impossible times.")
    if expires <= now or issued + provider.issuance_limit * _HOUR <= now:
        raise fail("AuthenticationFail.OIDCToken.Expired", "The OIDCToken has expired.")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _verify(cloud: Directory, issuer: str, header: dict[str, Any], data: bytes, signature: bytes) -> None:
    keys = cloud.issuer_keys.get(issuer)
    if keys is None:
        text = (
            f'The fake knows no keys of {issuer}. Fix: cloud.issuer_keys["{issuer}"] = jwks["keys"], '
            "or POST them to /_fakes/issuers"
        )
        raise fail("AuthenticationFail.OIDCToken.Invalid", text)
    wanted = [key for key in keys if header.get("kid") in {None, key.get("kid")} and key.get("kty") == "RSA"]
    if header.get("alg") != "RS256" or not any(_signed_by(key, data, signature) for key in wanted):
        raise fail("AuthenticationFail.OIDCToken.Invalid", "The signature of the OIDCToken is not one of the issuer's.")


def _signed_by(jwk: dict[str, Any], data: bytes, signature: bytes) -> bool:
    # Only sign-ins through an identity provider need the import.
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - an extra, and only those who sign in by OIDC need it
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - an extra, and only those who sign in by OIDC need it
    from cryptography.hazmat.primitives.asymmetric import padding, rsa  # noqa: PLC0415 - an extra, and only those who sign in by OIDC need it

    modulus, exponent = (int.from_bytes(_decode(str(jwk[name])), "big") for name in ("n", "e"))
    try:
        rsa.RSAPublicNumbers(exponent, modulus).public_key().verify(
            signature, data, padding.PKCS1v15(), hashes.SHA256()
        )
    except InvalidSignature:
        return False
    return True
