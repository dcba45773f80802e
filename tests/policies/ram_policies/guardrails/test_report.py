"""The stack report: what it compares, and its message when it cannot."""

import json

import pytest

from ram_guardrails_pack.testing import (
    UNKNOWN,
    attach,
    group,
    member,
    policy,
    provider,
    resource,
    role,
    trust_document,
    user,
)
from ram_policies.build import allow, document, trust
from ram_policies.errors import InvalidInputError
from ram_policies.guardrails.report import report
from ram_policies.guardrails.report_settings import ReportSettings, StateSources

A, B = provider("11223344", "a"), provider("12345678", "b")
OPS = role("ops", trust_document(trust("acs:ram::12345678:root")), A)
AAA, TEAM = user("AAA", B), group("team", B)
ASSUME = policy("assume", document(allow("sts:AssumeRole", "acs:ram:*:11223344:role/ops")), B)
WHOLE = (OPS, attach(OPS, "AliyunECSFullAccess"), AAA, TEAM, member(TEAM, AAA), ASSUME, attach(TEAM, ASSUME))


def known(properties):
    return {name: value for name, value in properties.items() if value is not UNKNOWN}


def exported(*resources):
    """Output that `pulumi stack export` would print for resources."""
    entries = [
        {"urn": f.provider.urn, "type": "pulumi:providers:alicloud", "inputs": known(f.provider.properties)}
        for f in resources
    ]
    entries += [
        {"urn": f.urn, "type": f.type, "provider": f"{f.provider.urn}::id", "outputs": known(f.properties)}
        for f in resources
    ]
    return json.dumps({"version": 3, "deployment": {"resources": entries}})


def report_text(deployed, after, **settings):
    asked = []

    def export(urn):
        asked.append(urn.split("::")[0])
        return exported(*deployed)

    text = report(
        after, ReportSettings(**settings), StateSources(export, lambda name: {"state.json": exported(*deployed)}[name])
    )
    assert asked in ([], ["urn:pulumi:test"])
    return text


def test_everything_is_new_at_first():
    text = report_text((), WHOLE)
    assert "+ role ops of 11223344 may do ecs:*" in text
    assert "+ user AAA of 12345678 can assume role ops of 11223344 without conditions" in text
    assert "+ role ops of 11223344 trusts account 12345678" in text
    assert "\n-" not in text


def test_nothing_is_said_about_nothing():
    assert report_text(WHOLE, WHOLE) == ""
    assert report_text((), ()) == ""


def test_access_that_is_removed_is_reported():
    text = report_text(WHOLE, [f for f in WHOLE if "member" not in f.type and "userGroupAttachment" not in f.type])
    assert set(text.splitlines()) == {
        "- user AAA of 12345678 can no longer assume role ops of 11223344 without conditions",
        "- user AAA of 12345678 may no longer do sts:AssumeRole on acs:ram:*:11223344:role/ops (assume)",
    }


def test_less_and_more_are_told_apart():
    narrow = (OPS, attach(OPS, "AliyunECSReadOnlyAccess"))
    text = report_text((OPS, attach(OPS, "AliyunRDSReadOnlyAccess")), narrow)
    assert {line[0] for line in text.splitlines()} == {"+", "-"}


def test_the_report_says_that_a_document_is_not_known():
    unread = policy("p", UNKNOWN, A)
    text = report_text((OPS,), (OPS, unread, attach(OPS, unread)))
    assert "? role ops of 11223344 may gain whatever p will say" in text


def test_two_accounts_that_are_not_known_are_never_taken_for_one():
    nowhere, elsewhere = provider(name="x"), provider(name="y")
    text = report_text((), (role("ops", OPS.text("assumeRolePolicyDocument"), nowhere), user("AAA", elsewhere)))
    assert "the account of provider x" in text
    assert "accountsOfProviders" in text


def test_the_state_before_names_accounts():
    nowhere = provider(name="x")
    before = role("ops", trust_document(), nowhere, arn="acs:ram::777:role/ops")
    text = report_text((before,), (role("ops", trust_document(), nowhere), role("new", trust_document(), nowhere)))
    assert text == "+ role new of 777 trusts account 12345678"


@pytest.mark.parametrize("before", ["", "state.json"])
def test_the_state_to_compare_with_is_a_setting(before):
    assert bool(report_text(WHOLE, WHOLE, before=before)) is (before == "")


def test_a_stack_that_cannot_be_exported_is_compared_with_nothing():
    def refused(_):
        raise OSError("no stack named 'test'")

    text = report([OPS], ReportSettings(), StateSources(refused, str))
    assert text.splitlines()[0] == "Compared with nothing: the stack could not be exported (no stack named 'test')."


@pytest.mark.parametrize("content", ["{", "{}"])
def test_a_file_that_is_no_state_is_refused_by_name(content):
    with pytest.raises(InvalidInputError, match="access-report"):
        report([OPS], ReportSettings(before="state.json"), StateSources(str, lambda _: content))


ACL = resource("alicloud:oss/bucketAcl:BucketAcl", "site", {"bucket": "b", "acl": "public-read"}, A)


def test_a_resource_that_gives_access_by_other_means_is_named():
    assert report_text((), (ACL,)) == "? Not looked at: BucketAcl site (who may read and write a bucket)"
    private = resource("alicloud:oss/bucketAcl:BucketAcl", "site", {"bucket": "b", "acl": "private"}, A)
    assert "Not looked at: BucketAcl site" in report_text((private,), (ACL,))


def test_unchanged_gaps_are_not_listed():
    assert report_text((ACL,), (ACL,)) == ""
    assert report_text((), (resource("alicloud:vpc/network:Network", "n", {}, A),)) == ""


def test_a_role_that_is_only_read_is_not_reported_as_taken_away():
    """The engine shows policies what a program makes, and not what it reads; the state has both."""
    state = json.loads(exported(OPS, AAA))
    for entry in state["deployment"]["resources"]:
        entry["external"] = entry["type"] == OPS.type
    text = report([AAA], ReportSettings(), StateSources(lambda _: json.dumps(state), str))
    assert text == ""
