"""The same decisions by this project's evaluator, by moto's policy engine and by cedarpy, side by side in one run.

A set of n statements allows one action on a prefix of instances each, and denies a tenth of it again. Requests are half
allowed, half not. Every engine gets its policies read in advance, in the form it is fastest with, and must give the
same answers. Ours is measured with full explanations, as cedarpy gives its reasons too; moto gives none.

    python bench/evaluator.py

The last line is one JSON object: how many times more decisions a second (`vs_*`, by number of statements; for cedarpy
against the faster of its single and batch calls), explained decisions a second with 50 statements, how a decision's
time grows when 950 statements of other services join 50 (1.0: not at all), and how many microseconds one AssumeRole
with three conditions takes.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass

import cedarpy
from moto.iam.access_control import IAMPolicy, PermissionResult

from ram_policies import Document, Policy, PolicySet, PolicyType, Request
from ram_policies.arn import role_resource
from ram_policies.build import allow, deny, trust
from ram_policies.evaluation.evaluate import authorize, authorize_assume_role

SIZES = (1, 50, 1000)
REQUESTS = 200
SECONDS = 0.6
ROUNDS = 10
ACCOUNT = "11223344"


@dataclass(frozen=True)
class Rule:
    """One statement, independent of any engine's language."""

    effect: str
    action: str
    resource: str


def rules(size: int, service: str = "ecs") -> list[Rule]:
    return [
        Rule(
            "deny" if number % 10 == 9 else "allow",
            f"{service}:Action{number - number % 10 + 8 if number % 10 == 9 else number}",
            f"acs:{service}:cn-hangzhou:{ACCOUNT}:instance/{'web-x' if number % 10 == 9 else 'web'}-*",
        )
        for number in range(size)
    ]


def questions(size: int) -> list[tuple[str, str]]:
    """Actions and resources: the even ones name a known action, of which every eighth resource is denied."""
    return [
        (
            f"ecs:Action{number * 7 % size}" if number % 2 == 0 else f"ecs:Other{number}",
            f"acs:ecs:cn-hangzhou:{ACCOUNT}:instance/{'web-x' if number % 16 == 0 else 'web'}-{number}",
        )
        for number in range(REQUESTS)
    ]


def our_policies(given: list[Rule]) -> PolicySet:
    make = {"allow": allow, "deny": deny}
    document = Document(tuple(make[rule.effect](rule.action, rule.resource) for rule in given))
    return PolicySet([Policy("bench", PolicyType.CUSTOM, document)])


def our_requests(asked: list[tuple[str, str]]) -> list[Request]:
    return [Request(action, resource, principal=f"acs:ram::{ACCOUNT}:user/u") for action, resource in asked]


def explained(given: list[Rule]) -> Callable[[list[tuple[str, str]]], Callable[[], list[bool]]]:
    policies = our_policies(given)

    def prepare(asked: list[tuple[str, str]]) -> Callable[[], list[bool]]:
        requests = our_requests(asked)
        return lambda: [authorize(request, identity=policies).allowed for request in requests]

    return prepare


def outcome_only(given: list[Rule]) -> Callable[[list[tuple[str, str]]], Callable[[], list[bool]]]:
    policies = our_policies(given)

    def prepare(asked: list[tuple[str, str]]) -> Callable[[], list[bool]]:
        requests = our_requests(asked)
        return lambda: [policies.decide(request) == "allow" for request in requests]

    return prepare


def moto(given: list[Rule]) -> Callable[[list[tuple[str, str]]], Callable[[], list[bool]]]:
    statements = [{"Effect": r.effect.title(), "Action": r.action, "Resource": r.resource} for r in given]
    policy = IAMPolicy(json.dumps({"Version": "2012-10-17", "Statement": statements}))

    def prepare(asked: list[tuple[str, str]]) -> Callable[[], list[bool]]:
        return lambda: [policy.is_action_permitted(a, r) == PermissionResult.PERMITTED for a, r in asked]

    return prepare


def cedar_policies(given: list[Rule]) -> cedarpy.PolicySet:
    keywords = {"allow": "permit", "deny": "forbid"}
    text = "\n".join(
        f'{keywords[r.effect]}(principal, action == Action::"{r.action}", resource) '
        f'when {{ context.resource like "{r.resource}" }};'
        for r in given
    )
    return cedarpy.PolicySet.from_str(text)


def cedar_requests(asked: list[tuple[str, str]]) -> list[dict[str, object]]:
    return [
        {
            "principal": 'User::"u"',
            "action": f'Action::"{action}"',
            "resource": 'Resource::"r"',
            "context": {"resource": resource},
        }
        for action, resource in asked
    ]


