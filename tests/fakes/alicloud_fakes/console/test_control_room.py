"""The control room: calls with their reasons, soft mode, faults, the clock, sessions, learned policies."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from console_scenario import DELEGATE, OWNER, TRUST, as_root, suspend

from alicloud_fakes import Cloud
from alicloud_fakes.console.apis import Apis
from alicloud_fakes.console.web.feed import Feed, SeenCall, sides
from alicloud_fakes.identity.session_tokens import TemporaryCredentials

ROLE = f"acs:ram::{OWNER}:role/ecs-admin"


@pytest.fixture
def feed(server: Any) -> Feed:
    return server.console.feed


def aaa(cloud: Cloud) -> Apis:
    """AAA, with an access key."""
    key = as_root(cloud, DELEGATE).call("ram", "CreateAccessKey", UserName="AAA").body["AccessKey"]
    return Apis(cloud, TemporaryCredentials(key["AccessKeyId"], key["AccessKeySecret"], "", ""), "127.0.0.1")


def last(feed: Feed) -> SeenCall:
    return feed.after(0)[-1]


def reasons_by_side(call: SeenCall) -> dict[str, tuple[bool, str]]:
    [judged] = call.judgements
    return {side.title: (side.allows, " / ".join(side.reasons)) for side in sides(judged)}


def test_the_stream_names_the_statement_that_allowed(browser: Any, feed: Feed) -> None:
    browser.sign_in()
    browser.switch()
    browser.get("/ecs")
    assert last(feed).outcome == "allowed"
    browser.open_control_room()
    page = browser.get("/fake/calls")
    assert f"Allow: statement 0 of AliyunECSFullAccess attached to {ROLE}" in page.text


def test_the_stream_names_the_statement_that_denied(browser: Any, cloud: Cloud, feed: Feed) -> None:
    browser.sign_in()
    browser.switch()
    suspend(cloud)
    browser.get("/ecs")
    call = last(feed)
    assert call.outcome == "denied"
    assert reasons_by_side(call)["Policies of the caller"] == (
        False,
        f"Deny: statement 0 of delegation-suspended attached to {ROLE}",
    )


@pytest.mark.parametrize(
    ("external_id", "expected"),
    [
        ("", (False, "the trust policy asks for agreed / the request carries none")),
        ("guess", (False, "the trust policy asks for agreed / the request carries guess")),
        ("agreed", (True, "the trust policy asks for agreed / the request carries agreed")),
    ],
)
def test_the_stream_tells_what_each_side_had_to_say(
    cloud: Cloud, feed: Feed, owner: Any, external_id: str, expected: tuple[bool, str]
) -> None:
    statement = {**TRUST["Statement"][0], "Condition": {"StringEquals": {"sts:ExternalId": "agreed"}}}
    trust = json.dumps({"Version": "1", "Statement": [statement]})
    assert owner.call("ram", "UpdateRole", RoleName="ecs-admin", NewAssumeRolePolicyDocument=trust).ok
    caller = aaa(cloud)
    answer = caller.call("sts", "AssumeRole", RoleArn=ROLE, RoleSessionName="AAA", ExternalId=external_id)
    assert answer.ok is (external_id == "agreed")
    found = reasons_by_side(last(feed))
    assert found["External ID"] == expected
    assert found["Policies of the caller"][0] is True
    assert found["Trust policy of the role"][0] is answer.ok


def test_the_stream_tells_which_side_of_an_assumption_was_missing(cloud: Cloud, feed: Feed, delegate: Any) -> None:
    caller = aaa(cloud)
    assert delegate.call("ram", "RemoveUserFromGroup", UserName="AAA", GroupName="operators").ok
    assert not caller.call("sts", "AssumeRole", RoleArn=ROLE, RoleSessionName="AAA").ok
    found = reasons_by_side(last(feed))
    assert found["Policies of the caller"][0] is False
    assert "Allow for sts:AssumeRole" in found["Policies of the caller"][1]
    assert found["Trust policy of the role"][0] is True
    assert "External ID" not in found


def test_a_refused_switch_is_in_the_stream(browser: Any, delegate: Any, feed: Feed) -> None:
    assert delegate.call("ram", "RemoveUserFromGroup", UserName="AAA", GroupName="operators").ok
    browser.sign_in()
    browser.switch()
    [call] = [one for one in feed.after(0) if one.record.action == "SwitchRole"]
    assert call.outcome == "denied"
    assert reasons_by_side(call)["Policies of the caller"][0] is False


@contextlib.contextmanager
def listening(browser: Any, path: str = "/fake/calls/events", **headers: str) -> Iterator[Iterator[str]]:
    with browser.http.get(browser.server.url + path, stream=True, timeout=30, headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines(decode_unicode=True)
        assert next(lines) == "retry: 1000"
        yield lines


def test_calls_arrive_while_they_happen(browser: Any, cloud: Cloud, feed: Feed) -> None:
    browser.open_control_room()
    with listening(browser) as lines:
        as_root(cloud, OWNER).call("ram", "ListRoles")
        event = [line for line, _ in zip(lines, range(4), strict=False)]
        assert f"id: {feed.last}" in event
        assert any("<tr" in line for line in event)
        rest = next(line for line in lines if "ram:ListRoles" in line)
        assert rest.startswith("data: ")


def test_every_browser_that_listens_gets_every_call_in_its_order(another: Any, cloud: Cloud, feed: Feed) -> None:
    browsers = [another() for _ in range(4)]
    with contextlib.ExitStack() as stack:
        streams = [stack.enter_context(listening(one.open_control_room())) for one in browsers]
        first = feed.last + 1
        for number in range(30):
            as_root(cloud, OWNER).call("ram", "GetUser" if number % 2 else "ListRoles", UserName="nobody")
        wanted = [f"id: {first + number}" for number in range(30)]
        for lines in streams:
            assert [next(line for line in lines if line.startswith("id: ")) for _ in wanted] == wanted


def test_a_row_of_the_stream_is_made_once_however_many_listen(server: Any, cloud: Cloud, feed: Feed) -> None:
    as_root(cloud, OWNER).call("ram", "ListRoles")
    (call,) = feed.after(feed.last - 1)
    row = server.console.row(call)
    assert "ram:ListRoles" in row
    assert server.console.row(call) is row


def test_a_browser_that_lost_the_stream_gets_what_it_missed(browser: Any, cloud: Cloud, feed: Feed) -> None:
    browser.open_control_room()
    seen = feed.last
    for action in ("ListRoles", "ListUsers"):
        as_root(cloud, OWNER).call("ram", action)
    with listening(browser, **{"last-event-id": str(seen)}) as lines:
        ids = [next(line for line in lines if line.startswith("id: ")) for _ in range(2)]
    assert ids == [f"id: {seen + 1}", f"id: {seen + 2}"]


def test_the_stream_ends_when_the_control_room_is_closed(browser: Any, cloud: Cloud) -> None:
    browser.open_control_room()
    form = next(one for one in browser.page.forms if one.action == "/fake/leave")
    with listening(browser) as lines:
        requests.post(
            browser.server.url + "/fake/leave",
            form.fields,
            headers={"origin": browser.server.url},
            cookies=browser.http.cookies.get_dict(),
            timeout=30,
        )
        as_root(cloud, OWNER).call("ram", "ListRoles")
        assert not any("ram:ListUsers" in line for line in lines)


def enforce(browser: Any, mode: str) -> Any:
    browser.open_control_room()
    return browser.get("/fake/").submit("/fake/enforcement", enforcement=mode)


def test_soft_mode_lets_pass_and_says_what_would_have_been_refused(browser: Any, feed: Feed) -> None:
    assert "Permissions: soft." in enforce(browser, "soft").text
    browser.sign_in()
    assert browser.get("/rds").status == 200
    assert last(feed).outcome == "let pass"
    assert "would" not in browser.text
    page = browser.get("/fake/calls")
    assert "let pass" in page.text
    enforce(browser, "on")
    assert browser.get("/rds").status == 403


def test_enforcement_off_judges_no_call(browser: Any, feed: Feed) -> None:
    enforce(browser, "off")
    browser.sign_in()
    assert browser.get("/rds").status == 200
    assert last(feed).judgements == ()


def test_an_enforcement_that_does_not_exist(browser: Any, cloud: Cloud) -> None:
    page = enforce(browser, "maybe")
    assert page.status == 400
    assert cloud.enforcement == "on"


def test_the_control_room_moves_the_clock(browser: Any, cloud: Cloud) -> None:
    browser.open_control_room()
    form = next(one for one in browser.page.forms if one.action == "/fake/clock").fields["csrf"]
    page = browser.post("/fake/clock", {"csrf": form, "do": "set", "to": "2030-01-01T00:00:00"})
    assert "The cloud's time is now 2030-01-01T00:00:00Z" in page.text
    browser.post("/fake/clock", {"csrf": form, "do": "freeze"})
    browser.post("/fake/clock", {"csrf": form, "do": "advance", "seconds": "3600"})
    assert cloud.clock.stamp().startswith("2030-01-01T01:00:0")
    for wrong in ({"do": "set", "to": "tomorrow"}, {"do": "advance", "seconds": "1e99"}, {"do": "nothing"}):
        page = browser.post("/fake/clock", {"csrf": form, **wrong})
        assert page.status == 400
        assert "The clock was not moved" in page.text
    page = browser.post("/fake/clock", {"csrf": form, "do": "set", "to": ""})
    assert "to: '' cannot be read. Fix: give 2026-11-26T20:39:26, in UTC." in page.text
    browser.post("/fake/clock", {"csrf": form, "do": "reset"})
    assert abs(cloud.clock.offset) < 1


def test_a_moved_clock_ends_a_session(browser: Any, another: Any) -> None:
    user = another()
    user.sign_in()
    user.switch()
    browser.open_control_room()
    form = next(one for one in browser.page.forms if one.action == "/fake/clock").fields
    browser.post("/fake/clock", {**form, "do": "advance", "seconds": "3601"})
    assert "The session of the role has ended" in user.get("/ecs").text


def test_faults_are_added_and_removed(browser: Any, cloud: Cloud) -> None:
    browser.open_control_room()
    page = browser.submit("/fake/faults", kind="throttling", action="ecs:*", next="2")
    assert "The fault was added." in page.text
    assert [(one.kind, one.action, one.next) for one in cloud.faults.list()] == [("throttling", "ecs:*", 2)]
    page = browser.submit("/fake/faults", kind="throttling", action="ecs:*", next="-1")
    assert page.status == 400
    page = browser.submit("/fake/faults", kind="throttling", action="ecs:*", next="1e9")
    assert "'1e9' is not a count of calls. Fix: give a whole number from 1 on" in page.text
    page = browser.submit("/fake/faults", kind="flood", action="ecs:*", next="")
    assert page.status == 400
    browser.get("/fake/").submit("/fake/faults/clear")
    assert cloud.faults.list() == []


def test_the_control_room_lists_open_sessions(browser: Any, cloud: Cloud, another: Any) -> None:
    user = another()
    user.sign_in()
    user.switch()
    user.get("/ecs")
    caller = aaa(cloud)
    assert caller.call("sts", "AssumeRole", RoleArn=ROLE, RoleSessionName="cli", DurationSeconds="900").ok
    browser.open_control_room()
    page = browser.get("/fake/sessions")
    assert f"{ROLE} cli acs:ram::{DELEGATE}:user/AAA" in page.text
    assert f"{ROLE} AAA console acs:ram::{DELEGATE}:user/AAA" in page.text
    assert "ecs:DescribeInstances" in page.text
    assert f"AAA of {DELEGATE} yes, in {OWNER}" in page.text
    cloud.clock.advance(901)
    assert " cli " not in browser.get("/fake/sessions").text


def test_the_learned_policy_is_what_was_called(browser: Any, another: Any) -> None:
    user = another()
    user.sign_in()
    user.switch()
    user.get("/ecs")
    browser.open_control_room()
    who = f"acs:ram::{OWNER}:assumed-role/ecs-admin/AAA"
    page = browser.get(f"/fake/learned?principal={who}")
    document = json.loads(page.text.partition("called ")[2].partition("A fake for tests")[0])
    assert document["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "ecs:DescribeInstances",
            "Resource": f"acs:ecs:cn-hangzhou:{OWNER}:instance/*",
        }
    ]
    assert "has called nothing that needs a permission" in browser.get("/fake/learned?principal=nobody").text


def test_forgetting_the_calls(browser: Any, cloud: Cloud, feed: Feed) -> None:
    browser.sign_in()
    browser.open_control_room()
    browser.get("/fake/calls")
    browser.submit("/fake/calls/forget")
    assert feed.after(0) == []
    assert list(cloud.calls.records) == []


def test_a_stopped_console_watches_no_more(cloud: Cloud, server: Any) -> None:
    server.stop()
    as_root(cloud, OWNER).call("ram", "ListRoles")
    assert server.console.feed.after(0) == []
    assert cloud.on_judged == []


def test_judgements_without_a_call_do_not_pile_up(cloud: Cloud, server: Any) -> None:
    root = as_root(cloud, OWNER)
    root.call("ram", "ListRoles")
    judged = server.console.feed.after(0)[-1].judgements[0]
    feed = Feed()
    for number in range(1000):
        feed.judged(type(judged)(f"{number}", judged.request, judged.decision))
    assert len(feed._judged) <= 200
