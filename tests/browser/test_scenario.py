"""The scenario, clicked through: from signing in to being refused; with a mouse, and with a keyboard alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from console_scenario import DELEGATE, OWNER, PASSWORD, as_root, suspend
from playwright.sync_api import expect

from alicloud_fakes import Cloud
from alicloud_fakes.identity import totp


def test_the_scenario_clicked_through(visitor: Any, cloud: Cloud) -> None:
    page = visitor.sign_in().page
    expect(page.locator(".who-name")).to_have_text("AAA@company-b")
    visitor.switch()
    expect(page.locator(".who-name")).to_have_text("ecs-admin@company-a")
    expect(page.locator(".acting")).to_contain_text("AAA@company-b acts as ecs-admin@company-a")
    page.get_by_role("link", name="ECS instances").click()
    row = page.get_by_role("row", name="web-1")
    expect(row).to_contain_text("Running")
    row.get_by_role("button", name="Stop").click()
    expect(row).to_contain_text("Stopped")
    expect(page.get_by_role("status")).to_contain_text("was stopped")
    row.get_by_role("button", name="Start").click()
    expect(row).to_contain_text("Running")
    expect(page.locator("details.calls")).to_contain_text("ecs:StartInstance")
    visitor.refusals |= {"/rds", "/slb"}
    page.get_by_role("link", name="RDS databases").click()
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("Forbidden.RAM")
    expect(refusal).to_contain_text("would need an Allow statement for rds:DescribeDBInstances")
    page.get_by_role("link", name="SLB load balancers").click()
    expect(page.get_by_role("alert")).to_contain_text("slb:DescribeLoadBalancers")
    page.get_by_role("link", name="ECS instances").click()
    suspend(cloud)
    # Wait for both: the request that htmx sends, and the next page.
    [instance] = [one for one in cloud.account(OWNER).ecs.instances.values() if one.name == "web-2"]
    visitor.refusals |= {"/ecs", f"/ecs/{instance.id}/stop"}
    page.get_by_role("row", name="web-2").get_by_role("button", name="Stop").click()
    expect(page.get_by_role("alert")).to_contain_text("A Deny statement in the policies attached to ecs-admin:AAA")
    assert instance.status == "Running"
    page.get_by_role("link", name="ECS instances").click()
    expect(page.get_by_role("alert")).to_contain_text("ExplicitDeny")
    page.get_by_role("button", name="Switch back").first.click()
    expect(page.locator(".who-name")).to_have_text("AAA@company-b")
    page.locator("details.who summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    visitor.go("/ecs")
    expect(page).to_have_url(re.compile("/login.htm$"))


def press_tab_until(visitor: Any, selector: str, limit: int = 60) -> None:
    """Reach an element with the Tab key, as a user without a mouse does; each focus on the way must be visible."""
    page = visitor.page
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid", f"no visible focus on {visitor.focused}"
            return
    raise AssertionError(f"{selector} was not reached with {limit} tabs; the focus is on {visitor.focused}")


def sign_in_by_keyboard(visitor: Any) -> None:
    page, keys = visitor.go("/").page, visitor.page.keyboard
    expect(page.locator("#account")).to_be_focused()
    keys.type("company-b")
    press_tab_until(visitor, "#user")
    keys.type("AAA")
    press_tab_until(visitor, "#password")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.locator(".who-name")).to_have_text("AAA@company-b")


def test_the_scenario_with_the_keyboard_alone(visitor: Any, cloud: Cloud) -> None:
    sign_in_by_keyboard(visitor)
    page, keys = visitor.page, visitor.page.keyboard
    keys.press("Tab")
    assert "Skip to the content" in visitor.focused
    keys.press("Enter")
    expect(page.locator("main")).to_be_focused()
    visitor.go("/")
    press_tab_until(visitor, "details.who summary")
    keys.press("Enter")
    keys.press("Escape")
    expect(page.locator("details.who")).not_to_have_attribute("open", "")
    keys.press("Enter")
    press_tab_until(visitor, '.menu a[href="/switchRole.htm"]')
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Switch Identity")).to_be_visible()
    expect(page.locator("#account")).to_be_focused()
    keys.type("company-a")
    press_tab_until(visitor, "#role")
    keys.type("ecs-admin")
    keys.press("Enter")
    expect(page.locator(".who-name")).to_have_text("ecs-admin@company-a")
    press_tab_until(visitor, '.side a[href="/ecs"]')
    keys.press("Enter")
    expect(page.get_by_role("heading", name="ECS instances")).to_be_visible()
    [instance] = [one for one in cloud.account(OWNER).ecs.instances.values() if one.name == "web-1"]
    button = f"#power-{instance.id}"
    press_tab_until(visitor, button)
    keys.press("Enter")
    expect(page.locator(button)).to_contain_text("Start")
    expect(page.locator(button)).to_be_focused()
    keys.press("Enter")
    expect(page.locator(button)).to_contain_text("Stop")
    visitor.refusals.add("/rds")
    visitor.go("/ecs")
    press_tab_until(visitor, '.side a[href="/rds"]')
    keys.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    press_tab_until(visitor, ".acting button")
    keys.press("Enter")
    expect(page.locator(".who-name")).to_have_text("AAA@company-b")
    press_tab_until(visitor, "details.who summary")
    keys.press("Enter")
    press_tab_until(visitor, '.menu form[action="/sign-out"] button')
    keys.press("Enter")
    expect(page.get_by_role("status")).to_have_text("You are signed out.")


def test_a_device_is_bound_and_used(visitor: Any, cloud: Cloud) -> None:
    root = as_root(cloud, DELEGATE)
    assert root.call(
        "ram", "UpdateLoginProfile", UserName="AAA", MFABindRequired="true", PasswordResetRequired="true"
    ).ok
    page = visitor.sign_in().page
    page.get_by_label("New password", exact=True).fill("Chosen-by-AAA-1")
    page.get_by_label("New password again").fill("Chosen-by-AAA-1")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    seed = visitor.bind_device(cloud)
    expect(page.locator(".who-name")).to_have_text("AAA@company-b")
    page.locator("details.who summary").click()
    page.get_by_role("button", name="Sign out").click()
    cloud.clock.advance(60)
    visitor.sign_in(password="Chosen-by-AAA-1")
    page.get_by_label("Code").fill(totp.code_at(seed, cloud.clock.time()))
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".who-name")).to_have_text("AAA@company-b")


def test_going_back_after_signing_out_shows_nothing(visitor: Any) -> None:
    page = visitor.sign_in().switch().page
    visitor.go("/ecs")
    expect(page.get_by_role("row", name="web-1")).to_be_visible()
    page.locator("details.who summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    for _ in range(3):
        page.go_back()
        expect(page.get_by_role("heading", name="Sign in as a RAM user")).to_be_visible()
        expect(page.get_by_text("web-1")).to_have_count(0)


def test_a_tab_left_open_cannot_act_for_another_identity(visitor: Any, cloud: Cloud) -> None:
    page = visitor.sign_in().switch().page
    visitor.go("/ecs")
    left = page.context.new_page()
    left.goto(visitor.url + "/ecs")
    page.get_by_role("button", name="Switch back").first.click()
    expect(page.locator(".who-name")).to_have_text("AAA@company-b")
    left.get_by_role("row", name="web-1").get_by_role("button", name="Stop").click()
    expect(left.get_by_text("The form is out of date.")).to_be_visible()
    expect(left.locator(".who-name")).to_have_text("AAA@company-b")
    expect(left.locator("header.top")).to_have_count(1)
    assert {one.status for one in cloud.account(OWNER).ecs.instances.values()} == {"Running"}


def test_a_click_after_the_session_of_the_role_has_ended_leads_back_to_the_user(visitor: Any, cloud: Cloud) -> None:
    page = visitor.sign_in().switch().page
    visitor.go("/ecs")
    cloud.clock.advance(3601)
    visitor.refusals.add("/ecs")
    page.get_by_role("row", name="web-1").get_by_role("button", name="Stop").click()
    expect(page.get_by_role("heading", name="The session of the role has ended")).to_be_visible()
    page.get_by_role("button", name="Switch back").click()
    expect(page.locator(".who-name")).to_have_text("AAA@company-b")


def test_the_menu_is_in_reach_on_a_narrow_screen(visitors: Any) -> None:
    visitor = visitors(viewport={"width": 320, "height": 640})
    page = visitor.sign_in().switch().page
    expect(page.locator(".who-name")).to_have_text("ecs-admin@company-a")
    page.locator("details.who summary").click()
    page.get_by_role("button", name="Sign out").click(trial=True)
    page.locator(".menu").get_by_role("button", name="Switch back").click()
    expect(page.locator(".who-name")).to_have_text("AAA@company-b")


def test_without_scripts_the_whole_scenario_works(visitors: Any) -> None:
    visitor = visitors(java_script_enabled=False)
    page = visitor.sign_in().switch().page
    visitor.go("/ecs")
    page.get_by_role("row", name="web-1").get_by_role("button", name="Stop").click()
    expect(page.get_by_role("row", name="web-1")).to_contain_text("Stopped")
    expect(page.get_by_role("status")).to_contain_text("was stopped")


def test_live_calls_arrive_in_the_open_page(visitors: Any) -> None:
    watcher, user = visitors(), visitors()
    watcher.open_control_room().go("/fake/calls")
    page = watcher.page
    expect(page.locator("#stream-state")).to_have_text("live")
    user.sign_in().switch().refused("/rds")
    first = page.locator("#stream tr").first
    expect(first).to_contain_text("rds:DescribeDBInstances")
    expect(first).to_contain_text("denied")
    expect(first).to_contain_text("Allow for rds:DescribeDBInstances")
    page.get_by_label("Show only calls with").fill("SwitchRole")
    expect(page.locator("#stream tr:visible")).to_have_count(1)
    expect(page.locator("#stream tr:visible")).to_contain_text("Trust policy of the role")
    page.get_by_label("Show only calls with").fill("")
    page.get_by_role("button", name="Pause").click()
    user.go("/ecs")
    expect(first).to_contain_text("rds:DescribeDBInstances")
    page.get_by_role("button", name="Go on").click()
    expect(first).to_contain_text("ecs:DescribeInstances")


def test_the_control_room_in_a_persons_hands(visitors: Any, cloud: Cloud) -> None:
    user, room = visitors(), visitors()
    user.sign_in().switch().refused("/rds")
    expect(user.page.get_by_role("alert")).to_be_visible()
    page = room.open_control_room().page
    page.get_by_label("soft").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("status")).to_have_text("Permissions: soft.")
    user.go("/rds")
    expect(user.page.get_by_role("row", name="orders")).to_be_visible()
    room.go("/fake/calls")
    expect(page.locator("#stream tr").first).to_contain_text("let pass")
    page.get_by_role("link", name="Learned policies").click()
    page.get_by_label("Principal").select_option(f"acs:ram::{OWNER}:assumed-role/ecs-admin/AAA")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("figure pre")).to_contain_text("rds:DescribeDBInstances")
    page.get_by_role("link", name="Controls").click()
    page.get_by_label("Kind").select_option("throttling")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("row", name="throttling")).to_contain_text("next 1")
    user.refused("/ecs")
    expect(user.page.get_by_role("alert")).to_contain_text("Throttling.User")
    user.go("/ecs")
    expect(user.page.get_by_role("row", name="web-1")).to_be_visible()
    later = datetime.fromtimestamp(cloud.clock.time() + 7200, UTC)
    page.get_by_label("Set to").fill(f"{later:%Y-%m-%dT%H:%M:%S}")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text(f"{later:%Y-%m-%dT%H:%M}")
    user.go("/ecs")
    expect(user.page.get_by_role("heading", name="The session of the role has ended")).to_be_visible()
