"""Pages of the products and of RAM: what they show, which calls they make, and how they are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from console_scenario import DELEGATE, OWNER, as_root, put_reports

from alicloud_fakes import Cloud
from alicloud_fakes.pipeline.faults import Fault, FaultKind

PAGES = {
    "/": "sts:GetCallerIdentity",
    "/ecs": "ecs:DescribeInstances",
    "/rds": "rds:DescribeDBInstances",
    "/slb": "slb:DescribeLoadBalancers",
    "/oss": "oss:ListBuckets",
    "/oss/reports": "oss:ListObjects",
    "/ram/users": "ram:ListUsers",
    "/ram/users/AAA": "ram:GetUser",
    "/ram/groups": "ram:ListGroups",
    "/ram/groups/operators": "ram:GetGroup",
    "/ram/roles": "ram:ListRoles",
    "/ram/roles/ecs-admin": "ram:GetRole",
    "/ram/policies": "ram:ListPolicies",
    "/ram/policies?type=System": "ram:ListPolicies",
    "/ram/policies/System/AliyunECSFullAccess": "ram:GetPolicy",
}


@pytest.fixture
def web(cloud: Cloud) -> str:
    """ID of the first server."""
    return next(iter(cloud.account(OWNER).ecs.instances))


@pytest.mark.parametrize(("path", "call"), PAGES.items())
def test_every_page_shows_the_calls_that_it_made(browser: Any, cloud: Cloud, path: str, call: str) -> None:
    browser.open_root(DELEGATE if "AAA" in path or "operators" in path else OWNER)
    before = len(cloud.calls.records)
    page = browser.get(path)
    made = [f"{one.service}:{one.action}" for one in list(cloud.calls.records)[before:]]
    assert made[0] == call
    assert all(one in page.text for one in made)
    assert f"API calls of this page {len(made)}" in page.text
    assert all(one.request_id in page.html for one in list(cloud.calls.records)[before:])


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/"])
def test_a_page_without_permission_says_what_is_missing(browser: Any, path: str) -> None:
    browser.sign_in()
    page = browser.get(path)
    if path == "/oss/reports":
        assert (page.status, "NoSuchBucket" in page.text) == (404, True)
        return
    assert page.status == 403
    assert "Access denied" in page.text
    assert f"would need an Allow statement for {PAGES[path]}" in page.text.replace("oss:ListBuckets", PAGES["/oss"])
    assert "AuthPrincipalOwnerId 12345678" in page.text
    assert "NoPermissionType ImplicitDeny" in page.text
    level = "ResourceGroup" if path == "/oss" else "Account"  # unconfirmed: what a plain denial of OSS names
    assert f"PolicyType {level}LevelIdentityBasedPolicy" in page.text


def test_a_refusal_is_in_the_words_of_the_product(browser: Any) -> None:
    browser.sign_in()
    browser.switch()
    page = browser.get("/rds")
    assert "Forbidden.RAM User not authorized to operate on the specified resource" in page.text
    assert '"Action": "rds:DescribeDBInstances"' in page.page.text


def test_servers_are_listed_stopped_and_started(browser: Any, cloud: Cloud, web: str) -> None:
    browser.sign_in()
    browser.switch()
    page = browser.get("/ecs")
    assert "web-1" in page.text
    assert "web-2" in page.text
    page = browser.submit(f"/ecs/{web}/stop")
    assert f"{web} was stopped." in page.text
    assert cloud.account(OWNER).ecs.instances[web].status == "Stopped"
    page = browser.submit(f"/ecs/{web}/start")
    assert f"{web} was started." in page.text
    assert cloud.account(OWNER).ecs.instances[web].status == "Running"


def test_a_refused_stop_says_why_beside_the_list(browser: Any, cloud: Cloud, owner: Any, web: str) -> None:
    read = "AliyunECSReadOnlyAccess"
    for verb, name in (("AttachPolicyToRole", read), ("DetachPolicyFromRole", "AliyunECSFullAccess")):
        assert owner.call("ram", verb, PolicyType="System", PolicyName=name, RoleName="ecs-admin").ok
    browser.sign_in()
    browser.switch()
    browser.get("/ecs")
    page = browser.submit(f"/ecs/{web}/stop")
    assert page.status == 403
    assert "would need an Allow statement for ecs:StopInstance" in page.text
    assert "web-1" in page.text
    assert cloud.account(OWNER).ecs.instances[web].status == "Running"


def test_htmx_gets_the_table_alone(browser: Any, web: str) -> None:
    browser.sign_in()
    browser.switch()
    page = browser.get("/ecs")
    page = browser.submit(f"/ecs/{web}/stop", {"hx-request": "true"})
    assert page.html.lstrip().startswith('<div id="instances">')
    assert "<html" not in page.html
    assert f"{web} was stopped." in page.text


def test_htmx_loads_the_whole_page_when_there_is_no_table_to_show(browser: Any, cloud: Cloud, web: str) -> None:
    """Cases: a form of an earlier session, and one of a session that has ended; never a page inside the page."""
    htmx = {"hx-request": "true"}
    browser.sign_in()
    browser.switch()
    stale = next(one for one in browser.get("/ecs").page.forms if one.action.endswith(f"{web}/stop"))
    browser.submit("/switch-back")
    page = browser.post(stale.action, stale.fields, htmx)
    assert (page.status, page.response.headers["hx-refresh"], page.html) == (204, "true", "")
    assert "The form is out of date" in browser.get("/").text
    assert cloud.account(OWNER).ecs.instances[web].status == "Running"
    browser.switch()
    open_ = next(one for one in browser.get("/ecs").page.forms if one.action.endswith(f"{web}/stop"))
    cloud.clock.advance(3601)
    page = browser.post(open_.action, open_.fields, htmx)
    assert (page.status, page.response.headers["hx-refresh"]) == (204, "true")
    cloud.clock.advance(6 * 3600)
    browser.get("/ecs").submit("/switch-back")
    browser.sign_in()
    csrf = browser.get("/ecs").page.forms[0].fields
    cloud.clock.advance(6 * 3600 + 1)
    page = browser.post(open_.action, csrf, htmx)
    assert (page.status, page.response.headers["hx-redirect"]) == (204, "/login.htm")


def test_htmx_is_sent_to_the_sign_in_page_when_the_session_is_gone(browser: Any) -> None:
    page = browser.get("/ecs", **{"hx-request": "true"})
    assert (page.status, page.response.headers["hx-redirect"]) == (204, "/login.htm")


def test_another_region_has_other_servers(browser: Any, cloud: Cloud) -> None:
    cloud.account(OWNER).ecs.run("far", region="eu-central-1")
    browser.open_root(OWNER)
    page = browser.get("/ecs?region=eu-central-1")
    assert "far" in page.text
    assert "web-1" not in page.text
    assert "InvalidRegionId" in browser.get("/ecs?region=nowhere-1").text
    assert "web-1" in browser.get("/ecs?region=%3Cscript%3E").text, "what is not a region is the first one"


def test_databases_and_load_balancers(browser: Any) -> None:
    browser.open_root(OWNER)
    assert "orders" in browser.get("/rds").text
    assert "front" in browser.get("/slb").text


@pytest.mark.parametrize(
    ("kind", "words"),
    [("throttling", "Throttling.User"), ("unavailable", "ServiceUnavailable"), ("lost-answer", "NoAnswer")],
)
def test_a_fault_is_shown_and_not_hidden(browser: Any, cloud: Cloud, kind: str, words: str) -> None:
    browser.open_root(OWNER)
    cloud.faults.add(Fault(FaultKind(kind), action="ecs:DescribeInstances", next=1))
    page = browser.get("/ecs")
    assert "The call failed" in page.text
    assert words in page.text
    assert "web-1" in browser.get("/ecs").text


def test_the_page_of_a_user_shows_login_groups_and_keys(browser: Any, delegate: Any) -> None:
    assert delegate.call("ram", "CreateAccessKey", UserName="AAA").ok
    browser.open_root(DELEGATE)
    page = browser.get("/ram/users/AAA")
    assert "may sign in" in page.text
    assert "operators" in page.text
    key = next(iter(delegate.cloud.account(DELEGATE).ram.users.get("AAA").keys.values()))
    assert key.id in page.text
    assert key.secret not in page.html


def test_a_policy_s_page_has_the_findings_beside_the_lines(browser: Any, owner: Any) -> None:
    document = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": ["ecs:StopInstace", "*"], "Resource": "*"}]}
    assert owner.call("ram", "CreatePolicy", PolicyName="odd", PolicyDocument=json.dumps(document)).ok
    browser.open_root(OWNER)
    page = browser.get("/ram/policies/Custom/odd")
    assert "finding" in page.text
    assert "Security warning: Allow everything." in page.text
    line = next(part for part in page.html.split("<li>") if "ecs:StopInstace" in part)
    assert "finding" in line, "the finding stands under its line"


def test_a_role_s_page_says_who_can_assume_it_and_which_sessions_are_open(browser: Any, another: Any) -> None:
    aaa = another()
    aaa.sign_in()
    aaa.switch()
    aaa.get("/ecs")
    browser.open_root(OWNER)
    page = browser.get("/ram/roles/ecs-admin")
    assert f"The trust policy lets in account {DELEGATE}." in page.text
    assert f"user AAA of company-b ({DELEGATE}) group operators (assume-ecs-admin)" in page.text
    assert f"AAA console acs:ram::{DELEGATE}:user/AAA" in page.text
    assert "ecs:DescribeInstances" in page.text


def test_members_of_other_accounts_are_shown_to_root_only(browser: Any, owner: Any) -> None:
    assert owner.call("ram", "CreateUser", UserName="auditor").ok
    assert owner.call("ram", "CreateLoginProfile", UserName="auditor", Password="Auditor-Password-1").ok
    assert owner.call(
        "ram", "AttachPolicyToUser", PolicyType="System", PolicyName="AliyunRAMReadOnlyAccess", UserName="auditor"
    ).ok
    browser.sign_in("auditor", "Auditor-Password-1", "company-a")
    page = browser.get("/ram/roles/ecs-admin")
    assert f"The trust policy lets in account {DELEGATE}." in page.text
    assert "user AAA" not in page.text


def test_a_detached_policy_counts_from_the_next_click(browser: Any, another: Any) -> None:
    aaa = another()
    aaa.sign_in()
    aaa.switch()
    assert aaa.get("/ecs").status == 200
    browser.open_root(OWNER)
    browser.get("/ram/roles/ecs-admin")
    page = browser.submit("/ram/roles/ecs-admin/detach")
    assert "AliyunECSFullAccess was detached." in page.text
    assert aaa.get("/ecs").status == 403
    page = browser.submit("/ram/roles/ecs-admin/attach", policy="AliyunECSFullAccess", type="System")
    assert "AliyunECSFullAccess was attached." in page.text
    assert aaa.get("/ecs").status == 200


@pytest.mark.parametrize("path", PAGES)
def test_every_page_shows_the_call_that_it_made_also_when_it_was_refused(browser: Any, cloud: Cloud, path: str) -> None:
    browser.sign_in()
    for _ in range(2):
        page = browser.get(path)
        last = cloud.calls.records[-1]
        shown = page.html.partition("API calls of this page")[2]
        assert PAGES[path] in shown
        assert last.request_id in shown
        assert str(last.status) in shown
        browser.open_root(OWNER)


def test_the_page_after_a_form_shows_the_call_of_the_form_once(browser: Any, web: str) -> None:
    browser.open_root(OWNER)
    browser.get("/ecs")
    page = browser.submit(f"/ecs/{web}/stop")
    assert f"ecs:StopInstance InstanceId={web} 200" in page.text
    assert "ecs:StopInstance" not in browser.get("/ecs").text
    browser.get("/ram/roles/ecs-admin")
    page = browser.submit("/ram/roles/ecs-admin/detach")
    assert (
        "ram:DetachPolicyFromRole PolicyType=System PolicyName=AliyunECSFullAccess RoleName=ecs-admin 200" in page.text
    )


@pytest.mark.parametrize("letter", ["\N{LINE SEPARATOR}", "\x85", "\x0b", "\N{PARAGRAPH SEPARATOR}"])
def test_a_finding_stands_under_its_line_whatever_letters_are_above(browser: Any, owner: Any, letter: str) -> None:
    tagged = {"StringEquals": {"acs:ResourceTag/team": f"a{letter}b"}}
    statements = [
        {"Effect": "Allow", "Action": "ecs:StartInstance", "Resource": "*", "Condition": tagged},
        {"Effect": "Allow", "Action": ["ecs:StopInstace"], "Resource": "*"},
    ]
    document = json.dumps({"Version": "1", "Statement": statements}, ensure_ascii=False)
    assert owner.call("ram", "CreatePolicy", PolicyName="odd", PolicyDocument=document).ok
    browser.open_root(OWNER)
    page = browser.get("/ram/policies/Custom/odd")
    line = next(part for part in page.html.split("<li>") if "Unknown action" in part)
    assert "&#34;ecs:StopInstace&#34;" in line
    assert f"a\\u{ord(letter):04x}b" in page.html


def test_a_change_without_permission_is_refused_by_the_api(browser: Any, cloud: Cloud) -> None:
    browser.sign_in()
    browser.switch()
    browser.get("/ecs")
    csrf = browser.page.forms[-1].fields["csrf"]
    page = browser.post(
        "/ram/roles/ecs-admin/detach", {"csrf": csrf, "policy": "AliyunECSFullAccess", "type": "System"}
    )
    assert page.status == 403
    assert "ram:DetachPolicyFromRole" in page.text
    role = cloud.account(OWNER).ram.roles.get("ecs-admin")
    assert role is not None
    assert len(role.grants) == 1


def test_buckets_and_objects(browser: Any, cloud: Cloud) -> None:
    put_reports(cloud, "2026/november & december.csv")
    browser.open_root(OWNER)
    assert "reports" in browser.get("/oss").text
    assert "2026/november & december.csv" in browser.get("/oss/reports").text


def test_any_key_of_an_object_is_shown_as_it_is(browser: Any, cloud: Cloud) -> None:
    keys = ["a\x01b", "x%2Fy", "<script>alert(1)</script>", "]]>&amp;", "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe", "é漢💩"]
    put_reports(cloud, *keys, *(f"b{number:03}%0A" for number in range(100)))
    browser.open_root(OWNER)
    page = browser.get("/oss/reports").text
    (following,) = [given["href"] for _, given in browser.page.tags if given.get("rel") == "next"]
    page += browser.get(f"/oss/reports{following}").text
    for shown in ("a\\u0001b", "x%2Fy", "<script>alert(1)</script>", "]]>&amp;", "\\u202egpj.exe", "é漢💩", "b099%0A"):
        assert page.count(shown) == 1, shown


def test_pages_of_what_does_not_exist(browser: Any) -> None:
    browser.open_root(OWNER)
    assert browser.get("/nope").status == 404
    for path in ("/ram/users/nobody", "/ram/roles/nothing", "/ram/policies/Custom/none"):
        page = browser.get(path)
        assert page.status == 404
        assert "EntityNotExist" in page.text


def test_the_console_sees_what_the_api_changes_at_once(browser: Any, cloud: Cloud) -> None:
    browser.open_root(DELEGATE)
    assert "BBB" not in browser.get("/ram/users").text
    assert as_root(cloud, DELEGATE).call("ram", "CreateUser", UserName="BBB").ok
    assert "BBB" in browser.get("/ram/users").text
