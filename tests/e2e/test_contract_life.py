"""The life of a contract between two enterprises with two state backends, from the offer to its end."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest
from pulumi import automation
from typer.testing import CliRunner

from access_cli import app
from alicloud_fakes.console import Console, SignInError
from alicloud_fakes.provider.workspace import Workspace, engine_environment
from pulumi_alicloud_delegation.program import run

pytestmark = [pytest.mark.e2e, pytest.mark.life]

PROJECT = "alicloud-delegation"
OWNER, DELEGATE = {"id": "11223344", "alias": "company-a"}, {"id": "12345678", "alias": "company-b"}
ROLES = [
    {"name": "ops", "systemPolicies": ["AliyunRAMReadOnlyAccess"], "trust": {"externalId": "first"}},
    {"name": "night", "systemPolicies": ["AliyunRAMFullAccess"], "tier": "on-request", "reason": "Incidents",
     "ticket": "CHG-1", "trust": {"externalId": "first", "notAfter": "2099-12-31T00:00:00Z"}},
]  # fmt: skip
TEAMS = [{"name": "agents", "roles": ["ops", "night"]}, {"name": "others", "roles": ["ops"]}]
AGENT = {"name": "agent", "kind": "application", "teams": ["agents"]}
LIST_USERS_ONLY = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ram:ListUsers", "Resource": "*"}]}


def access(*words):
    made = CliRunner().invoke(app, [str(word) for word in words])
    assert made.exit_code == 0, made.output
    return made.output


class Enterprise:
    """One enterprise: a folder with its own state, and the keys of its own account only."""

    def __init__(self, house, side, folder, environment, engine):
        folder.mkdir()
        self.house, self.side, self.folder = house, side, folder
        self.account = house.a if side == "owner" else house.b
        self.workspace = Workspace(folder, engine, engine_environment(folder, environment), PROJECT)

    def stack(self, **values):
        """The stack with this configuration beside the two accounts."""
        me = {"accessKey": self.account.root_key.id, "endpoint": self.house.server.endpoint}
        accounts = {"owner": OWNER, "delegate": DELEGATE}
        accounts[self.side] = accounts[self.side] | me
        secret = {f"{self.side}SecretKey": self.account.root_key.secret}
        return self.workspace.stack(self.side, run, accounts | {"side": self.side} | values, secret)

    def up(self, **values):
        return self.stack(**values).up().outputs


@pytest.fixture
def enterprises(house, engine, provider, tmp_path, no_way_out):
    environment = {**os.environ, **no_way_out}
    return [Enterprise(house, side, tmp_path / side, environment, engine) for side in ("owner", "delegate")]


@pytest.fixture
def contract(enterprises, tmp_path):
    """B offers, A reviews and narrows, A accepts, B verifies and staffs: files, and each side's own stack."""
    a, b = enterprises
    offer, answer, stack, acceptance = (
        tmp_path / f"{name}.json" for name in ("offer", "answer", "stack", "acceptance")
    )
    written = b.workspace.folder / "Pulumi.asked.yaml"
    config = {"owner": OWNER, "delegate": DELEGATE, "roles": ROLES, "never": ["bss:*"], "contract": {"name": "c-1"}}
    written.write_text(json.dumps({"config": {f"{PROJECT}:{key}": value for key, value in config.items()}}))
    access("offer", "write", "--stack", written, "--out", offer)
    assert "bss:*: proved for every role" in access("offer", "review", offer)
    access("offer", "narrow", offer, "--max-session", "night=3600", "--out", answer)
    outputs = a.up(offer=str(answer))
    stack.write_text(json.dumps({"acceptance": outputs["acceptance"].value}))
    access("acceptance", "write", stack, "--out", acceptance)
    assert "ops: granted as asked" in access("acceptance", "verify", acceptance, "--offer", offer)
    made = b.up(acceptance=str(acceptance), teams=TEAMS, operators=[AGENT])
    return a, b, str(answer), str(acceptance), made


