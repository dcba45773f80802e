"""Signing in, switching identity and signing out, in pages."""

from __future__ import annotations

from typing import Any

import pytest
from console_scenario import DELEGATE, OWNER, PASSWORD, suspend

from alicloud_fakes import Cloud
from alicloud_fakes.identity import totp
from pulumi_alicloud_delegation.console_addresses import switch_role_url

NEW_PASSWORD = "Chosen-by-AAA-1"
WRONG = "The account, the user name or the password is wrong."


def login_profile(delegate: Any, **settings: str) -> None:
    assert delegate.call("ram", "UpdateLoginProfile", UserName="AAA", **settings).ok


@pytest.mark.parametrize("account", ["company-b", DELEGATE, "company-b.onaliyun.com"])
def test_sign_in_with_alias_id_or_domain(browser: Any, account: str) -> None:
    page = browser.sign_in(account=account)
    assert (page.status, page.path) == (200, "/")
    assert "AAA@company-b" in page.text
    assert f"acs:ram::{DELEGATE}:user/AAA" in page.text


def test_a_whole_sign_in_name_needs_no_alias(browser: Any) -> None:
    page = browser.sign_in(user="AAA@company-b.onaliyun.com", account="")
    assert "AAA@company-b" in page.text


@pytest.mark.parametrize(
    ("user", "password", "account"),
    [
        ("AAA", "wrong", "company-b"),
        ("nobody", PASSWORD, "company-b"),
        ("AAA", PASSWORD, "no-company"),
        ("no-profile", PASSWORD, "company-b"),
        ("", "", ""),
    ],
)
def test_a_refused_sign_in_does_not_say_which_part_was_wrong(
    browser: Any, delegate: Any, user: str, password: str, account: str
) -> None:
    assert delegate.call("ram", "CreateUser", UserName="no-profile").ok
    page = browser.sign_in(user, password, account)
    assert page.status == 401
    assert WRONG in page.text
    assert browser.get("/").path == "/login.htm"
    if password:
        assert password not in page.html


def test_wrong_passwords_lock_the_user_as_its_account_says(browser: Any, delegate: Any) -> None:
    assert delegate.call("ram", "SetPasswordPolicy", MaxLoginAttemps="2").ok
    for _ in range(2):
        assert WRONG in browser.sign_in(password="wrong").text
    assert "Too many wrong attempts" in browser.sign_in().text


def test_the_page_that_was_asked_for_comes_after_signing_in(browser: Any) -> None:
    page = browser.get("/switchRole.htm?parentAlias=company-a&roleName=ecs-admin")
    assert page.path == "/login.htm"
    page = browser.submit("/login.htm", account="company-b", user="AAA", password=PASSWORD)
    assert page.path == "/switchRole.htm?parentAlias=company-a&roleName=ecs-admin"


def test_a_first_password_has_to_be_changed(browser: Any, delegate: Any) -> None:
    login_profile(delegate, PasswordResetRequired="true")
    page = browser.sign_in()
    assert page.path == "/sign-in/password"
    assert browser.get("/").path == "/login.htm", "nothing is open before the password is changed"
    browser.get("/sign-in/password")
    page = browser.submit("/sign-in/password", password=NEW_PASSWORD, again="other")
    assert "not the same" in page.text
    page = browser.submit("/sign-in/password", password="short", again="short")
    assert page.status == 400
    assert "fewer than 8 characters" in page.text
    page = browser.submit("/sign-in/password", password=NEW_PASSWORD, again=NEW_PASSWORD)
    assert "AAA@company-b" in page.text
    browser.submit("/sign-out")
    assert WRONG in browser.sign_in().text
    assert browser.sign_in(password=NEW_PASSWORD).path == "/"


def bound(cloud: Cloud) -> str:
    user = cloud.account(DELEGATE).ram.users.get("AAA")
    assert user is not None
    assert user.mfa is not None
    return user.mfa.seed


def seed_of(page: Any) -> str:
    return page.html.partition('id="seed">')[2].partition("<")[0].replace(" ", "")


def bind(browser: Any, cloud: Cloud) -> Any:
    """Bind the device that the page shows, with the codes of a real authenticator."""
    seed = seed_of(browser)
    step = int(cloud.clock.time()) // totp.STEP
    codes = {"first": totp.code(seed, step - 1), "second": totp.code(seed, step)}
    return browser.submit("/sign-in/device", **codes)


def test_a_device_is_bound_at_the_first_sign_in_where_mfa_is_required(
    browser: Any, cloud: Cloud, delegate: Any
) -> None:
    login_profile(delegate, MFABindRequired="true")
    page = browser.sign_in()
    assert page.path == "/sign-in/device"
    assert "<svg" in page.html
    page = browser.submit("/sign-in/device", first="000000", second="000000")
    assert page.status == 400
    assert "The code is wrong" in page.text
    page = bind(browser, cloud)
    assert "AAA@company-b" in page.text
    assert browser.server.console.cookies.visits.all()[0].sessions[0].session.mfa is True
    assert bound(cloud) not in browser.get("/").html, "the key of the device is shown once"


