"""Elements of the statements of small universes: each vocabulary tests one aspect of the prover."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ram_policies.document import Condition, Principals

Chance = random.Random
GROUPS = "groups"
"""The vocabulary whose statements are attached to the account or to a resource group."""
GROUP = "rg-1"
"""The resource group that they are attached to."""
GROUP_KEY = "acs:ResourceGroupId"

NUMBERS = ["0", "1", "-1", "1.5", "007", "9" * 100, "0." + "0" * 99 + "1", "9" * 100 + "." + "9" * 100, "-" + "9" * 100]
DATES = [
    *("9999-12-31T23:59:59-08:00", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59.999999-23:59"),
    *("2026-01-01T00:00:00Z", "2026-01-01T08:00:00+08:00", "0001-01-01", "9999-12-31", "0001-01-01T00:00:00+23:59"),
]
NETWORKS = [
    *("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "255.255.255.255", "0.0.0.0", "10.0.0.0/8", "::ffff:0.0.0.0/97"),
    *("::/0", "::/1", "8000::/1", "::1", "::ffff:0:0/95", "::ffff:0:0/96"),
]
LETTERS = "abAkK\u212a\u0130i\u03a3\u03c2\u00df*?:/"
FOREIGN = (
    "aAkK\u212a\u00e5\u212bi\u0130\u0131s\u017f\u00df\u1e9e\u03c3\u03c2\u03a3\u03b9\u0345\u1fbe"
    "\ufb01\u0301\U00010400\U00010428\x00\n*?:/"
)
"""Letters of other alphabets, in both cases; what folds to several; what combines; what ends a text elsewhere."""
SHAPES_OF_ACTIONS = ["*:*", "**", "?*", "*?", "*a", "s*", "s?a", "s:a:b", "s:*:b", "*:", ":a", "?:?", "s", "", "*:a*:*"]
SHAPES_OF_RESOURCES = [
    *("acs:*", "acs:s:*", "acs:s:*:*", "*a*", "**", "?", "", "acs:s:::a", "acs:s:*:*:", "acs::::", "acs:s:?:?:??"),
    *("acs:s:*:*:*:*", "acs:s::1:a:*", "acs:ra?:*:*:A", "acs:*:*:*:a", "ACS:ram:*:*:a", "acs:RAM:*:*:A", "acs:s*:1:a"),
    *("acs:ram::1:A", "acs:ram:*:*:a", "*:*:*:*:*", "?cs:s:*:*:a", "acs:s:*:*:acs:ram:*:1:A", "acs*", "acs:?*:*:1:a"),
]
NAMES = ["a", "A", "somebody", "Somebody", "somebody1", "session", "\u212a"]
SERVICES = ["ecs.aliyuncs.com", "unnamed.aliyuncs.com", "ECS.aliyuncs.com"]
SETS = ["", "", "ForAllValues:", "ForAnyValue:"]
OPERATORS: dict[str, list[str]] = {
    "text": ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"],
    "case": ["StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringEquals"],
    "number": [f"Numeric{n}" for n in ("Equals", "NotEquals", "LessThan", "LessThanEquals")]
    + ["NumericGreaterThan", "NumericGreaterThanEquals"],
    "date": [f"Date{n}" for n in ("Equals", "NotEquals", "LessThan", "LessThanEquals")]
    + ["DateGreaterThan", "DateGreaterThanEquals"],
    "network": ["IpAddress", "NotIpAddress"],
    "bool": ["Bool", "Bool", "StringEquals", "StringNotEquals"],
    "mixed": ["NumericEquals", "NumericNotEquals", "NumericLessThan", "StringEquals", "StringNotEquals", "StringLike"],
}
KEYS = {
    "number": ("k:n", "many:n"),
    "date": ("acs:CurrentTime", "many:d"),
    "network": ("acs:SourceIp", "many:ip"),
    "bool": ("acs:MFAPresent", "many:b"),
    "text": ("sts:ExternalId", "many:k"),
    "case": ("sts:ExternalId", "many:k"),
    "mixed": ("acs:UserAgent", "many:m"),
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Elements of the statements of a universe."""

    actions: Sequence[tuple[str, ...]]
    resources: Sequence[tuple[str, ...]]
    conditions: Sequence[tuple[Condition, ...]]
    principals: Sequence[Principals | None]


def _of_patterns(chance: Chance) -> Vocabulary:
    none: list[tuple[Condition, ...]] = [()]
    return Vocabulary(_actions(chance, 6), _resources(chance, 6), none, [None])


def _of_conditions(chance: Chance) -> Vocabulary:
    """Conditions on one key or two, of any types."""
    types = chance.choices(list(OPERATORS), k=chance.choice((1, 2)))
    return Vocabulary([("s:a",), ("*",)], [("*",)], _conditions(chance, 8, types), [None])


