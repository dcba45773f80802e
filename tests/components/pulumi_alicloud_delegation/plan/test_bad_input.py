"""Every invalid input is refused before anything is created, with the field, the value and the way out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from pulumi_alicloud_delegation.plan import plan_delegation
from ram_policies import InvalidInputError, limits

Args = dict[str, Any]


def _role(**values: Any) -> Callable[[Args], None]:
    return lambda args: args["roles"][0].update(values)


def _trust(**values: Any) -> Callable[[Args], None]:
    return _role(trust=values)


def _operator(**values: Any) -> Callable[[Args], None]:
    return lambda args: args["operators"][0].update(values)


def _team(**values: Any) -> Callable[[Args], None]:
    return lambda args: args["teams"][0].update(values)


def _owner(**values: Any) -> Callable[[Args], None]:
    return lambda args: args["owner"].update(values)


def _statement(**values: Any) -> str:
    statement = {"Effect": "Allow", "Action": "ecs:StopInstance", "Resource": "*", **values}
    return json.dumps({"Version": "1", "Statement": [statement]})


def _own(document: Any, name: str = "own") -> Callable[[Args], None]:
    return _role(policies=[{"name": name, "document": document}])


LONG = "acs:ecs:*:*:instance/" + "i" * limits.POLICY_DOCUMENT_LENGTH
VAST = [f"acs:ecs:*:*:instance/i-{n:0200}" for n in range(400)]
APPLICATION = {"kind": "application"}
CASES: dict[str, tuple[Callable[[Args], object], str, str, str]] = {
    # what is wrong: change, field, problem, fix
    "account id not digits": (_owner(id="company-a"), "owner.id", "account id", "digits"),
    "account id as number": (_owner(id=11223344), "owner.id", "is not a string", "quotes"),
    "account id missing": (lambda a: a["owner"].pop("id"), "owner.id", "missing", "id"),
    "A and B the same": (_owner(id="12345678"), "delegate.id", "same account", "other enterprise"),
    "role name": (_role(name="ecs admin"), "roles[0].name", "' '", "letters, digits"),
    "role name with underscore": (_role(name="ecs_admin"), "roles[0].name", "'_'", "letters, digits"),
    "role name too long": (_role(name="r" * 65), "roles[0].name", "65 characters", "1 to 64"),
    "user name": (_operator(name="A@A"), "operators[0].name", "'@'", "letters, digits"),
    "user name empty": (_operator(name=""), "operators[0].name", "0 characters", "1 to 64"),
    "team name": (_team(name="ops/eu"), "teams[0].name", "'/'", "letters, digits"),
    "alias": (_owner(alias="Company--A"), "owner.alias", "'C'", "lower-case"),
    "unknown key": (lambda a: a.update(role=[]), "configuration", "'role' is not a known key", "'roles'"),
    "unknown key below": (_owner(regoin="x"), "owner", "'regoin' is not a known key", "'region'"),
    "unknown key in a list": (_role(sytem_policies=[]), "roles[0]", "not a known key", "'system_policies'"),
    "unknown key in trust": (_trust(mfaa=True), "roles[0].trust", "'mfaa' is not a known key", "'mfa'"),
    "unknown key like no other": (
        _team(zzzzzz=1),
        "teams[0]",
        "not a known key",
        "'assume_permission', 'name', 'not_after', 'not_before', 'roles'",
    ),
    "role given twice": (lambda a: a["roles"].append({**a["roles"][0], "name": "ECS-Admin"}), "roles[1].name", "", ""),
    "system policy unknown": (
        _role(system_policies=["AliyunECSFulAccess"]),
        "roles[0].system_policies[0]",
        "not a system policy",
        "'AliyunECSFullAccess'",
    ),
    "system policy in another case": (
        _role(system_policies=["aliyunecsfullaccess"]),
        "roles[0].system_policies[0]",
        "upper and lower case",
        "'AliyunECSFullAccess'",
    ),
    "policy type unknown": (
        _role(existing_policies=[{"name": "own", "type": "Managed"}]),
        "roles[0].existing_policies[0].type",
        "not one of the choices",
        "'System' or 'Custom'",
    ),
    "assume permission unknown": (
        _team(assume_permission="everything"),
        "teams[0].assume_permission",
        "not one of the choices",
        "'AliyunSTSAssumeRoleAccess'",
    ),
    "no grant": (_role(system_policies=[]), "roles[0].system_policies", "grants nothing", "add a system policy"),
    "document is no JSON": (_own("{'Version': 1}"), "roles[0].policies[0].document", "line 1, column 2", ""),
    "document without Resource": (
        _own('{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ecs:*"}]}'),
        "roles[0].policies[0].document",
        "Missing resource",
        "",
    ),
    "document as mapping, wrong version": (
        _own({"Version": "2012-10-17", "Statement": []}),
        "roles[0].policies[0].document",
        "Invalid version",
        "",
    ),
    "document with a principal": (
        _own(_statement(Principal={"RAM": ["acs:ram::1:root"]})),
        "roles[0].policies[0].document",
        "Principal not allowed",
        "",
    ),
    "document that cannot be split": (
        _own(_statement(Resource=LONG)),
        "roles[0].policies[0].document",
        "cannot be cut",
        "shorten",
    ),
    "document for more policies than a role takes": (
        _own(_statement(Resource=VAST)),
        "roles[0].policies[0].document",
        "more than the 10",
        "wildcards",
    ),
    "trust with no principal": (_trust(principals=[]), "roles[0].trust.principals", "no principal", "12345678"),
    "trust in another account": (
        _trust(principals=["acs:ram::999:user/AAA"]),
        "roles[0].trust.principals[0]",
        "another account",
        "",
    ),
    "trust in everybody": (_trust(principals=["*"]), "roles[0].trust.principals[0]", "acs:", "acs:ram"),
    "trust in a group": (
        _trust(principals=["acs:ram::12345678:group/ops"]),
        "roles[0].trust.principals[0]",
        "is not the ARN of a user or a role",
        "acs:ram::12345678:user/name",
    ),
    "external id": (_trust(external_id="a b"), "roles[0].trust.external_id", "' '", "letters, digits"),
    "source address": (_trust(source_ips=["10.0.0.0/33"]), "roles[0].trust.source_ips[0]", "neither", "203.0.113"),
    "window without zone": (_trust(not_after="2026-12-31T00:00:00"), "roles[0].trust.not_after", "zone", "Z"),
    "window no date": (_trust(not_before="tomorrow"), "roles[0].trust.not_before", "ISO 8601", "2026-12-31T"),
    "window backwards": (
        _trust(not_before="2026-12-31T00:00:00Z", not_after="2026-01-01T00:00:00Z"),
        "roles[0].trust.not_after",
        "is not after",
        "exchange",
    ),
    "session too short": (_role(max_session_duration=3599), "roles[0].max_session_duration", "3600 and 43200", "3600"),
    "session too long": (_role(max_session_duration=43201), "roles[0].max_session_duration", "3600 and 43200", "3600"),
    "session no number": (_role(max_session_duration="1h"), "roles[0].max_session_duration", "whole number", "seconds"),
    "team names an undefined role": (_team(roles=["ecs-adm"]), "teams[0].roles[0]", "is not a role", "ecs-admin"),
    "team without roles": (_team(roles=[]), "teams[0].roles", "without a role", "name a role"),
    "operator in no team": (_operator(teams=[]), "operators[0].teams", "in no team", "name a team"),
    "operator in an undefined team": (_operator(teams=["x"]), "operators[0].teams[0]", "is not a team", "operators"),
    "role nobody may assume": (
        lambda a: a["roles"].append({"name": "rds", "system_policies": ["AliyunRDSFullAccess"]}),
        "roles[1].name",
        "nobody may assume",
        "give it to a team",
    ),
    "no roles": (lambda a: a.update(roles=[], teams=[], operators=[]), "roles", "delegates nothing", "add a role"),
    "too many custom policies on a role": (
        _role(policies=[{"name": f"own{n}", "document": _statement()} for n in range(11)]),
        "roles[0].policies",
        "more than the 10",
        "merge",
    ),
    "too many system policies on a role": (
        _role(existing_policies=[{"name": f"Aliyun{n}", "type": "System"} for n in range(20)]),
        "roles[0].system_policies",
        "more than the 20",
        "merge",
    ),
    "too many groups of a user": (
        lambda a: (
            a["teams"].extend({"name": f"t{n}", "roles": ["ecs-admin"]} for n in range(10)),
            a["operators"][0].update(teams=["operators", *(f"t{n}" for n in range(10))]),
        ),
        "operators[0].teams",
        "more than the 10",
        "merge",
    ),
    "too many keys of a user": (
        _operator(**APPLICATION, access_keys=["1", "2", "3"]),
        "operators[0].access_keys",
        "more than the 2",
        "newest",
    ),
    "too many tags": (_role(tags={f"k{n}": "v" for n in range(21)}), "roles[0].tags", "more than the 20", ""),
    "tag reserved": (_role(tags={"acs:x": "v"}), "roles[0].tags (key)", "reserved", ""),
    "more roles than a group may assume": (
        lambda a: (
            a.update(roles=[{"name": "r" * 58 + f"{n:04}", **GRANT} for n in range(700)]),
            _team(roles=["r" * 58 + f"{n:04}" for n in range(700)])(a),
        ),
        "teams[0].roles",
        "more than the 10",
        "divide",
    ),
    "keys for a person": (_operator(access_keys=["1"]), "operators[0].access_keys", "for a person", "application"),
    "MFA for an application": (_operator(**APPLICATION, mfa=True), "operators[0].mfa", "never does", "leave it out"),
    "login of an existing user": (
        _operator(existing=True, mfa=False),
        "operators[0].mfa",
        "exists already",
        "set it where AAA is made",
    ),
    "login for an application": (_operator(**APPLICATION, login=False), "operators[0].login", "never does", "leave it"),
    "no key for an application": (
        _operator(**APPLICATION, access_keys=[]),
        "operators[0].access_keys",
        "without a way in",
        "label",
    ),
    "MFA asked of an application": (
        lambda a: (_trust(mfa=True)(a), _operator(**APPLICATION)(a)),
        "roles[0].trust.mfa",
        "never carries MFA",
        "external_id",
    ),
    "named principals leave an operator out": (
        _trust(principals=["acs:ram::12345678:user/BBB"]),
        "roles[0].trust.principals",
        "leaves out the operator AAA",
        "acs:ram::12345678:user/AAA",
    ),
    "endpoint with a scheme": (
        _owner(endpoint="http://127.0.0.1:8080/"),
        "owner.endpoint",
        "scheme http://",
        "127.0.0.1:8080",
    ),
    "endpoint with a path": (_owner(endpoint="127.0.0.1:8080/x"), "owner.endpoint", "host and a port", "127.0.0.1"),
    "endpoint port": (_owner(endpoint="127.0.0.1:99999"), "owner.endpoint", "host and a port", "127.0.0.1:8080"),
    "region": (_owner(region="Hangzhou"), "owner.region", "region ID", "cn-hangzhou"),
    "site": (_owner(site="europe"), "owner.site", "choices", "'international' or 'china'"),
    "profile and key": (_owner(profile="p", access_key="k"), "owner.profile", "together", "one of the two"),
    "state": (lambda a: a.update(state="paused"), "state", "choices", "'active' or 'suspended'"),
    "list that is none": (lambda a: a.update(roles={"name": "x"}), "roles", "is not a list", "list"),
    "mfa as text": (_trust(mfa="yes"), "roles[0].trust.mfa", "neither true nor false", "true or false"),
    "own policies of one name": (
        lambda a: (
            a["roles"].append({"name": "second", "policies": [{"name": "own", "document": _statement()}]}),
            _own(_statement())(a),
            _team(roles=["ecs-admin", "second"])(a),
        ),
        "roles[1].policies (own, #1)",
        "already",
        "rename",
    ),
}
GRANT = {"system_policies": ["ReadOnlyAccess"]}


@pytest.mark.parametrize("name", CASES)
def test_is_refused_with_a_way_out(name: str, scenario: Callable[..., Args]) -> None:
    change, field, problem, fix = CASES[name]
    with pytest.raises(InvalidInputError) as caught:
        plan_delegation(scenario(change))  # type: ignore[arg-type] # wrong on purpose
    assert caught.value.field == field
    assert problem in str(caught.value)
    assert fix in caught.value.fix
    assert caught.value.fix


def test_the_scenario_itself_is_accepted(scenario: Callable[..., Args]) -> None:
    assert plan_delegation(scenario()).notes == ()


def test_a_credential_under_a_wrong_key_is_not_printed(scenario: Callable[..., Args]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        plan_delegation(scenario(_owner(secret_key="hunter2")))
    assert "secret_key" in str(caught.value)
    assert "hunter2" not in str(caught.value) + repr(caught.value.__cause__) + repr(caught.value.__context__)
