"""Presets of a role: rendered into custom policies that are created with it."""

from __future__ import annotations

from pulumi_alicloud_delegation.specs import PresetSpec
from ram_policies import NameKind, check_name
from ram_policies.presets import preset, preset_document


def preset_policy(spec: PresetSpec, role: str, field: str) -> tuple[str, str, str]:
    """Name, document and description of the policy for one preset.

    Args:
        spec: what the configuration says.
        role: name of the role that will carry it.
        field: where the preset stands, for messages.

    Raises:
        InvalidInputError: there is no such preset, or it does not take these parameters.
    """
    chosen = preset(spec.name, f"{field}.name")
    document = preset_document(spec.name, spec.parameters, field)
    # A role's name may hold dots, a policy's may not.
    name = spec.policy_name or f"{role.replace('.', '-')}-{spec.name}"
    return check_name(NameKind.POLICY, name, f"{field}.policy_name"), document.to_json(), chosen.title
