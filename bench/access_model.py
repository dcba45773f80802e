"""Time of 500 questions of who can do an action, among 1,000 operators of one account and 100 roles of another.

Every operator is in two of 50 teams and in a tenth of the cases has a policy of its own; every team may assume four
roles; roles trust the account, some with conditions, some by name; every role carries a document of twenty actions and
a Deny. The time is that of building the model's index and of all 500 questions with every way of every operator named.
A hundred answers are checked one by one against the evaluator.

    python bench/access_model.py

Then one action is asked for among ten times as many operators and roles. The last line is one JSON object: seconds for
all 500 questions, seconds for the one question ten times as big, and the most memory the process had, in MB.
"""

from __future__ import annotations

import json
import random
import time

from memory import peak_mb

from ram_policies import Document, Policy, PolicySet, PolicyType, Request
from ram_policies.access.model import AccessModel, Account, Group, Role, User
from ram_policies.access.who import Explorer
from ram_policies.arn import group_arn, role_arn, role_resource, user_arn
from ram_policies.build import allow, deny, trust
from ram_policies.evaluation.evaluate import authorize, authorize_assume_role

OPERATORS, TEAMS, ROLES, ACTIONS = 1000, 50, 100, 500
OWNER, DELEGATE = "11223344", "12345678"
RESOURCE = f"acs:ecs:cn-hangzhou:{OWNER}:instance/i-1"
CHECKED = 100
MFA = {"Bool": {"acs:MFAPresent": "true"}}

actions = [f"ecs:Operation{number}" for number in range(ACTIONS)]


def custom(name: str, holder: str, *statements: object) -> Policy:
    return Policy(name, PolicyType.CUSTOM, Document(tuple(statements)), holder)  # type: ignore[arg-type]  # statements


def build(chance: random.Random, operators: int = OPERATORS, role_count: int = ROLES) -> AccessModel:
    roles: list[Role] = []
    for number in range(role_count):
        name = f"role-{number}"
        named = [f"acs:ram::{DELEGATE}:user/operator-{chance.randrange(operators)}" for _ in range(3)]
        trusted = (
            trust(named)
            if number % 10 == 9
            else trust(f"acs:ram::{DELEGATE}:root", conditions=MFA if number % 2 else None)
        )
        granted = allow(chance.sample(actions, 20), [f"acs:ecs:*:{OWNER}:instance/*"])
        refused = deny(chance.sample(actions, 2), conditions={"IpAddress": {"acs:SourceIp": "192.0.2.0/24"}})
        holder = role_arn(OWNER, name)
        roles.append(Role(name, Document((trusted,)), (custom(f"grant-{number}", holder, granted, refused),)))
    groups: list[Group] = []
    for number in range(TEAMS):
        resources = [role_resource(OWNER, f"role-{chance.randrange(role_count)}") for _ in range(4)]
        name = f"team-{number}"
        groups.append(
            Group(name, (custom(f"assume-{number}", group_arn(DELEGATE, name), allow("sts:AssumeRole", resources)),))
        )
    users: list[User] = []
    for number in range(operators):
        name = f"operator-{number}"
        joined = tuple(f"team-{team}" for team in chance.sample(range(TEAMS), 2))
        resources = [role_resource(OWNER, f"role-{number % role_count}")]
        own = (custom(f"own-{number}", user_arn(DELEGATE, name), allow("sts:AssumeRole", resources)),)
        users.append(User(name, joined, own if number % 10 == 0 else ()))
    delegate = Account(DELEGATE, "company-b", users=tuple(users), groups=tuple(groups))
    return AccessModel((Account(OWNER, "company-a", roles=tuple(roles)), delegate))


def check(model: AccessModel, found: dict[str, set[str]], chance: random.Random) -> None:
    """Compare answers with single decisions of the evaluator, for a request with MFA from elsewhere."""
    context = {"acs:MFAPresent": "true", "acs:SourceIp": "198.51.100.1"}
    holders = {holder.arn: holder for holder in model.holders()}
    for _ in range(CHECKED):
        action = chance.choice(actions)
        arn = user_arn(DELEGATE, f"operator-{chance.randrange(OPERATORS)}")
        own = PolicySet(holders[arn].policies)
        able = False
        for role in model.accounts[0].roles:
            request = Request("sts:AssumeRole", role_resource(OWNER, role.name), context, arn)
            trusting = PolicySet([Policy("trust", PolicyType.TRUST, role.trust or Document(()))])
            if authorize_assume_role(request, identity=own, trust=trusting).allowed:
                able = able or authorize(Request(action, RESOURCE, context), identity=PolicySet(role.grants)).allowed
        if able is not (arn in found[action]):
            raise SystemExit(f"{arn} and {action}: {arn in found[action]}, but the evaluator says {able}")


def ten_times_as_many() -> float:
    """Seconds until it is known who can do one action, among ten times as many operators and roles."""
    model = build(random.Random(2), 10 * OPERATORS, 10 * ROLES)
    before = time.perf_counter()
    ways = len(list(Explorer(model).who_can(actions[0], RESOURCE)))
    seconds = time.perf_counter() - before
    print(f"{10 * OPERATORS} operators, {10 * ROLES} roles, one action: {ways} ways in {seconds:.2f} s;")
    return seconds


def main() -> None:
    chance = random.Random(1)
    model = build(chance)
    before = time.perf_counter()
    explorer = Explorer(model)
    ways = 0
    found: dict[str, set[str]] = {}
    for action in actions:
        able: set[str] = set()
        for access in explorer.who_can(action, RESOURCE):
            able.add(access.holder.arn)
            ways += 1
        found[action] = able
    seconds = time.perf_counter() - before
    check(model, found, chance)
    seconds_10x = ten_times_as_many()
    peak = peak_mb()
    print(f"{OPERATORS} operators, {TEAMS} teams, {ROLES} roles, {ACTIONS} actions: {ways} ways in {seconds:.2f} s;")
    print(f"{CHECKED} answers checked against the evaluator.")
    print(json.dumps({"seconds": round(seconds, 2), "seconds_10x": round(seconds_10x, 2), "peak_mb": round(peak, 1)}))


if __name__ == "__main__":
    main()
