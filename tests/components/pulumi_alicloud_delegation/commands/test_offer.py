"""`access offer`: written without credentials, reviewed in plain words, narrowed with proof."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from pulumi_alicloud_delegation.handover import digest_of, read_offer, to_plain

Access = Callable[..., Any]
Keep = Callable[[str, Any], Path]
ROOT = Path(__file__).resolve().parents[4]
STOP = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ecs:StopInstance", "Resource": "*"}]}
BUY = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": ["ecs:*", "bss:PayOrder"], "Resource": "*"}]}


def test_an_offer_is_written_without_credentials_and_keeps_to_the_schema(offer: Path) -> None:
    plain = json.loads(offer.read_text("utf-8"))
    schema = json.loads((ROOT / "docs" / "schemas" / "offer.v2.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(plain)
    assert (plain["issued"], plain["never"], plain["contract"]) == ("2026-06-01T00:00:00Z", ["bss:*"], {"name": "c-7"})
    assert plain["digest"] == digest_of(plain)


@pytest.mark.parametrize("name", ["scenario", "recommended"])
def test_an_offer_is_written_from_a_stack_file(name: str, access: Access, keep: Keep, tmp_path: Path) -> None:
    content = yaml.safe_load((ROOT / f"Pulumi.{name}.yaml").read_text("utf-8"))
    config = content["config"]
    config["alicloud-delegation:delegate"] |= {"accessKey": "AKID", "endpoint": "127.0.0.1:1", "profile": "b"}
    config["alicloud-delegation:delegateSecretKey"] = {"secure": "v1:xxx"}
    made = access("offer", "write", "--stack", keep("Pulumi.dev.yaml", content), "--at", "2026-06-01T00:00:00Z")
    assert made.exit_code == 0, made.output
    plain = json.loads(made.stdout)
    assert plain["delegate"] == {"id": "12345678", "alias": "company-b"}
    assert [role["name"] for role in plain["roles"]] == [role["name"] for role in config["alicloud-delegation:roles"]]
    assert not {"AKID", "127.0.0.1", "v1:xxx"} & set(made.stdout.split('"'))


OWNERS = {
    "config": {
        "p:side": "delegate",
        "p:delegate": {"id": "12345678"},
        "p:owners": [
            {"id": "11223344", "alias": "company-a", "roles": [{"name": "ops", "systemPolicies": ["ReadOnlyAccess"]}]},
            {
                "id": "44556677",
                "roles": [{"name": "dba", "systemPolicies": ["AliyunRDSFullAccess"]}],
                "never": ["kms:*"],
            },
        ],
    }
}


@pytest.mark.parametrize(
    ("named", "owner", "role"),
    [("company-a", "11223344", "ops"), ("11223344", "11223344", "ops"), ("44556677", "44556677", "dba")],
)
def test_an_offer_is_for_one_of_the_owners_of_a_stack(
    named: str, owner: str, role: str, access: Access, keep: Keep
) -> None:
    made = access("offer", "write", "--stack", keep("Pulumi.dev.yaml", OWNERS), "--owner", named)
    assert made.exit_code == 0, made.output
    plain = json.loads(made.stdout)
    assert (plain["owner"]["id"], [one["name"] for one in plain["roles"]]) == (owner, [role])
    assert plain.get("never", []) == (["kms:*"] if role == "dba" else [])


@pytest.mark.parametrize(("words", "says"), [([], "is missing"), (["--owner", "company-d"], "is not an owner")])
def test_a_stack_with_several_owners_needs_one_of_them(words: list[str], says: str, access: Access, keep: Keep) -> None:
    made = access("offer", "write", "--stack", keep("Pulumi.dev.yaml", OWNERS), *words)
    assert (made.exit_code, made.stderr.count("\n")) == (2, 1)
    assert f"--owner: {words[-1]!r} {says}" in made.stderr if words else f"--owner: None {says}" in made.stderr
    assert "company-a, 44556677" in made.stderr


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ([], "--delegate"),
        (["--delegate", "12345678"], "roles"),
        (["--stack", "missing.yaml"], "--stack"),
        (["--delegate", "12345678", "--roles", "ROLES", "--never", "kms"], "never[0]"),
        (["--delegate", "12345678", "--roles", "ROLES", "--until", "tomorrow"], "contract.notAfter"),
        (["--delegate", "12345678", "--roles", "ROLES", "--longest-opening", "soon"], "contract.longestOpening"),
        (["--delegate", "1", "--roles", "ROLES", "--from", "2027-01-01T00:00:00Z", "--until", "2026-01-01T00:00:00Z"],
         "contract.notAfter"),
        (["--delegate", "12345678", "--roles", "ROLES", "--at", "now"], "--at"),
        (["--delegate", "12345678", "--roles", "ROLES", "--site", "moon"], "delegate.site"),
    ],
)  # fmt: skip
def test_options_that_cannot_be_are_explained_in_one_line(
    words: list[str], field: str, access: Access, keep: Keep
) -> None:
    roles = str(keep("roles.yaml", [{"name": "x", "systemPolicies": ["AliyunECSFullAccess"]}]))
    made = access("offer", "write", *(roles if word == "ROLES" else word for word in words))
    assert (made.exit_code, made.stderr.count("\n")) == (2, 1)
    assert made.stderr.startswith(f"access: {field}: ")
    assert "Fix: " in made.stderr


def test_a_review_says_who_could_do_what_and_what_follows(offer: Path, access: Access) -> None:
    text = access("offer", "review", offer).stdout
    for line in (
        "Account 12345678 asks for 2 roles in the account of 11223344.",
        "  who: account 12345678, with external ID c-7",
        "  could: ecs:* on everything [AliyunECSFullAccess]",
        "each of which orders something that is charged",
        "  follows: ecs:CopyImage, ecs:CopySnapshot, ecs:DescribeCommands,",
        "  after a stop: A session lasts up to 3600 seconds",
        "  bss:*: proved for every role and every role that it can assume",
        "  low anonymous-session: ecs-admin: Sessions of acs:ram::12345678:root do not say whose they are",
    ):
        assert line in text


def test_a_review_as_markdown_and_as_json_says_the_same(offer: Path, access: Access) -> None:
    markdown = access("offer", "review", offer, "--format", "markdown").stdout
    assert "### Role ecs\\-admin" in markdown or "### Role ecs-admin" in markdown
    assert "`ecs:*` on everything" in markdown
    found = json.loads(access("offer", "review", offer, "--json").stdout)
    assert found["digest"] == json.loads(offer.read_text("utf-8"))["digest"]
    assert found["roles"][0]["who"] == ["account 12345678, with external ID c-7"]
    assert {"buys", "releases", "reads_data", "runs_code_as"} < {one["hazard"] for one in found["roles"][0]["follows"]}
    assert "escalates" in found["cannot"]
    assert ([one["rule"] for one in found["violations"]], found["neverBroken"]) == (["anonymous-session"], [])


def test_advice_alone_does_not_fail_a_strict_review(offer: Path, access: Access) -> None:
    assert access("offer", "review", offer, "--strict").exit_code == 0


def test_a_source_identity_is_demanded_by_an_answer_and_said_in_words(
    offer: Path, access: Access, tmp_path: Path
) -> None:
    path = tmp_path / "answer.json"
    told = access("offer", "narrow", offer, "--source-identity", "ecs-admin", "--out", path)
    assert "ecs-admin: grants as asked, trust narrower" in told.output
    text = access("offer", "review", path).stdout
    assert "who: account 12345678, with external ID c-7 and with a source identity" in text
    assert "no guardrail objects" in text
    back = access("offer", "narrow", path, "--edited", offer, "--out", tmp_path / "wider.json")
    assert back.exit_code == 2
    assert "could be assumed in ways that were not asked for" in back.output


def test_a_review_shows_what_must_never_be_and_a_strict_one_fails(access: Access, keep: Keep, tmp_path: Path) -> None:
    roles = keep("roles.yaml", [{"name": "x", "policies": [{"name": "p", "document": BUY}], "trust": {"mfa": True}}])
    path = tmp_path / "bad.json"
    access("offer", "write", "--delegate", "1", "--roles", roles, "--never", "bss:*", "--out", path)
    found = json.loads(access("offer", "review", path, "--json").stdout)
    assert found["neverBroken"][0]["counterexample"]["action"].lower().startswith("bss:payorder")
    assert access("offer", "review", path).exit_code == 0
    assert access("offer", "review", path, "--strict").exit_code == 1


def test_a_role_that_may_assume_unknown_roles_is_not_decided(access: Access, keep: Keep, tmp_path: Path) -> None:
    chain = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}
    roles = keep("roles.yaml", [{"name": "x", "policies": [{"name": "p", "document": chain}], "trust": {"mfa": True}}])
    path = tmp_path / "chain.json"
    access("offer", "write", "--delegate", "1", "--roles", roles, "--never", "bss:*", "--out", path)
    [broken] = json.loads(access("offer", "review", path, "--json").stdout)["neverBroken"]
    assert broken["openBecause"] == [
        "it may assume roles that are not described here, and what those can do is not known"
    ]


def _answer(access: Access, offer: Path, *words: Any) -> Any:
    out = offer.with_name("answer.json")
    made = access("offer", "narrow", offer, *words, "--out", out)
    assert made.exit_code == 0, made.output
    return read_offer(out), made.stderr


NARROWER = {
    "a role left out": ["--leave-out", "watch"],
    "a narrower document": ["--drop-grant", "ecs-admin=AliyunECSFullAccess", "--add-policy", "STOP"],
    "MFA demanded": ["--mfa", "*"],
    "a network demanded": ["--source-ip", "watch=203.0.113.0/24,198.51.100.7"],
    "an end": ["--until", "*=2026-12-31T00:00:00Z"],
    "nothing at all": [],
    "more that must never be": ["--never", "kms:Decrypt"],
}  # fmt: skip


@pytest.mark.parametrize("words", NARROWER.values(), ids=NARROWER)
def test_a_narrower_answer_names_the_offer_it_answers(
    words: list[str], offer: Path, access: Access, keep: Keep
) -> None:
    stop = f"ecs-admin={keep('stop.json', STOP)}"
    answered, _ = _answer(access, offer, *(stop if word == "STOP" else word for word in words))
    assert answered.answers == read_offer(offer).digest != answered.digest


def test_each_role_is_told_how_it_was_answered(offer: Path, access: Access, keep: Keep) -> None:
    drop = ["--drop-grant", "ecs-admin=AliyunECSFullAccess", "--add-policy", f"ecs-admin={keep('stop.json', STOP)}"]
    answered, told = _answer(access, offer, *drop, "--leave-out", "watch")
    assert told == "ecs-admin: grants narrower, trust as asked\nwatch: left out\n"
    assert [role.name for role in answered.roles] == ["ecs-admin"]


WIDER = {
    "another document": (["--add-policy", "watch=BUY"], "for example ecs:"),
    "a longer session": (["--max-session", "watch=7200"], "7200 is longer than 3600"),
    "another external ID": (["--external-id", "ecs-admin=else"], "could be assumed in ways that were not asked for"),
    "an unknown role": (["--mfa", "nobody"], "is not a role of the offer"),
    "an unknown policy": (["--drop-grant", "watch=AliyunRAMFullAccess"], "is not a policy of watch"),
    "no number": (["--max-session", "watch=1h"], "is not a number of seconds"),
    "another form": (["--until", "2027-01-01T00:00:00Z"], "has another form"),
}  # fmt: skip


@pytest.mark.parametrize(("words", "problem"), WIDER.values(), ids=WIDER)
def test_a_widening_is_refused_with_a_request_that_shows_it(
    words: list[str], problem: str, offer: Path, access: Access, keep: Keep
) -> None:
    buy = keep("buy.json", BUY)
    made = access("offer", "narrow", offer, *(word.replace("BUY", str(buy)) for word in words))
    assert (made.exit_code, made.stderr.count("\n"), made.stdout) == (2, 1, "")
    assert problem in made.stderr


EDITS = {
    "trust opened": (lambda p: p["roles"][1].pop("trust"), "could be assumed"),
    "never taken away": (lambda p: p.pop("never"), "leaves out bss:*"),
    "a role added": (lambda p: p["roles"].append({**p["roles"][0], "name": "more"}), "that was asked for"),
    "another delegate": (lambda p: p["delegate"].update(id="999"), "is not 12345678, who asked"),
    "another owner": (lambda p: p["owner"].update(id="999"), "is not 11223344, who was asked"),
    "MFA dropped": (lambda p: p["roles"][1]["trust"].update(mfa=False), "could be assumed"),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "problem"), EDITS.values(), ids=EDITS)
def test_an_answer_edited_by_hand_is_held_to_the_same(
    edit: Callable[[Any], object], problem: str, offer: Path, access: Access, keep: Keep
) -> None:
    plain = json.loads(offer.read_text("utf-8"))
    edit(plain)
    made = access("offer", "narrow", offer, "--edited", keep("edited.json", plain))
    assert (made.exit_code, made.stderr.count("\n")) == (2, 1)
    assert problem in made.stderr


def test_a_contract_that_ends_later_is_a_widening(access: Access, keep: Keep, tmp_path: Path) -> None:
    roles = keep("roles.yaml", [{"name": "x", "systemPolicies": ["AliyunECSFullAccess"]}])
    path = tmp_path / "offer.json"
    window = ["--until", "2026-12-31T00:00:00Z", "--longest-opening", "4h"]
    access("offer", "write", "--delegate", "1", "--roles", roles, *window, "--out", path)
    for change, problem in (
        ({"notAfter": "2027-01-01T00:00:00Z", "longestOpening": "4h"}, "is wider than"),
        ({"longestOpening": "4h"}, "is wider than"),
        ({"notAfter": "2026-12-31T00:00:00Z", "longestOpening": "5h"}, "is longer than 4h"),
    ):
        plain: Any = to_plain(read_offer(path)) | {"contract": change}
        made = access("offer", "narrow", path, "--edited", keep("edited.json", plain))
        assert made.exit_code == 2
        assert problem in made.stderr


def test_an_answer_to_an_answer_still_names_the_first_offer(offer: Path, access: Access) -> None:
    first, _ = _answer(access, offer, "--mfa", "*")
    second = access("offer", "narrow", offer.with_name("answer.json"), "--leave-out", "watch")
    assert json.loads(second.stdout)["answers"] == first.answers == read_offer(offer).digest


NOW = "2026-06-01T00:00:00Z"


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("--until", "2026-05-31T00:00:00Z"), "contract.notAfter"),
        (("--roles", "over.yaml"), "roles[1].trust.notAfter"),
    ],
)
def test_a_window_that_is_over_is_not_offered(
    words: tuple[str, ...], field: str, access: Access, keep: Keep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    roles = [{"name": name, "systemPolicies": ["AliyunECSReadOnlyAccess"]} for name in ("ops", "watch")]
    keep("over.yaml", [roles[0], {**roles[1], "trust": {"notAfter": "2026-05-31T00:00:00Z"}}])
    keep("roles.yaml", roles)
    made = access("offer", "write", "--delegate", "12345678", "--roles", "roles.yaml", *words, "--at", NOW)
    assert (made.exit_code, made.stderr.count("\n")) == (2, 1)
    assert f"{field}: '2026-05-31T00:00:00Z' is over: it is {NOW}" in made.stderr


def test_an_answer_has_no_window_that_is_over(offer: Path, access: Access) -> None:
    made = access("offer", "narrow", offer, "--until", "watch=2026-05-31T00:00:00Z", "--at", NOW)
    assert (made.exit_code, "[over]" in made.stderr) == (2, True)