def _assume(house, outputs, role="ops", external_id="first", source_identity=None):
    """The session of a role that the application gets, or the error's code."""
    [key] = outputs["accessKeys"].value["agent"].values()
    wanted = {
        "RoleArn": f"acs:ram::{OWNER['id']}:role/{role}", "RoleSessionName": "agent", "ExternalId": external_id
    }  # fmt: skip
    wanted |= {} if source_identity is None else {"SourceIdentity": source_identity}
    got = house.client(key["id"], key["secret"]).call("AssumeRole", wanted, product="sts")["Credentials"]
    return house.client(got["AccessKeyId"], got["AccessKeySecret"], got["SecurityToken"])


def _refused(call, api_error):
    with pytest.raises(api_error) as caught:
        call()
    return caught.value.code


def _accept(tmp_path, outputs, name="again.json"):
    path = tmp_path / name
    source = tmp_path / f"stack-{name}"
    source.write_text(json.dumps({"acceptance": outputs["acceptance"].value}))
    access("acceptance", "write", source, "--out", path)
    return path


def test_people_come_move_and_go_and_a_role_is_opened_for_a_while(house, contract, changes, api_error):
    a, b, answer, acceptance, made = contract
    given = {"acceptance": acceptance, "teams": TEAMS}
    assert _refused(lambda: _assume(house, made, "night"), api_error).startswith("NoPermission")
    now = datetime.now(UTC).replace(microsecond=0)
    opening = {
        "operator": "agent", "role": "night", "notBefore": now.isoformat(),
        "notAfter": (now + timedelta(hours=4)).isoformat(), "reason": "Disk full", "ticket": "INC-1",
    }  # fmt: skip
    person = {"name": "AAA", "teams": ["others"]}
    joined = b.up(**given, operators=[AGENT, person], openings=[opening])
    assert "opening of night to agent" in joined["windows"].value
    session = _assume(house, joined, "night")
    b.up(**given, operators=[AGENT, {**person, "teams": ["agents"]}], openings=[opening])
    house.cloud.clock.advance(timedelta(minutes=50))
    assert _assume(house, joined, "night").call("ListUsers", {})
    house.cloud.clock.advance(timedelta(hours=3, minutes=30))
    # It ends by itself, without a deployment. A session that is open at that time lasts until its own expiry.
    assert _refused(lambda: _assume(house, joined, "night"), api_error).startswith("NoPermission")
    assert _refused(lambda: session.call("ListUsers", {}), api_error)
    b.up(**given, operators=[AGENT])
    assert house.contents(house.b)["Users"] == ["agent"]
    assert changes(a.stack(offer=answer).preview()) == {}


def test_a_grant_is_narrowed_suspended_and_resumed_under_a_live_session(house, contract, api_error, tmp_path):
    a, _, answer, _, made = contract
    session = _assume(house, made)
    assert session.call("ListRoles", {})
    narrower = tmp_path / "narrower.json"
    document = tmp_path / "users.json"
    document.write_text(json.dumps(LIST_USERS_ONLY))
    words = ["--drop-grant", "ops=AliyunRAMReadOnlyAccess", "--add-policy", f"ops={document}", "--leave-out", "night"]
    told = access("offer", "narrow", answer, *words, "--out", narrower)
    assert "ops: grants narrower" in told
    outputs = a.up(offer=str(narrower))
    assert "A narrower grant binds it from its next call on" in " ".join(outputs["liveSessions"].value["ops"].split())
    assert session.call("ListUsers", {})
    assert _refused(lambda: session.call("ListRoles", {}), api_error).startswith("NoPermission")
    suspended = a.up(offer=str(narrower), state="suspended")
    assert suspended["acceptance"].value["state"] == "suspended"
    assert _refused(lambda: session.call("ListUsers", {}), api_error).startswith("NoPermission")
    assert _refused(lambda: _assume(house, made), api_error).startswith("NoPermission")
    a.up(offer=str(narrower))
    assert session.call("ListUsers", {})


