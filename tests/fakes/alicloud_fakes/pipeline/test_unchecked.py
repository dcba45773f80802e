"""Actions of the fake that any signed caller may do are those that need no permission for the evaluator."""

from __future__ import annotations

from alicloud_fakes.pipeline.registry import AllowedCallers
from alicloud_fakes.services import services
from ram_policies.evaluation.unchecked import UNCHECKED_ACTIONS

# Judged by their handlers: a role's trust policy, or what the account lets its users do for themselves.
BY_HANDLER = {"sts:AssumeRole", "ram:ChangePassword", "ims:ChangePassword"}
# The provider asks it before it knows its account, and takes a refusal for another site of Alibaba Cloud.
AT_THE_START = {"bss:QueryAvailableInstances"}


def test_the_fake_leaves_unchecked_what_the_evaluator_does() -> None:
    actions = [action for service in services().values() for action in service.actions.values()]
    signed = {f"{a.service.name}:{a.name}" for a in actions if a.access is AllowedCallers.SIGNED}
    known = {f"{a.service.name}:{a.name}" for a in actions}
    assert signed - BY_HANDLER - AT_THE_START == known & set(UNCHECKED_ACTIONS)
    assert len(signed) > len(BY_HANDLER | AT_THE_START)
