"""Proofs about the largest and nastiest documents that RAM takes: ten policies of 6,144 characters on each side.

Each kind of document is asked whether one side allows at most what the other does, and whether they never overlap.

    python bench/proof.py

The last line is one JSON object: the longest answer in seconds of processor time, the most memory of the whole run,
and how many of the answers stayed open.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable

from memory import peak_mb

from ram_policies import Condition, Document, Effect, Principals, Statement
from ram_policies.build import allow, deny, trust
from ram_policies.limits import CUSTOM_POLICIES_PER_ROLE, POLICY_DOCUMENT_LENGTH
from ram_policies.proof import Verdict, allows_at_most, never_overlap

SERVICES = ["ecs", "oss", "rds", "vpc", "slb", "log", "cms", "ram", "sts", "kms"]
VERBS = ["Describe", "List", "Get", "Create", "Delete"]
Make = Callable[[random.Random], Statement]


def word(chance: random.Random, length: int, letters: str = "abcdefgh") -> str:
    return "".join(chance.choice(letters) for _ in range(length))


def globs(chance: random.Random, most: int) -> str:
    pieces = (word(chance, chance.randint(1, 3), "abc") for _ in range(chance.randint(1, most)))
    return f"*{'*'.join(pieces)}*"


def random_effect(chance: random.Random) -> Effect:
    return chance.choice([Effect.ALLOW, Effect.ALLOW, Effect.DENY])


def with_condition(chance: random.Random, operator: str, key: str, values: list[str]) -> Statement:
    return Statement(random_effect(chance), ("s:*",), (), ("*",), None, (Condition(operator, key, tuple(values)),))


def ordinary(chance: random.Random) -> Statement:
    make = chance.choice([allow, allow, allow, deny])
    actions = [
        f"{chance.choice(SERVICES)}:{chance.choice(VERBS)}{ending}"
        for ending in ("*", word(chance, 5), word(chance, 3) + "*", word(chance, 1) + "*")
    ]
    service = chance.choice(SERVICES)
    resources = chance.choice(["*", f"acs:{service}:*:*:a/{word(chance, 3)}*", f"acs:{service}:cn-hangzhou:*:a/*"])
    conditions = chance.choice(
        [
            None,
            {"IpAddress": {"acs:SourceIp": f"10.{chance.randint(0, 9)}.0.0/16"}},
            {"Bool": {"acs:MFAPresent": "true"}},
            {"StringEquals": {"acs:ResourceTag/env": word(chance, 2)}},
        ]
    )
    return make(actions, resources, conditions=conditions)


KINDS: dict[str, Make] = {
    "as people write": ordinary,
    "4,000 plain actions": lambda c: allow([f"{c.choice(SERVICES)}:{word(c, 8)}" for _ in range(20)]),
    "plain actions and resources": lambda c: allow(f"ecs:{word(c, 8)}", f"acs:ecs:*:*:{word(c, 4)}/*"),
    "hostile wildcards": lambda c: Statement(
        random_effect(c), (f"s:{globs(c, 2)}",), (), (f"acs:s:*:*:{globs(c, 2)}",)
    ),
    "many hostile wildcards": lambda c: allow([f"s:{globs(c, 8)}" for _ in range(5)], f"acs:s:*:*:{globs(c, 8)}"),
    "question marks": lambda c: allow(f"s:{word(c, 30, 'a?b')}*"),
    "nearly the same": lambda c: allow(f"s:*{word(c, 30, 'aab')}*"),
    "exceptions": lambda c: Statement(
        random_effect(c), (), tuple(f"{word(c, 3)}:{word(c, 3)}*" for _ in range(5)), (f"acs:{word(c, 1)}:*:*:*",)
    ),
    "texts of one key": lambda c: with_condition(c, "StringLike", "k:a", [globs(c, 2) for _ in range(3)]),
    "sets of texts": lambda c: with_condition(c, "ForAllValues:StringEquals", "k:a", [word(c, 1) for _ in range(3)]),
    "many keys": lambda c: with_condition(c, "StringEquals", f"k:{c.randint(0, 150)}", [word(c, 1)]),
    "networks": lambda c: with_condition(
        c,
        "IpAddress",
        "acs:SourceIp",
        [f"{c.randint(0, 255)}.{c.randint(0, 255)}.0.0/{c.randint(8, 32)}" for _ in "abcd"],
    ),
    "dates": lambda c: with_condition(
        c, "DateLessThan", "acs:CurrentTime", [f"20{c.randint(10, 99)}-01-{c.randint(10, 28)}T00:00:00Z"]
    ),
    "types mixed": lambda c: with_condition(c, c.choice(["StringLike", "IpAddress", "NumericLessThan"]), "k:a", ["1"]),
    "users": lambda c: trust([f"acs:ram::{c.randint(1, 5)}:user/{word(c, 5)}" for _ in range(5)]),
    "accounts": lambda c: trust([f"acs:ram::{c.randint(1, 500_000)}:root" for _ in range(5)]),
    "numeric IDs": lambda c: Statement(
        random_effect(c),
        (f"oss:{word(c, 2)}",),
        (),
        (f"acs:oss:*:*:b/{word(c, 2)}",),
        Principals(uids=tuple(str(c.randint(1, 300)) for _ in range(8))),
    ),
}


def policies(make: Make, chance: random.Random) -> list[Document]:
    """As many policies as a role may have, each as long as RAM allows."""
    documents: list[Document] = []
    for _ in range(CUSTOM_POLICIES_PER_ROLE):
        statements: list[Statement] = []
        length = len(Document(()).to_json())
        while True:
            statement = make(chance)
            length += len(Document((statement,)).to_json()) - len(Document(()).to_json()) + 1
            if length > POLICY_DOCUMENT_LENGTH:
                break
            statements.append(statement)
        documents.append(Document(tuple(statements)))
    return documents


def main() -> None:
    slowest, still_open, asked = 0.0, 0, 0
    for name, make in KINDS.items():
        chance = random.Random(name)
        one, other = policies(make, chance), policies(make, chance)
        for question, prove in (("at most", allows_at_most), ("never both", never_overlap)):
            start = time.process_time()
            verdict = prove(one, other).verdict
            spent = time.process_time() - start
            print(f"{name:<28} {question:<11} {verdict:<8} {spent:6.2f} s")
            slowest, asked = max(slowest, spent), asked + 1
            still_open += verdict is Verdict.OPEN
    peak = peak_mb()
    print(
        json.dumps({"slowest_seconds": round(slowest, 2), "peak_mb": round(peak), "open": still_open, "asked": asked})
    )


if __name__ == "__main__":
    main()