def test_an_external_id_is_rotated_with_an_overlap(house, contract, api_error):
    a, _, _, _, made = contract
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=7)
    trust = {"externalId": "second", "previousExternalId": "first", "previousExternalIdUntil": until.isoformat()}
    outputs = a.up(roles=[{**ROLES[0], "trust": trust}])
    assert "ends soon" in outputs["windows"].value["previous external ID of role ops"]
    assert _assume(house, made).call("ListRoles", {})
    assert _assume(house, made, external_id="second").call("ListRoles", {})
    house.cloud.clock.advance(timedelta(days=8))
    assert _refused(lambda: _assume(house, made), api_error).startswith("NoPermission")
    assert _assume(house, made, external_id="second").call("ListRoles", {})


def test_roles_are_added_changed_and_renamed_and_keys_rotated_without_an_outage(house, contract, api_error, tmp_path):
    a, b, _, _, made = contract
    session = _assume(house, made)
    renamed = {**ROLES[0], "name": "operations", "systemPolicies": ["AliyunRAMFullAccess"]}
    added = {"name": "day", "systemPolicies": ["AliyunECSReadOnlyAccess"], "trust": {"externalId": "first"}}
    outputs = a.up(roles=[renamed, added])
    assert sorted(house.contents(house.a)["Roles"]) == ["day", "operations"]
    assert _refused(lambda: session.call("ListRoles", {}), api_error)
    acceptance = str(_accept(tmp_path, outputs))
    given = {"acceptance": acceptance, "teams": [{"name": "agents", "roles": ["operations", "day"]}]}
    both = b.up(**given, operators=[{**AGENT, "accessKeys": ["1", "2"]}])
    keys = both["accessKeys"].value["agent"]
    assert keys["1"] == made["accessKeys"].value["agent"]["1"], "the old key goes on working during the rotation"
    for label in keys:
        one = {"accessKeys": automation.OutputValue({"agent": {label: keys[label]}}, secret=True)}
        assert _assume(house, one, "operations").call("CreateUser", {"UserName": f"made-with-{label}"})
    left = b.up(**given, operators=[{**AGENT, "accessKeys": ["2"]}])
    assert _assume(house, left, "day")
    assert _refused(lambda: _assume(house, made, "operations"), api_error)


def test_a_session_carries_the_name_of_its_operator_and_no_other(house, contract, changes, api_error, tmp_path, output):
    a, b, answer, _, _ = contract
    named = tmp_path / "named.json"
    words = ["--source-identity", "*", "--leave-out", "night"]
    assert "ops: grants as asked, trust narrower" in access("offer", "narrow", answer, *words, "--out", named)
    a.stack(offer=str(named)).up(on_output=output)
    said = "role ops requires an external ID and a source identity, which the console's switch-role page cannot send"
    assert said in output.text
    acceptance = str(_accept(tmp_path, a.stack(offer=str(named)).outputs()))
    staff = {"acceptance": acceptance, "teams": [{"name": "agents", "roles": ["ops"]}]}
    person = {"name": "AAA", "teams": ["agents"], "mfa": False}
    stack = b.stack(**staff, operators=[AGENT, person])
    made = stack.up(on_output=output).outputs
    for sent in (None, "AAA", "somebody"):
        refused = _refused(lambda name=sent: _assume(house, made, source_identity=name), api_error)
        assert refused.startswith("NoPermission"), f"the agent is not {sent}"
    assert _assume(house, made, source_identity="Agent").call("ListRoles", {})
    console = Console(house.cloud).sign_in(
        "AAA", "company-b", made["firstPasswords"].value["AAA"], new_password="Chosen-by-AAA-1"
    )
    with pytest.raises(SignInError):
        console.switch_role(OWNER["alias"], "ops")
    left = b.up(**staff, operators=[AGENT])
    assert house.contents(house.b)["Policies"] == ["agents-agent-assume-role"]
    assert _assume(house, left, source_identity="agent")
    assert changes(a.stack(offer=str(named)).preview()) == {}


