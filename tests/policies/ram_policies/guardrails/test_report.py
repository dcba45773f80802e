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


@pytest.fixture
def report_text(exported):
    """Text of the report about resources that take the place of deployed ones."""

    def text_of(deployed, after, **settings):
        asked = []

        def export(urn):
            asked.append(urn.split("::")[0])
            return exported(*deployed)

        files = {"state.json": exported(*deployed)}
        text = report(after, ReportSettings(**settings), StateSources(export, lambda name: files[name]))
        assert asked in ([], ["urn:pulumi:test"])
        return text

    return text_of


def test_everything_is_new_at_first(report_text):
    text = report_text((), WHOLE)
    assert "+ role ops of 11223344 may do ecs:*" in text
    assert "+ user AAA of 12345678 can assume role ops of 11223344 without conditions" in text
    assert "+ role ops of 11223344 trusts account 12345678" in text
    assert "\n-" not in text


def test_nothing_is_said_about_nothing(report_text):
    assert report_text(WHOLE, WHOLE) == ""
    assert report_text((), ()) == ""


def test_access_that_is_removed_is_reported(report_text):
    text = report_text(WHOLE, [f for f in WHOLE if "member" not in f.type and "userGroupAttachment" not in f.type])
    assert set(text.splitlines()) == {
        "- user AAA of 12345678 can no longer assume role ops of 11223344 without conditions",
        "- user AAA of 12345678 may no longer do sts:AssumeRole on acs:ram:*:11223344:role/ops (assume)",
    }


def test_less_and_more_are_told_apart(report_text):
    narrow = (OPS, attach(OPS, "AliyunECSReadOnlyAccess"))
    text = report_text((OPS, attach(OPS, "AliyunRDSReadOnlyAccess")), narrow)
    assert {line[0] for line in text.splitlines()} == {"+", "-"}


def test_the_report_says_that_a_document_is_not_known(report_text):
    unread = policy("p", UNKNOWN, A)
    text = report_text((OPS,), (OPS, unread, attach(OPS, unread)))
    assert "? role ops of 11223344 may gain whatever p will say" in text


def test_two_accounts_that_are_not_known_are_never_taken_for_one(report_text):
    nowhere, elsewhere = provider(name="x"), provider(name="y")
    text = report_text((), (role("ops", OPS.text("assumeRolePolicyDocument"), nowhere), user("AAA", elsewhere)))
    assert "the account of provider x" in text
    assert "accountsOfProviders" in text


def test_the_state_before_names_accounts(report_text):
    nowhere = provider(name="x")
    before = role("ops", trust_document(), nowhere, arn="acs:ram::777:role/ops")
    text = report_text((before,), (role("ops", trust_document(), nowhere), role("new", trust_document(), nowhere)))
    assert text == "+ role new of 777 trusts account 12345678"


@pytest.mark.parametrize("before", ["", "state.json"])
def test_the_state_to_compare_with_is_a_setting(report_text, before):
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


def test_a_resource_that_gives_access_by_other_means_is_named(report_text):
    assert report_text((), (ACL,)) == "? Not looked at: BucketAcl site (who may read and write a bucket)"
    private = resource("alicloud:oss/bucketAcl:BucketAcl", "site", {"bucket": "b", "acl": "private"}, A)
    assert "Not looked at: BucketAcl site" in report_text((private,), (ACL,))


def test_unchanged_gaps_are_not_listed(report_text):
    assert report_text((ACL,), (ACL,)) == ""
    assert report_text((), (resource("alicloud:vpc/network:Network", "n", {}, A),)) == ""


def test_a_role_that_is_only_read_is_not_reported_as_taken_away(exported):
    """The engine shows policies what a program makes, and not what it reads; the state has both."""
    state = json.loads(exported(OPS, AAA))
    for entry in state["deployment"]["resources"]:
        entry["external"] = entry["type"] == OPS.type
    text = report([AAA], ReportSettings(), StateSources(lambda _: json.dumps(state), str))
    assert text == ""
