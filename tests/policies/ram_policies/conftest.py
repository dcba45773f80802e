"""Strategies for documents and requests: tests ask for them by type, ``st.from_type(Document)``."""

from __future__ import annotations

from hypothesis import strategies as st

from ram_policies import Condition, Document, Effect, Request, Statement

ACTIONS = ["ecs:StopInstance", "ecs:StartInstance", "ecs:DescribeDisks", "rds:StopDBInstance", "ram:GetRole"]
RESOURCES = [
    "acs:ecs:cn-hangzhou:1:instance/i-1",
    "acs:ecs:cn-beijing:1:instance/i-2",
    "acs:rds:cn-hangzhou:2:dbinstance/rm-1",
    "acs:ram:*:1:role/ecs-admin",
    "*",
]
ACTION_PATTERNS = [
    "*",
    "ecs:*",
    "ecs:St*",
    "ECS:stopinstance",
    "*:Stop*",
    "ecs:Describe?isks",
    "ram:Get*",
    "rds:StopDBInstance",
]
RESOURCE_PATTERNS = [
    "*",
    "acs:ecs:*:*:*",
    "acs:ecs::1:instance/*",
    "acs:ecs:cn-*:1:instance/i-?",
    "acs:*:*:2:*",
    "acs:ram::1:role/ECS-Admin",
    "acs:ecs:cn-hangzhou:1:instance/i-1",
]
KEYS = {"acs:Service": ["a", "b"], "ecs:tag/team": ["ops", "dev", "o*"]}
STRING_OPERATORS = [
    f"{prefix}{base}"
    for prefix in ("", "ForAllValues:", "ForAnyValue:")
    for base in ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase")
]


def some(values: list[str], most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True).map(tuple)


@st.composite
def conditions(draw: st.DrawFn) -> tuple[Condition, ...]:
    pairs = draw(
        st.lists(st.tuples(st.sampled_from(STRING_OPERATORS), st.sampled_from(sorted(KEYS))), max_size=2, unique=True)
    )
    return tuple(Condition(operator, key, draw(some(KEYS[key]))) for operator, key in pairs)


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    actions = draw(some(ACTION_PATTERNS))
    negative = draw(st.integers(0, 4)) == 0
    return Statement(
        draw(st.sampled_from(Effect)),
        () if negative else actions,
        actions if negative else (),
        draw(some(RESOURCE_PATTERNS)),
        None,
        draw(conditions()),
    )


documents = st.lists(statements(), min_size=1, max_size=5).map(lambda items: Document(tuple(items)))
values = st.one_of(
    st.sampled_from(["a", "b", "ops", "OPS", "dev"]),
    st.lists(st.sampled_from(["a", "ops", "dev"]), max_size=3).map(tuple),
)
contexts = st.dictionaries(st.sampled_from(sorted(KEYS)), values)
requests = st.builds(Request, st.sampled_from(ACTIONS), st.sampled_from(RESOURCES), contexts)

st.register_type_strategy(Document, documents)
st.register_type_strategy(Request, requests)
