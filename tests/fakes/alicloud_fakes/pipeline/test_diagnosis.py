"""Description of the denied caller in a denial."""

from __future__ import annotations

from alicloud_fakes import Cloud
from alicloud_fakes.identity.caller import Caller, IdentityType
from alicloud_fakes.pipeline.diagnosis import access_denied_detail
from ram_policies.evaluation.decision import Decision, DeniedBy, Outcome, Request


def test_a_denied_owner_of_an_account_is_a_root_user(cloud: Cloud) -> None:
    owner = Caller(IdentityType.ACCOUNT, cloud.account("11223344"))
    decision = Decision(Outcome.EXPLICIT_DENY, DeniedBy.CONTROL)
    detail = access_denied_detail(cloud.entropy, owner, Request("ecs:StopInstance", "*", {}, owner.arn), decision)
    assert detail["AuthPrincipalType"] == "RootUser"
    assert detail["AuthPrincipalDisplayName"] == "11223344"
    assert detail["PolicyType"] == "ControlPolicy"
