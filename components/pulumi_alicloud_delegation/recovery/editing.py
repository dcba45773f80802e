"""An exported state with what a recovery imports put into it. Pure."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any, cast

from pulumi_alicloud_delegation.recovery.planning import Do, RecoveryStep, resource_inputs
from pulumi_alicloud_delegation.recovery.stack_files import StackState

# What is about an operation and not about the resource.
_OF_OPERATIONS = ("created", "modified", "importID", "pendingReplacement", "delete", "initErrors")


def edited_state(state: StackState, steps: Iterable[RecoveryStep]) -> dict[str, Any]:
    """The exported state to import: with the resources, without interrupted operations.

    A resource is written as the provider would leave it, with its inputs as outputs: what RAM does not tell (`force`,
    how versions rotate) is then known, and the refresh that follows adds what RAM tells. Without the output `id` the
    engine takes it as it is, and a recovery that was itself interrupted finds it again.

    Args:
        state: as it was exported.
        steps: of a plan for it.
    """
    exported = copy.deepcopy(cast("dict[str, Any]", state.exported))
    deployment = exported["deployment"]
    deployment.pop("pending_operations", None)
    imported = [step for step in steps if step.do is Do.IMPORT]
    replaced = {step.urn for step in imported}
    resources = cast("list[dict[str, Any]]", deployment.setdefault("resources", []))
    for resource in resources:
        if resource["urn"] in replaced:
            resource["delete"] = True
    for step in imported:
        inputs = copy.deepcopy(dict(resource_inputs(step.entry)))
        kept = {key: value for key, value in step.entry.items() if key not in _OF_OPERATIONS}
        resources.append({**copy.deepcopy(kept), "id": step.id, "outputs": inputs})
    return exported