def _of_one_type(kind: str) -> Callable[[Chance], Vocabulary]:
    def vocabulary(chance: Chance) -> Vocabulary:
        return Vocabulary([("s:a",), ("*",)], [("*",)], _conditions(chance, 10, [kind], mixed=0), [None])

    return vocabulary


def _of_trust(chance: Chance) -> Vocabulary:
    people = _People(chance)
    kinds = chance.choice([("user", "root"), ("user", "role", "root")])
    named: list[Principals | None] = [
        Principals(
            people.several(lambda: people.trusted(kinds), (0, 1, 1, 2)),
            people.several(lambda: chance.choice(SERVICES), (0, 0, 1)),
            people.several(lambda: f"acs:ram::{people.account()}:saml-provider/{people.name()}", (0, 0, 0, 1)),
        )
        for _ in range(8)
    ]
    return Vocabulary([("sts:AssumeRole",)], [()], [(), *_conditions(chance, 2)], [p for p in named if any(p or ())])


def _of_buckets(chance: Chance) -> Vocabulary:
    people = _People(chance)

    def somebody() -> str:
        session = f"arn:sts::{people.account()}:assumed-role/{people.name()}/{chance.choice(['*', 's1', 'session'])}"
        return chance.choice(["*", "*", people.account(), people.trusted(), session])

    named = [Principals(uids=people.several(somebody, (1, 2))) for _ in range(8)]
    return Vocabulary([("oss:a",), ("*",)], [("acs:oss:*:1:b/*",), ("*",)], [(), *_conditions(chance, 2)], named)


def _of_shapes(chance: Chance) -> Vocabulary:
    """Patterns with too few fields, too many, empty ones, and wildcards in the place of a colon."""
    actions = [tuple(chance.sample(SHAPES_OF_ACTIONS, k=chance.choice((1, 1, 2)))) for _ in range(5)]
    resources = [tuple(chance.sample(SHAPES_OF_RESOURCES, k=chance.choice((1, 1, 2)))) for _ in range(6)]
    return Vocabulary([("s:a",), ("*",), (), *actions], [(), ("*",), *resources], [()], [None])


def _of_letters(chance: Chance) -> Vocabulary:
    """Patterns and values from outside ASCII, of few letters, so that they overlap."""
    letters = [*chance.sample(FOREIGN, k=5), *"*?"]
    patterns = [tuple(_glob(chance, letters, 2) for _ in range(chance.choice((1, 1, 2)))) for _ in range(8)]
    key = chance.choice(("sts:ExternalId", "many:k"))
    operators = [*OPERATORS["case"], "StringLike", "Bool"]
    conditions = [(Condition(chance.choice(operators), key, values),) for values in patterns]
    resources = [tuple(f"acs:{chance.choice(['ram', 's'])}:*:*:{p}" for p in several) for several in patterns[:3]]
    return Vocabulary(
        [("*",), *(tuple(f"s:{p}" for p in several) for several in patterns[:3])],
        [("*",), *resources],
        [(), *conditions],
        [None],
    )


def _of_nothing(chance: Chance) -> Vocabulary:
    """Lists that are empty, beside a few that are not."""
    found: list[tuple[Condition, ...]] = [()]
    for _ in range(8):
        kind = chance.choice(list(OPERATORS))
        operator = chance.choice(SETS) + chance.choice(OPERATORS[kind])
        values = tuple(_value(chance, kind) for _ in range(chance.choice((0, 0, 1))))
        found.append((Condition(operator, "many:k", values),))
    principals = [None, Principals(), Principals(uids=("*",)), Principals(uids=("1",))]
    return Vocabulary([(), ("*",), ("s:a",)], [(), ("*",), ("acs:s:*:1:a",)], found, principals)


def _of_owners(chance: Chance) -> Vocabulary:
    """Statements about buckets of several accounts, with conditions, for everybody and for their owners."""
    people = _People(chance)
    accounts = ["1", "2", "*", "", "1*", "1000000001"]
    resources = [(f"acs:oss:*:{chance.choice(accounts)}:{chance.choice(['b/*', 'b/a', '*'])}",) for _ in range(5)]

    def somebody() -> str:
        return chance.choice(["*", "*", "1", "2", people.trusted()])

    named = [Principals(uids=people.several(somebody, (1, 1, 2))) for _ in range(6)]
    return Vocabulary([("oss:a",), ("*",)], [*resources, ("*",)], [(), (), *_conditions(chance, 2)], named)


