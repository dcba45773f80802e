"""The pages that accessibility and appearance are tested on, each reached as a user reaches it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from console_scenario import DELEGATE, OWNER, as_root, put_reports

from alicloud_fakes import Cloud

ODD = {
    "Version": "1",
    "Statement": [
        {"Effect": "Allow", "Action": ["ecs:StartInstance", "ecs:StopInstace"], "Resource": "*"},
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
    ],
}


def _signed_in(path: str) -> Callable[[Any, Cloud], None]:
    return lambda visitor, _: visitor.sign_in().refused(path)


def _switched(path: str) -> Callable[[Any, Cloud], None]:
    return lambda visitor, _: visitor.sign_in().switch().refused(path)


def _root(alias: str, path: str) -> Callable[[Any, Cloud], None]:
    return lambda visitor, _: visitor.open_root(alias).go(path)


def _login(visitor: Any, _: Cloud) -> None:
    visitor.go("/login.htm")


def _wrong(visitor: Any, _: Cloud) -> None:
    visitor.refusals.add("/login.htm")
    visitor.sign_in(password="wrong")


def _device(visitor: Any, cloud: Cloud) -> None:
    assert as_root(cloud, DELEGATE).call("ram", "UpdateLoginProfile", UserName="AAA", MFABindRequired="true").ok
    visitor.sign_in()


def _password(visitor: Any, cloud: Cloud) -> None:
    assert as_root(cloud, DELEGATE).call("ram", "UpdateLoginProfile", UserName="AAA", PasswordResetRequired="true").ok
    visitor.sign_in()


def _code(visitor: Any, cloud: Cloud) -> None:
    _device(visitor, cloud)
    page = visitor.page
    visitor.bind_device(cloud)
    page.locator("details.who summary").click()
    page.get_by_role("button", name="Sign out").click()
    visitor.sign_in()


def _role_ended(visitor: Any, cloud: Cloud) -> None:
    visitor.sign_in().switch()
    cloud.clock.advance(3601)
    visitor.refused("/ecs")


def _out_of_date(visitor: Any, _: Cloud) -> None:
    visitor.sign_in().go("/switchRole.htm?parentAlias=company-a&roleName=ecs-admin")
    visitor.refusals.add("/switchRole.htm")
    visitor.page.evaluate("document.querySelectorAll('[name=csrf]').forEach(one => one.value = 'old')")
    visitor.page.get_by_role("button", name="Switch", exact=True).click()


def _bucket(visitor: Any, cloud: Cloud) -> None:
    put_reports(cloud, "2026/november.csv")
    visitor.open_root("company-a").go("/oss/reports")


def _menu(visitor: Any, _: Cloud) -> None:
    visitor.sign_in().page.locator("details.who summary").click()


def _refused_switch(visitor: Any, _: Cloud) -> None:
    visitor.refusals.add("/switchRole.htm")
    visitor.sign_in().switch(role="no-such-role")


def _findings(visitor: Any, cloud: Cloud) -> None:
    document = json.dumps(ODD)
    assert as_root(cloud, OWNER).call("ram", "CreatePolicy", PolicyName="odd", PolicyDocument=document).ok
    visitor.open_root("company-a").go("/ram/policies/Custom/odd")


def _role(visitor: Any, _: Cloud) -> None:
    visitor.sign_in().switch().go("/ecs").open_root("company-a").go("/ram/roles/ecs-admin")


def _control(path: str) -> Callable[[Any, Cloud], None]:
    def show(visitor: Any, _: Cloud) -> None:
        visitor.sign_in().switch().refused("/rds").open_control_room().go(path)

    return show


PAGES: dict[str, Callable[[Any, Cloud], None]] = {
    "login": _login,
    "login-wrong": _wrong,
    "mfa-device": _device,
    "mfa-code": _code,
    "new-password": _password,
    "role-ended": _role_ended,
    "out-of-date": _out_of_date,
    "no-such-page": _signed_in("/nowhere"),
    "overview": _signed_in("/"),
    "menu": _menu,
    "switch": _signed_in("/switchRole.htm?parentAlias=company-a&roleName=ecs-admin"),
    "switch-refused": _refused_switch,
    "ecs": _switched("/ecs"),
    "refused": _switched("/rds"),
    "slb": _root("company-a", "/slb"),
    "oss": _root("company-a", "/oss"),
    "bucket": _bucket,
    "users": _root("company-b", "/ram/users"),
    "user": _root("company-b", "/ram/users/AAA"),
    "groups": _root("company-b", "/ram/groups"),
    "group": _root("company-b", "/ram/groups/operators"),
    "roles": _root("company-a", "/ram/roles"),
    "role": _role,
    "policies": _root("company-a", "/ram/policies"),
    "long-list": _root("company-a", "/ram/policies?type=System"),
    "findings": _findings,
    "control-sign-in": lambda visitor, _: visitor.go("/fake/sign-in"),
    "control": _control("/fake/"),
    "calls": _control("/fake/calls"),
    "sessions": _control("/fake/sessions"),
    "learned": _control(f"/fake/learned?principal=acs:ram::{OWNER}:assumed-role/ecs-admin/AAA"),
}
"""Name: how to come there."""
