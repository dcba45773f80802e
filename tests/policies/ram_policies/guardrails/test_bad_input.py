"""Rules never raise, whatever a program writes into its resources."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from ram_guardrails_pack.testing import UNKNOWN, provider, resource
from ram_policies.guardrails.report import report
from ram_policies.guardrails.report_settings import ReportSettings, StateSources
from ram_policies.guardrails.rule_model import Outside
from ram_policies.guardrails.rulebook import RULES, judge
from ram_policies.stack.assembly import ATTACHMENTS, TYPES, build_stack

OUTSIDE = Outside(lambda: datetime(2026, 1, 1, tzinfo=UTC), str)
NAMES = st.sampled_from(
    ["ops", "OPS", "team", "AAA", "AdministratorAccess", "AliyunSTSAssumeRoleAccess", "", "ä", "a b"]
)
BOUNDS = (
    '{"Version":"1","Statement":[{"Effect":"Allow","Action":"a:b","Resource":"*","Condition":{"IpAddress":'
    '{"acs:SourceIp":["::/0","255.255.255.255"]},"DateLessThan":{"acs:CurrentTime":"9999-12-31T23:59:59Z"},'
    '"DateGreaterThan":{"acs:CurrentTime":"0001-01-01"},"NumericEquals":{"x:y":"-0.5"}}}]}'
)
DOCUMENTS = st.sampled_from(
    [
        "", "{", "[]", "null", '{"Version":"1","Statement":[]}', '{"Version":"1","Statement":{}}',
        '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
        '{"Version":"1","Statement":[{"Effect":"Deny","NotAction":"ecs:*","Resource":["acs:ram:::role/x","x"]}]}',
        '{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":["acs:ram:*:1:role/ops"]}]}',
        '{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1:root"]}}]}',
        BOUNDS,
    ]
)  # fmt: skip
VALUES = st.one_of(
    NAMES, DOCUMENTS, st.just(UNKNOWN), st.none(), st.booleans(), st.integers(), st.floats(),
    st.lists(st.one_of(NAMES, st.just(UNKNOWN), st.none()), max_size=3),
    st.dictionaries(st.sampled_from(["effect", "actions", "resources", "x"]), NAMES, max_size=3),
    st.lists(st.dictionaries(st.sampled_from(["effect", "actions", "resources"]), NAMES), max_size=2),
)  # fmt: skip
FIELDS = sorted(
    {
        "roleName", "name", "assumeRolePolicyDocument", "document", "maxSessionDuration", "ramUsers", "services", "arn",
        "policyName", "policyDocument", "policyType", "statements", "userName", "groupName", "userNames",
        "mfaBindRequired", "enforceMfaForLogin", "mfaOperationForLogin", "principalName", "principalType",
        "resourceGroupId", "isDefaultVersion",
        *(field for _, field, _ in ATTACHMENTS.values()),
    }
)  # fmt: skip
PROVIDERS = st.sampled_from([provider("1", "a"), provider("2", "b"), provider(name="c"), None])


@st.composite
def stacks(draw):
    count = draw(st.integers(1, 6))
    out = []
    for number in range(count):
        properties = draw(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6))
        origins = {name: draw(st.lists(st.sampled_from(out), max_size=2)) for name in properties} if out else {}
        out.append(resource(draw(st.sampled_from(sorted(TYPES))), f"r{number}", properties, draw(PROVIDERS), origins))
    return out


@given(stacks())
def test_rules_and_report_never_raise(stack):
    view = build_stack(stack)
    asked = {"trust-outside-allow-list": {"accounts": ["1"]}}
    for judged in judge(view, asked, OUTSIDE, RULES):
        assert judged.violation.message
        assert judged.violation.urn.startswith("urn:pulumi:")
    assert isinstance(report(stack, ReportSettings(before=""), StateSources(str, str)), str)
