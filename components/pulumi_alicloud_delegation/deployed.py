"""Acceptances and people that the stack has deployed already, read from its own outputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pulumi

from pulumi_alicloud_delegation.engine_values import whole_numbers
from pulumi_alicloud_delegation.handover import Acceptance
from pulumi_alicloud_delegation.handover.files import checked
from ram_policies import InvalidInputError

READ_STACK_OUTPUTS = "pulumi:pulumi:readStackOutputs"
"""The engine's function behind `StackReference`, which leaves no resource in the stack.

Source: pulumi/pulumi, pkg/resource/deploy/builtins.go.
"""


def deployed_acceptances() -> dict[str, Acceptance]:
    """The acceptances that the stack works with since its last update, by the owner's account ID.

    Those of roles that the stack has given back are absent; there is none before the first update, nor where the engine
    does not tell.
    """
    found = [one for content in acceptances_in(_outputs()) if (one := _readable(content)) is not None]
    return {one.owner.id: one for one in found}


def deployed_people() -> frozenset[str]:
    """Names, in lower case, of the people to whom the stack has given a login by its last update."""
    names = _outputs().get("signInNames")
    return frozenset(name.lower() for name in cast("Mapping[str, object]", names)) if names else frozenset()


def deployed_state() -> str:
    """The state of the delegation since the stack's last update; empty where there was none."""
    return str(_outputs().get("state", ""))


def _outputs() -> Mapping[str, object]:
    """The outputs of the stack's last update; empty where there are none."""
    name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    try:
        answer = pulumi.runtime.invoke(READ_STACK_OUTPUTS, {"name": name}).value
    except Exception:  # noqa: BLE001 - Pulumi raises this and nothing narrower, where there is no such stack yet
        return {}
    outputs = cast("Mapping[str, Any]", answer or {}).get("outputs")
    return cast("Mapping[str, object]", outputs) if isinstance(outputs, Mapping) else {}


def acceptances_in(outputs: object) -> list[Mapping[str, object]]:
    """The acceptances among the outputs of a stack, of one owner or of several."""
    if not isinstance(outputs, Mapping):
        return []
    given = cast("Mapping[str, object]", outputs)
    several = given.get("acceptances")
    every = [
        given.get("acceptance"),
        *(cast("Mapping[str, object]", several).values() if isinstance(several, Mapping) else ()),
    ]
    return [cast("Mapping[str, object]", one) for one in every if isinstance(one, Mapping)]


def _readable(content: Mapping[str, object]) -> Acceptance | None:
    try:
        return checked(Acceptance, cast("Mapping[str, object]", whole_numbers(content)))
    except InvalidInputError:  # of a release that wrote another format
        return None