def test_a_code_is_asked_for_when_a_device_is_bound(browser: Any, cloud: Cloud, delegate: Any) -> None:
    login_profile(delegate, MFABindRequired="true")
    browser.sign_in()
    bind(browser, cloud)
    browser.submit("/sign-out")
    page = browser.sign_in()
    assert page.path == "/sign-in/code"
    used = totp.code_at(bound(cloud), cloud.clock.time())
    assert "used before" in browser.submit("/sign-in/code", code=used).text
    cloud.clock.advance(60)
    page = browser.submit("/sign-in/code", code=totp.code_at(bound(cloud), cloud.clock.time()))
    assert "AAA@company-b" in page.text


def test_wrong_codes_lock_like_wrong_passwords(browser: Any, cloud: Cloud, delegate: Any) -> None:
    login_profile(delegate, MFABindRequired="true")
    assert delegate.call("ram", "SetPasswordPolicy", MaxLoginAttemps="3").ok
    browser.sign_in()
    bind(browser, cloud)
    browser.submit("/sign-out")
    browser.sign_in()
    for _ in range(3):
        browser.submit("/sign-in/code", code="000000")
    cloud.clock.advance(60)
    page = browser.submit("/sign-in/code", code=totp.code_at(bound(cloud), cloud.clock.time()))
    assert "Too many wrong attempts" in page.text
    assert "Too many wrong attempts" in browser.sign_in().text


def test_the_second_factor_comes_before_a_new_password(browser: Any, cloud: Cloud, delegate: Any) -> None:
    login_profile(delegate, MFABindRequired="true")
    browser.sign_in()
    bind(browser, cloud)
    browser.submit("/sign-out")
    login_profile(delegate, PasswordResetRequired="true")
    assert browser.sign_in().path == "/sign-in/code"
    assert browser.get("/sign-in/password").path == "/sign-in/code"
    form = browser.page.forms[0].fields
    browser.post("/sign-in/password", {**form, "password": NEW_PASSWORD, "again": NEW_PASSWORD})
    assert browser.path == "/sign-in/code"


def test_a_sign_in_ends_when_the_password_is_reset_meanwhile(browser: Any, delegate: Any) -> None:
    login_profile(delegate, PasswordResetRequired="true")
    browser.sign_in()
    login_profile(delegate, Password="Set-by-admin-22")
    page = browser.submit("/sign-in/password", password=NEW_PASSWORD, again=NEW_PASSWORD)
    assert page.path == "/login.htm"
    assert WRONG in page.text


def test_switch_identity_and_back(browser: Any) -> None:
    browser.sign_in()
    page = browser.switch()
    assert "ecs-admin@company-a" in page.text
    assert f"acs:ram::{OWNER}:assumed-role/ecs-admin/AAA" in page.text
    page = browser.submit("/switch-back")
    assert f"acs:ram::{DELEGATE}:user/AAA" in page.text
    assert "ecs-admin" not in page.text


def test_the_stack_s_switch_role_link_fills_in_the_form(browser: Any) -> None:
    exported = switch_role_url("international", "company-a", "ecs-admin")
    browser.sign_in()
    page = browser.get("/switchRole.htm?" + exported.partition("?")[2])
    form = page.page.forms[-1]
    assert (form.action, form.fields["account"], form.fields["role"]) == (
        "/switchRole.htm",
        "company-a.onaliyun.com",
        "ecs-admin",
    )
    assert "ecs-admin@company-a" in browser.submit("/switchRole.htm").text


def test_a_link_alone_does_not_switch(browser: Any) -> None:
    browser.sign_in()
    browser.get("/switchRole.htm?parentAlias=company-a&roleName=ecs-admin")
    assert f"acs:ram::{DELEGATE}:user/AAA" in browser.get("/").text


@pytest.mark.parametrize("role", ["no-such-role", "ecs-admin"])
def test_a_refused_switch_says_what_has_to_be_there(browser: Any, delegate: Any, role: str) -> None:
    removed = delegate.call("ram", "RemoveUserFromGroup", UserName="AAA", GroupName="operators")
    assert removed.ok
    browser.sign_in()
    page = browser.switch(role=role)
    assert page.status == 403
    assert "You cannot switch to this role." in page.text
    assert f"a policy of acs:ram::{DELEGATE}:user/AAA allows sts:AssumeRole on the role" in page.text
    assert f"acs:ram::{DELEGATE}:user/AAA" in browser.get("/").text


def test_a_role_that_is_not_for_the_console(browser: Any, owner: Any) -> None:
    assert owner.call("ram", "UpdateRole", RoleName="ecs-admin", NewAllowConsoleLogin="false").ok
    browser.sign_in()
    assert "may not be used in the console" in browser.switch().text


def test_root_cannot_switch(browser: Any) -> None:
    browser.open_root(DELEGATE)
    page = browser.switch()
    assert page.status == 403
    assert "root identity of an account can never assume a role" in page.text


