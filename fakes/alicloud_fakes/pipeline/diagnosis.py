"""Diagnosis of a denied call: AccessDeniedDetail, and the encoded message in it.

Source: Alibaba Cloud, RAM, DecodeDiagnosticMessage. The message is sealed by the cloud, so that nobody can make one up,
and holds everything, so that nobody has to remember it.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from typing import Any

from alicloud_fakes.core.entropy import Entropy
from alicloud_fakes.identity.caller import Caller, IdentityType
from ram_policies.arn import Arn
from ram_policies.evaluation.decision import Decision, Outcome, Policy, Request

_SEAL = 12
_LARGEST = 1 << 20
_PRINCIPAL_TYPES = {
    IdentityType.USER: "SubUser",
    IdentityType.ROLE: "AssumedRoleUser",
    IdentityType.ACCOUNT: "RootUser",  # unconfirmed.PRINCIPAL_TYPES
}
_ENTITY_TYPES = {"user": "User", "group": "Group", "role": "Role"}


def access_denied_detail(entropy: Entropy, caller: Caller, request: Request, decision: Decision) -> dict[str, object]:
    """The AccessDeniedDetail of a denial."""
    kind = decision.no_permission_type or "ImplicitDeny"
    policy_type = str(decision.policy_type or "AccountLevelIdentityBasedPolicy")
    principal = {
        "AuthPrincipalDisplayName": caller.display_name,
        "AuthPrincipalOwnerId": caller.account.id,
        "AuthPrincipalType": _PRINCIPAL_TYPES[caller.type],
    }
    message: dict[str, object] = {
        "ExplicitDeny": decision.outcome is Outcome.EXPLICIT_DENY,
        "NoPermissionPolicyType": policy_type,
        "AuthAction": request.action,
        "AuthResource": request.resource,
        "AuthPrincipal": principal,
        "AuthConditions": [
            {"ConditionKey": key, "ConditionValues": list(value) if isinstance(value, tuple) else [value]}
            for key, value in request.context.items()
        ],
        "MatchedPolicies": [_matched(match.policy, str(match.effect)) for match in decision.matched],
    }
    return {
        "AuthAction": request.action,
        **principal,
        "EncodedDiagnosticMessage": seal_message(entropy, message),
        "NoPermissionType": kind,
        "PolicyType": policy_type,
    }


def _matched(policy: Policy, effect: str) -> dict[str, object]:
    entity = Arn.read(policy.attached_to)
    return {
        "AttachedEntityType": _ENTITY_TYPES.get(entity.resource_type, "") if entity else "",
        "AttachedScope": policy.scope or "Account",
        "Effect": effect,
        "PolicyIdentifier": policy.name,
        "PolicyType": str(policy.type),
        "PolicyVersion": policy.version,
    }


def seal_message(entropy: Entropy, message: Mapping[str, object]) -> str:
    """Seal a message."""
    body = zlib.compress(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))
    return base64.b64encode(b"\x01\x01" + _seal(entropy, body) + body).decode()


def open_message(entropy: Entropy, text: str) -> dict[str, Any] | None:
    """Open a message; None when this cloud did not make it."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return None
    seal, body = raw[2 : 2 + _SEAL], raw[2 + _SEAL :]
    if raw[:2] != b"\x01\x01" or seal != _seal(entropy, body):
        return None
    return json.loads(zlib.decompressobj().decompress(body, _LARGEST))


def _seal(entropy: Entropy, body: bytes) -> bytes:
    return entropy.mac("diagnosis", body)[:_SEAL]