def _of_groups(chance: Chance) -> Vocabulary:
    """Statements some of which test the resource group that grants may be limited to."""
    operators = [*OPERATORS["text"], "StringEqualsIgnoreCase", "ForAllValues:StringEquals", "ForAnyValue:StringNotLike"]
    groups = [GROUP, "rg-2", "rg-*", GROUP.upper()]
    tests = [
        (Condition(chance.choice(operators), GROUP_KEY, tuple(chance.sample(groups, k=chance.choice((1, 1, 2))))),)
        for _ in range(5)
    ]
    return Vocabulary(_actions(chance, 3), _resources(chance, 3), [(), *tests], [None])


def _of_everything(chance: Chance) -> Vocabulary:
    return Vocabulary(
        _actions(chance, 4),
        _resources(chance, 4),
        [(), *_conditions(chance, 3, chance.choices(list(OPERATORS), k=2))],
        [None],
    )


class _People:
    """A principal of few accounts and names, so that statements overlap."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._accounts = ["1", chance.choice(["2", "1000000001"])]
        self._names = chance.sample(NAMES, 2)

    def account(self) -> str:
        return self._chance.choice(self._accounts)

    def name(self) -> str:
        return self._chance.choice(self._names)

    def trusted(self, kinds: Sequence[str] = ("user", "role", "root")) -> str:
        kind = self._chance.choice(kinds)
        name = kind if kind == "root" else f"{kind}/{self.name()}"
        return f"acs:ram::{self.account()}:{name}"

    def several(self, make: Callable[[], str], numbers: Sequence[int]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(make() for _ in range(self._chance.choice(numbers))))


def _glob(chance: Chance, letters: Sequence[str] = LETTERS, most: int = 3) -> str:
    return "".join(chance.choices(letters, k=chance.randint(1, most)))


def _several(chance: Chance, make: Callable[[], str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(make() for _ in range(chance.choice((1, 1, 2)))))


def _actions(chance: Chance, number: int) -> list[tuple[str, ...]]:
    letters = chance.choice([LETTERS, "ab*?"])
    return [
        ("*",),
        *(
            _several(chance, lambda: f"{chance.choice(['s', 'S', '*', 'ra?', 'ram'])}:{_glob(chance, letters)}")
            for _ in range(number)
        ),
    ]


def _resources(chance: Chance, number: int) -> list[tuple[str, ...]]:
    letters = chance.choice([LETTERS, "aA*?:"])

    def one() -> str:
        service, region = chance.choice(["s", "ram", "sts", "*", "?"]), chance.choice(["", "*", "r", "?"])
        return f"acs:{service}:{region}:{chance.choice(['', '1', '*', '?1'])}:{_glob(chance, letters)}"

    return [("*",), ("acs:*:*:*:*",), *(_several(chance, one) for _ in range(number - 1))]


def _conditions(
    chance: Chance, number: int, types: Sequence[str] = (), *, mixed: float = 0.07
) -> list[tuple[Condition, ...]]:
    """Conditions on a key of each type, now and then with an operator of another type."""
    types = types or [chance.choice(list(OPERATORS))]
    tested = {chance.choice(KEYS[kind]): kind for kind in types}
    found: list[tuple[Condition, ...]] = [()]
    for _ in range(number):
        several: dict[tuple[str, str], Condition] = {}
        for key in chance.sample(list(tested), k=chance.randint(1, len(tested))):
            for _ in range(chance.choice((1, 1, 2))):
                kind = chance.choice(list(OPERATORS)) if chance.random() < mixed else tested[key]
                prefix = chance.choice(SETS) if key.startswith("many:") else ""
                operator = prefix + chance.choice(OPERATORS[kind])
                several[operator, key] = Condition(
                    operator, key, _several(chance, lambda kind=kind: _value(chance, kind))
                )
        found.append(tuple(several.values()))
    return found


def _value(chance: Chance, kind: str) -> str:
    match kind:
        case "number":
            return chance.choice(NUMBERS)
        case "date":
            return chance.choice(DATES)
        case "network":
            return chance.choice(NETWORKS)
        case "mixed":
            return chance.choice(["0", "1", "-1", "1.5", "007"])
        case "bool":
            return chance.choice(["true", "false"])
        case _:
            return _glob(chance, LETTERS if chance.random() < 0.5 else "ab*?", 2)


VOCABULARIES: dict[str, Callable[[Chance], Vocabulary]] = {
    "patterns": _of_patterns,
    "conditions": _of_conditions,
    "trust": _of_trust,
    "buckets": _of_buckets,
    "everything": _of_everything,
    GROUPS: _of_groups,
    "shapes": _of_shapes,
    "letters": _of_letters,
    "nothing": _of_nothing,
    "owners": _of_owners,
    **{kind: _of_one_type(kind) for kind in OPERATORS},
}