def test_a_forgotten_password_is_reset_and_changes_nothing_in_a(house, contract, changes):
    a, b, answer, acceptance, _ = contract
    given, person = {"acceptance": acceptance, "teams": TEAMS}, {"name": "AAA", "teams": ["others"], "mfa": False}
    first = b.up(**given, operators=[AGENT, person])["firstPasswords"].value["AAA"]
    console = Console(house.cloud)
    console.sign_in("AAA", "company-b", first, new_password="Forgotten-by-AAA-1")
    without = b.up(**given, operators=[AGENT, {**person, "login": False}])
    assert "AAA" not in without["firstPasswords"].value
    with pytest.raises(SignInError):
        console.sign_in("AAA", "company-b", "Forgotten-by-AAA-1")
    second = b.up(**given, operators=[AGENT, person])["firstPasswords"].value["AAA"]
    assert second != first
    assert console.sign_in("AAA", "company-b", second, new_password="Chosen-by-AAA-2").caller.user.name == "AAA"
    assert changes(b.stack(**given, operators=[AGENT, person]).preview()) == {}
    assert changes(a.stack(offer=answer).preview()) == {}


def test_either_side_ends_the_contract_and_b_can_go_after_a(house, contract, api_error, tmp_path, output):
    a, b, answer, acceptance, made = contract
    session = _assume(house, made)
    ended = a.up(offer=answer, state="terminated")
    assert "The role is gone" in ended["liveSessions"].value["ops"]
    assert house.contents(house.a)["Roles"] == []
    assert _refused(lambda: session.call("ListRoles", {}), api_error)
    path = _accept(tmp_path, ended)
    assert json.loads(path.read_text())["state"] == "terminated"
    b.stack(acceptance=str(path), teams=TEAMS, operators=[AGENT]).up(on_output=output)
    assert "the owner has ended the contract" in output.text
    with pytest.raises(automation.CommandError, match="comes after the owner has ended the contract"):
        b.stack(acceptance=acceptance, teams=TEAMS, operators=[AGENT]).preview()
    left = b.up(acceptance=str(path), state="relinquished")
    assert left["offer"].value["state"] == "relinquished"
    assert house.contents(house.b) == {"Roles": [], "Users": [], "Groups": [], "Policies": []}


def test_b_gives_its_roles_back_with_a_session_open_and_says_so(house, contract):
    _, b, _, acceptance, made = contract
    session = _assume(house, made)
    left = b.up(acceptance=acceptance, state="relinquished")
    assert "stays valid until it ends by itself" in " ".join(left["liveSessions"].value["ops"].split())
    assert house.contents(house.b)["Users"] == []
    assert session.call("ListRoles", {})


def test_neither_enterprise_ever_calls_the_others_account(house, contract, state_of):
    a, b, answer, acceptance, _ = contract
    seen = {(record.account, record.action) for record in house.cloud.calls.records}
    mine = {account: {action for who, action in seen if who == account} for account in (OWNER["id"], DELEGATE["id"])}
    assert "CreateRole" in mine[OWNER["id"]]
    assert "CreateUser" in mine[DELEGATE["id"]]
    for record in house.cloud.calls.records:
        other = DELEGATE["id"] if record.account == OWNER["id"] else OWNER["id"]
        assert not [resource for resource in record.resources if f":{other}:" in resource], record
    for one, own, config in (
        (a, OWNER["id"], {"offer": answer}),
        (b, DELEGATE["id"], {"acceptance": acceptance, "teams": TEAMS, "operators": [AGENT]}),
    ):
        house.cloud.calls.clear()
        one.stack(**config).preview()
        one.stack(**config).refresh()
        assert {record.account for record in house.cloud.calls.records} == {own}, (
            "a stack calls with the keys of its own account alone"
        )
    states = [
        state_of(one.stack(**values))[1] for one, values in ((a, {"offer": answer}), (b, {"acceptance": acceptance}))
    ]
    assert DELEGATE["id"] in states[0]
    assert house.b.root_key.id not in states[0]
    assert house.a.root_key.id not in states[1]
    assert (a.folder / "state").is_dir()
    assert not (a.folder / "Pulumi.delegate.yaml").exists()