def cedar_single(given: list[Rule]) -> Callable[[list[tuple[str, str]]], Callable[[], list[bool]]]:
    policies, entities = cedar_policies(given), cedarpy.Entities.from_json_str("[]")

    def prepare(asked: list[tuple[str, str]]) -> Callable[[], list[bool]]:
        requests = cedar_requests(asked)
        return lambda: [cedarpy.is_authorized(request, policies, entities).allowed for request in requests]

    return prepare


def cedar_batch(given: list[Rule]) -> Callable[[list[tuple[str, str]]], Callable[[], list[bool]]]:
    policies, entities = cedar_policies(given), cedarpy.Entities.from_json_str("[]")

    def prepare(asked: list[tuple[str, str]]) -> Callable[[], list[bool]]:
        requests = cedar_requests(asked)
        return lambda: [result.allowed for result in cedarpy.is_authorized_batch(requests, policies, entities)]

    return prepare


def per_second(*runs: Callable[[], list[bool]]) -> list[float]:
    """Decisions per second of processor time, for each engine: the best of several interleaved rounds.

    None of the engines uses threads, so processor time is fair to all, and other programs do not disturb it.
    """
    best = [0.0] * len(runs)
    for run in runs:
        run()
    for _ in range(ROUNDS):
        for number, run in enumerate(runs):
            decisions, start = 0, time.process_time()
            while (spent := time.process_time() - start) < SECONDS / ROUNDS:
                decisions += len(run())
            best[number] = max(best[number], decisions / spent)
    return best


def assumption() -> Callable[[], list[bool]]:
    """AssumeRole across accounts, with an external ID, MFA and a network demanded."""
    conditions = {
        "StringEquals": {"sts:ExternalId": "7f3a91c2"},
        "Bool": {"acs:MFAPresent": "true"},
        "IpAddress": {"acs:SourceIp": "203.0.113.0/24"},
    }
    resource = role_resource(ACCOUNT, "ops")
    own = PolicySet([Policy("own", PolicyType.CUSTOM, Document((allow("sts:AssumeRole", resource),)))])
    trust_policy = Document((trust("acs:ram::12345678:root", conditions=conditions),))
    role = PolicySet([Policy("trust", PolicyType.TRUST, trust_policy)])
    context = {"sts:ExternalId": "7f3a91c2", "acs:MFAPresent": "true", "acs:SourceIp": "203.0.113.7"}
    request = Request("sts:AssumeRole", resource, context, "acs:ram::12345678:user/AAA")
    return lambda: [authorize_assume_role(request, identity=own, trust=role).allowed for _ in range(REQUESTS)]


def main() -> None:
    engines = {
        "ours, explained": explained,
        "ours, outcome only": outcome_only,
        "moto": moto,
        "cedarpy, single": cedar_single,
        "cedarpy, batch": cedar_batch,
    }
    rates: dict[int, dict[str, float]] = {}
    print(f"{'decisions a second':<20}" + "".join(f"{size:>14}" for size in SIZES) + "   statements")
    for size in SIZES:
        asked = questions(size)
        runs = {name: engine(rules(size))(asked) for name, engine in engines.items()}
        answers = {name: run() for name, run in runs.items()}
        expected = answers["moto"]
        wrong = [name for name, answer in answers.items() if answer != expected]
        if wrong:
            raise SystemExit(f"{size} statements: {wrong} and moto disagree, so there is nothing to compare")
        rates[size] = dict(zip(runs, per_second(*runs.values()), strict=True))
    for name in engines:
        print(f"{name:<20}" + "".join(f"{rates[size][name]:>14,.0f}" for size in SIZES))

    asked = questions(50)
    others = [rule for service in range(19) for rule in rules(50, f"service{service}")]
    alone, among_others = per_second(explained(rules(50))(asked), explained(rules(50) + others)(asked))
    print(f"50 statements among 950 of other services: {among_others:,.0f} a second, alone {alone:,.0f}")

    (assumptions,) = per_second(assumption())
    print(f"AssumeRole with three conditions: {1e6 / assumptions:.1f} microseconds")

    def ratio(size: int, *names: str) -> float:
        return round(rates[size]["ours, explained"] / max(rates[size][name] for name in names), 1)

    result = {
        "vs_moto": {str(size): ratio(size, "moto") for size in SIZES},
        "vs_cedarpy": {str(size): ratio(size, "cedarpy, single", "cedarpy, batch") for size in SIZES},
        "explained_per_s": round(rates[50]["ours, explained"]),
        "assume_role_us": round(1e6 / assumptions, 1),
        "growth_50_to_1000": round(alone / among_others, 2),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