def test_a_suspended_delegation_refuses_the_next_click(browser: Any, cloud: Cloud) -> None:
    browser.sign_in()
    browser.switch()
    assert browser.get("/ecs").status == 200
    suspend(cloud)
    page = browser.get("/ecs")
    assert page.status == 403
    assert "A Deny statement in the policies attached to ecs-admin:AAA covers ecs:DescribeInstances." in page.text


def test_a_deleted_role_ends_its_session_and_leads_back(browser: Any, owner: Any) -> None:
    browser.sign_in()
    browser.switch()
    assert owner.call(
        "ram", "DetachPolicyFromRole", PolicyType="System", PolicyName="AliyunECSFullAccess", RoleName="ecs-admin"
    ).ok
    assert owner.call("ram", "DeleteRole", RoleName="ecs-admin").ok
    page = browser.get("/ecs")
    assert page.status == 403
    assert "The session of the role has ended" in page.text
    assert "AAA@company-b" in browser.submit("/switch-back").text


def test_a_session_that_is_over_leads_to_the_sign_in_page(browser: Any, cloud: Cloud) -> None:
    browser.sign_in()
    cloud.clock.advance(6 * 3600 + 1)
    page = browser.get("/ecs")
    assert page.path == "/login.htm"
    assert "Your session has ended" in page.text


def test_signing_out_ends_the_visit(browser: Any) -> None:
    browser.sign_in()
    page = browser.submit("/sign-out")
    assert "You are signed out." in page.text
    assert browser.get("/ecs").path == "/login.htm"


def test_signing_in_and_switching_are_in_the_call_log(browser: Any, cloud: Cloud) -> None:
    browser.sign_in(password="wrong")
    browser.sign_in()
    browser.switch()
    browser.switch(role="other")
    found = [(one.action, one.code, dict(one.parameters)) for one in cloud.calls.records if one.service == "console"]
    assert found == [
        ("SignIn", "CREDENTIALS", {"Account": DELEGATE, "UserName": "AAA"}),
        ("SignIn", "", {"Account": DELEGATE, "UserName": "AAA"}),
        ("SwitchRole", "", {"Account": OWNER, "RoleName": "ecs-admin"}),
        ("SwitchRole", "ROLE", {"Account": OWNER, "RoleName": "other"}),
    ]


def logged(cloud: Cloud) -> list[tuple[str, str]]:
    return [(one.action, one.code) for one in cloud.calls.records if one.service == "console"]


def test_a_refused_step_of_signing_in_is_in_the_call_log(browser: Any, cloud: Cloud, delegate: Any) -> None:
    login_profile(delegate, MFABindRequired="true", PasswordResetRequired="true")
    browser.sign_in()
    browser.submit("/sign-in/password", password="short", again="short")
    browser.submit("/sign-in/password", password=NEW_PASSWORD, again=NEW_PASSWORD)
    browser.submit("/sign-in/device", first="000000", second="000000")
    bind(browser, cloud)
    browser.submit("/sign-out")
    browser.sign_in(password=NEW_PASSWORD)
    browser.submit("/sign-in/code", code="000000")
    assert [code for _, code in logged(cloud)] == ["WEAK_PASSWORD", "MFA_CODE", "", "MFA_CODE"]
    assert NEW_PASSWORD not in str(cloud.calls.records)


def test_a_switch_to_a_role_that_is_not_for_the_console_is_logged_as_refused(
    browser: Any, cloud: Cloud, owner: Any
) -> None:
    assert owner.call("ram", "UpdateRole", RoleName="ecs-admin", NewAllowConsoleLogin="false").ok
    browser.sign_in()
    browser.switch()
    assert logged(cloud)[-1] == ("SwitchRole", "ROLE_CONSOLE")


def dismiss(delegate: Any) -> None:
    """Take AAA away, as an administrator of B."""
    assert delegate.call("ram", "RemoveUserFromGroup", UserName="AAA", GroupName="operators").ok
    assert delegate.call("ram", "DeleteLoginProfile", UserName="AAA").ok
    assert delegate.call("ram", "DeleteUser", UserName="AAA").ok


def test_a_deleted_user_is_signed_out_at_the_next_click(browser: Any, delegate: Any) -> None:
    browser.sign_in()
    dismiss(delegate)
    page = browser.get("/ecs")
    assert page.path == "/login.htm"
    assert "Your session has ended" in page.text


@pytest.mark.parametrize("end", ["deleted", "over"])
def test_the_session_of_a_role_goes_on_without_its_user_as_in_the_api(
    browser: Any, cloud: Cloud, delegate: Any, end: str
) -> None:
    browser.sign_in()
    cloud.clock.advance(5.5 * 3600)
    browser.switch()
    if end == "deleted":
        dismiss(delegate)
    else:
        cloud.clock.advance(0.75 * 3600)
    page = browser.get("/ecs")
    assert (page.status, page.path) == (200, "/ecs")
    assert "AAA@company-b acts as ecs-admin@company-a" in page.text
    page = browser.submit("/switch-back")
    assert page.path == "/login.htm"
    assert "Your session has ended" in page.text
