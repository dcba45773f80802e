"""Access through the console, in the scenario."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from alibabacloud_ram20150501 import models as ram

from alicloud_fakes.console import Console, Refused, SignInError
from alicloud_fakes.identity import totp

PASSWORD = "First-Password-1"


def trust(condition: dict[str, Any] | None = None) -> str:
    statement: dict[str, Any] = {
        "Action": "sts:AssumeRole",
        "Effect": "Allow",
        "Principal": {"RAM": ["acs:ram::12345678:root"]},
    }
    return json.dumps(
        {"Statement": [{**statement, "Condition": condition} if condition else statement], "Version": "1"}
    )


class Stage:
    def __init__(self, door: Any) -> None:
        self.door, self.cloud = door, door.cloud
        self.a = door.ram(door.cloud.account("company-a").root_key)
        self.b = door.ram(door.cloud.account("company-b").root_key)
        self.b.create_user(ram.CreateUserRequest(user_name="AAA"))
        attach = ram.AttachPolicyToUserRequest(
            policy_type="System", policy_name="AliyunSTSAssumeRoleAccess", user_name="AAA"
        )
        self.b.attach_policy_to_user(attach)
        self.b.create_login_profile(ram.CreateLoginProfileRequest(user_name="AAA", password=PASSWORD))

    def role(self, name: str = "ecs-admin", condition: dict[str, Any] | None = None, **more: Any) -> None:
        self.a.create_role(ram.CreateRoleRequest(role_name=name, assume_role_policy_document=trust(condition), **more))
        attach = ram.AttachPolicyToRoleRequest(policy_type="System", policy_name="AliyunECSFullAccess", role_name=name)
        self.a.attach_policy_to_role(attach)

    def device(self) -> str:
        made = self.b.create_virtual_mfadevice(ram.CreateVirtualMFADeviceRequest(virtual_mfadevice_name="phone"))
        device = made.body.virtual_mfadevice
        step = int(self.cloud.clock.time()) // totp.STEP
        seed = device.base_32string_seed
        bind = ram.BindMFADeviceRequest(
            user_name="AAA",
            serial_number=device.serial_number,
            authentication_code_1=totp.code(seed, step - 1),
            authentication_code_2=totp.code(seed, step),
        )
        self.b.bind_mfadevice(bind)
        return seed

    def sign_in(self, password: str = PASSWORD, **more: Any) -> Any:
        return Console(self.cloud).sign_in("AAA", "company-b", password, **more)

    def describe(self, session: Any) -> Any:
        return self.door.call(session.credentials, "ecs", "2014-05-26", "DescribeInstances", RegionId="cn-hangzhou")


@pytest.fixture
def stage(door: Any) -> Stage:
    return Stage(door)


@pytest.fixture
def not_let_in() -> Callable[[Refused], Any]:
    return lambda reason: pytest.raises(SignInError, match=reason)


def test_an_operator_signs_in_switches_role_and_stops_an_instance(stage: Stage) -> None:
    stage.role()
    instance = stage.cloud.account("company-a").ecs.run("web")
    session = stage.sign_in()
    assert session.display_name == "AAA@company-b"
    assert stage.door.sts(session.credentials).get_caller_identity().body.arn == "acs:ram::12345678:user/AAA"
    role = session.switch_role("company-a", "ecs-admin")
    assert role.display_name == "ecs-admin@company-a"
    assert role.arn == "acs:ram::11223344:assumed-role/ecs-admin/AAA"
    assert stage.describe(role)["Instances"]["Instance"][0]["InstanceId"] == instance.id
    assert session.switch_role("11223344.onaliyun.com", "ECS-Admin").arn == role.arn


@pytest.mark.parametrize("account", ["company-b", "12345678", "company-b.onaliyun.com", "Company-B"])
def test_names_of_the_account(stage: Stage, account: str) -> None:
    assert Console(stage.cloud).sign_in("aaa", account, PASSWORD).display_name == "AAA@company-b"


def test_a_role_that_demands_mfa(stage: Stage, not_let_in: Any) -> None:
    stage.role(condition={"Bool": {"acs:MFAPresent": "true"}})
    with not_let_in(Refused.ROLE):
        stage.sign_in().switch_role("company-a", "ecs-admin")
    seed = stage.device()
    with not_let_in(Refused.MFA_CODE):
        stage.sign_in()
    with not_let_in(Refused.MFA_CODE):
        stage.sign_in(mfa_code=totp.code_at(seed, stage.cloud.clock.time()))
    stage.cloud.clock.advance(60)
    code = totp.code_at(seed, stage.cloud.clock.time())
    role = stage.sign_in(mfa_code=code).switch_role("company-a", "ecs-admin")
    stage.describe(role)
    with not_let_in(Refused.MFA_CODE):
        stage.sign_in(mfa_code=code)


def test_mfa_reaches_the_policies_of_the_session(stage: Stage, refused: Any) -> None:
    """A deny without MFA catches a console session without it, and not an access key, which does not carry the key."""
    document = json.dumps(
        {
            "Version": "1",
            "Statement": [
                {"Effect": "Allow", "Action": "ram:ListUsers", "Resource": "*"},
                {
                    "Effect": "Deny",
                    "Action": "*",
                    "Resource": "*",
                    "Condition": {"Bool": {"acs:MFAPresent": "false"}},
                },
            ],
        }
    )
    stage.b.create_policy(ram.CreatePolicyRequest(policy_name="p", policy_document=document))
    stage.b.attach_policy_to_user(ram.AttachPolicyToUserRequest(policy_type="Custom", policy_name="p", user_name="AAA"))
    key = stage.b.create_access_key(ram.CreateAccessKeyRequest(user_name="AAA")).body.access_key
    stage.door.ram(key).list_users(ram.ListUsersRequest())
    with refused("NoPermission", 403) as denial:
        stage.door.ram(stage.sign_in().credentials).list_users(ram.ListUsersRequest())
    assert denial.error.data["AccessDeniedDetail"]["NoPermissionType"] == "ExplicitDeny"
    seed = stage.device()
    stage.cloud.clock.advance(60)
    signed_in = stage.sign_in(mfa_code=totp.code_at(seed, stage.cloud.clock.time()))
    stage.door.ram(signed_in.credentials).list_users(ram.ListUsersRequest())


def test_each_refusal_of_a_sign_in_has_its_reason(stage: Stage, not_let_in: Any) -> None:
    console = Console(stage.cloud)
    with not_let_in(Refused.ACCOUNT):
        console.sign_in("AAA", "nobody", PASSWORD)
    with not_let_in(Refused.CREDENTIALS):
        console.sign_in("BBB", "company-b", PASSWORD)
    with not_let_in(Refused.CREDENTIALS):
        stage.sign_in("wrong")
    stage.b.create_user(ram.CreateUserRequest(user_name="app"))
    with not_let_in(Refused.NO_PROFILE):
        console.sign_in("app", "company-b", PASSWORD)
    with not_let_in(Refused.ROLE):
        stage.sign_in().switch_role("company-a", "none")
    stage.role("hidden", allow_console_login=False)
    with not_let_in(Refused.ROLE_CONSOLE):
        stage.sign_in().switch_role("company-a", "hidden")
    stage.b.update_login_profile(ram.UpdateLoginProfileRequest(user_name="AAA", mfabind_required=True))
    with not_let_in(Refused.MFA_DEVICE):
        stage.sign_in()


def test_a_first_password_has_to_be_changed(stage: Stage, not_let_in: Any) -> None:
    stage.b.update_login_profile(ram.UpdateLoginProfileRequest(user_name="AAA", password_reset_required=True))
    with not_let_in(Refused.NEW_PASSWORD):
        stage.sign_in()
    with not_let_in(Refused.WEAK_PASSWORD):
        stage.sign_in(new_password="short")
    stage.sign_in(new_password="Second-Password-2")
    with not_let_in(Refused.CREDENTIALS):
        stage.sign_in()
    stage.sign_in("Second-Password-2")


def test_the_password_policy(stage: Stage, not_let_in: Any, refused: Any) -> None:
    policy = ram.SetPasswordPolicyRequest(max_login_attemps=2, max_password_age=10, password_reuse_prevention=1)
    stage.b.set_password_policy(policy)
    for _ in range(2):
        with not_let_in(Refused.CREDENTIALS):
            stage.sign_in("wrong")
    with not_let_in(Refused.LOCKED):
        stage.sign_in()
    stage.cloud.clock.advance(3601)
    session = stage.sign_in()
    user = stage.door.ram(session.credentials)
    with refused("InvalidParameter.OldPassword.Incorrect", 400):
        user.change_password(ram.ChangePasswordRequest(old_password="wrong", new_password="Second-Password-2"))
    with refused("InvalidParameter.NewPassword.TooWeak", 400):
        user.change_password(ram.ChangePasswordRequest(old_password=PASSWORD, new_password="short"))
    with refused("InvalidParameter.NewPassword.ReusePrevention", 400):
        user.change_password(ram.ChangePasswordRequest(old_password=PASSWORD, new_password=PASSWORD))
    user.change_password(ram.ChangePasswordRequest(old_password=PASSWORD, new_password="Second-Password-2"))
    stage.cloud.clock.advance(11 * 86400)
    with not_let_in(Refused.NEW_PASSWORD):
        stage.sign_in("Second-Password-2")
    stage.b.set_password_policy(ram.SetPasswordPolicyRequest(max_password_age=10, hard_expiry=True))
    with not_let_in(Refused.EXPIRED_PASSWORD):
        stage.sign_in("Second-Password-2", new_password="Third-Password-3")


def test_a_sign_in_from_another_network_is_refused(stage: Stage, not_let_in: Any) -> None:
    stage.b.set_security_preference(ram.SetSecurityPreferenceRequest(login_network_masks="10.0.0.0/8;192.0.2.7"))
    with not_let_in(Refused.NETWORK):
        stage.sign_in(source_ip="198.51.100.1")
    stage.sign_in(source_ip="10.1.2.3")
    stage.sign_in(source_ip="192.0.2.7")


def test_console_sessions_end_after_their_time(stage: Stage, refused: Any) -> None:
    stage.role(max_session_duration=7200)
    stage.role("long", max_session_duration=43200)
    stage.a.set_security_preference(ram.SetSecurityPreferenceRequest(login_session_duration=3))
    session = stage.sign_in()
    lengths = [
        one.session.expires - one.session.issued
        for one in (session, session.switch_role("company-a", "ecs-admin"), session.switch_role("company-a", "long"))
    ]
    assert lengths == [6 * 3600, 7200, 3 * 3600]
    stage.cloud.clock.advance(6 * 3600 + 1)
    with refused("InvalidSecurityToken.Expired", 400):
        stage.door.sts(session.credentials).get_caller_identity()


def test_switching_on_from_a_role_keeps_the_name(stage: Stage, not_let_in: Any) -> None:
    stage.role()
    document = trust().replace("12345678:root", "11223344:role/ecs-admin")
    stage.a.create_role(ram.CreateRoleRequest(role_name="next", assume_role_policy_document=document))
    role = stage.sign_in().switch_role("company-a", "ecs-admin")
    with not_let_in(Refused.ROLE):
        role.switch_role("company-a", "next")
    attach = ram.AttachPolicyToRoleRequest(
        policy_type="System", policy_name="AliyunSTSAssumeRoleAccess", role_name="ecs-admin"
    )
    stage.a.attach_policy_to_role(attach)
    assert role.switch_role("company-a", "next").arn == "acs:ram::11223344:assumed-role/next/AAA"
