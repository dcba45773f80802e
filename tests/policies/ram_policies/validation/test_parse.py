"""Findings about documents, and their places."""

from __future__ import annotations

import json

import pytest

from ram_policies.document import Principals
from ram_policies.errors import InvalidDocumentError
from ram_policies.findings import CLASS_OF, Code, FindingClass
from ram_policies.validation.parse import Source, parse, read_document

STATEMENT = '"Effect":"Allow","Action":"ecs:*","Resource":"*"'


def one(members: str, version: str = '"Version":"1",') -> str:
    return f'{{{version}"Statement":[{{{members}}}]}}'


# name, kind, text, code, path, line, column
ERRORS: list[tuple[str, str, str, Code, str, int, int]] = [
    ("empty text", "identity", "", Code.JSON_SYNTAX_ERROR, "", 1, 1),
    ("only space", "identity", " \n ", Code.JSON_SYNTAX_ERROR, "", 1, 1),
    ("a cut document", "identity", '{"Version"', Code.JSON_SYNTAX_ERROR, "", 1, 11),
    ("a comma too many", "identity", '{"Version":"1",}', Code.JSON_SYNTAX_ERROR, "", 1, 16),
    ("single quotes", "identity", "{'Version':'1'}", Code.JSON_SYNTAX_ERROR, "", 1, 2),
    ("text after the end", "identity", '{"Version":"1"} x', Code.JSON_SYNTAX_ERROR, "", 1, 17),
    ("a string over two lines", "identity", '{"Version":"1\n"}', Code.JSON_SYNTAX_ERROR, "", 1, 12),
    ("an unknown escape", "identity", '{"Version":"\\x"}', Code.JSON_SYNTAX_ERROR, "", 1, 12),
    ("NaN", "identity", '{"Version":NaN}', Code.JSON_SYNTAX_ERROR, "", 1, 12),
    ("minus infinity", "identity", '{"Version":-Infinity}', Code.JSON_SYNTAX_ERROR, "", 1, 12),
    ("half a surrogate pair", "identity", '{"Version":"\\ud800"}', Code.JSON_SYNTAX_ERROR, "", 1, 12),
    ("a byte order mark", "identity", "\ufeff{}", Code.JSON_SYNTAX_ERROR, "", 1, 1),
    ("too deep", "identity", "[" * 65, Code.DOCUMENT_TOO_DEEP, "", 1, 65),
    ("an array", "identity", "[]", Code.DATA_TYPE_MISMATCH, "", 1, 1),
    ("a number", "identity", "12", Code.DATA_TYPE_MISMATCH, "", 1, 1),
    ("no version", "identity", one(STATEMENT, ""), Code.INVALID_VERSION, "Version", 1, 1),
    ("another version", "identity", one(STATEMENT, '"Version":"2",'), Code.INVALID_VERSION, "Version", 1, 12),
    ("a version of another number", "identity", one(STATEMENT, '"Version":2,'), Code.INVALID_VERSION, "Version", 1, 12),
    ("no statement", "identity", '{"Version":"1"}', Code.MISSING_STATEMENT, "Statement", 1, 1),
    ("an empty statement", "identity", '{"Version":"1","Statement":[]}', Code.MISSING_STATEMENT, "Statement", 1, 28),
    ("one statement without a list", "identity", f'{{"Version":"1","Statement":{{{STATEMENT}}}}}',
     Code.DATA_TYPE_MISMATCH, "Statement", 1, 28),
    ("a statement that is text", "identity", '{"Version":"1","Statement":["x"]}',
     Code.DATA_TYPE_MISMATCH, "Statement[0]", 1, 29),
    ("an unknown element", "identity", '{"Version":"1",\n "Id":"x","Statement":[{' + STATEMENT + "}]}",
     Code.INVALID_POLICY_ELEMENT, "Id", 2, 2),
    ("NotResource", "identity", one('"NotResource":"*",' + STATEMENT),
     Code.INVALID_POLICY_ELEMENT, "Statement[0].NotResource", 1, 30),
    ("an element in another case", "identity", one('"action":"ecs:*",' + STATEMENT),
     Code.INVALID_POLICY_ELEMENT, "Statement[0].action", 1, 30),
    ("an element twice", "identity", one('"Effect":"Deny",' + STATEMENT),
     Code.DUPLICATE_ELEMENT, "Statement[0].Effect", 1, 46),
    ("no effect", "identity", one('"Action":"ecs:*","Resource":"*"'),
     Code.MISSING_EFFECT, "Statement[0].Effect", 1, 29),
    ("an effect in another case", "identity", one('"Effect":"allow","Action":"ecs:*","Resource":"*"'),
     Code.INVALID_EFFECT, "Statement[0].Effect", 1, 39),
    ("no action", "identity", one('"Effect":"Allow","Resource":"*"'),
     Code.MISSING_ACTION, "Statement[0].Action", 1, 29),
    ("both kinds of action", "identity", one('"NotAction":"ecs:*",' + STATEMENT),
     Code.ACTION_AND_NOT_ACTION, "Statement[0]", 1, 29),
    ("an empty list of actions", "identity", one('"Effect":"Allow","Action":[],"Resource":"*"'),
     Code.EMPTY_VALUE, "Statement[0].Action", 1, 56),
    ("an empty action", "identity", one('"Effect":"Allow","Action":[""],"Resource":"*"'),
     Code.EMPTY_VALUE, "Statement[0].Action[0]", 1, 57),
    ("an action without service", "identity", one('"Effect":"Allow","Action":"StopInstance","Resource":"*"'),
     Code.INVALID_ACTION_FORMAT, "Statement[0].Action", 1, 56),
    ("an action with a space", "identity", one('"Effect":"Allow","Action":"ecs: Stop","Resource":"*"'),
     Code.INVALID_ACTION_FORMAT, "Statement[0].Action", 1, 56),
    ("an action that is a number", "identity", one('"Effect":"Allow","Action":["ecs:*",7],"Resource":"*"'),
     Code.DATA_TYPE_MISMATCH, "Statement[0].Action[1]", 1, 65),
    ("no resource", "identity", one('"Effect":"Allow","Action":"ecs:*"'),
     Code.MISSING_RESOURCE, "Statement[0].Resource", 1, 29),
    ("a resource of another cloud", "identity", one('"Effect":"Allow","Action":"ecs:*","Resource":"arn:x:*:*:*"'),
     Code.INVALID_ARN_PREFIX, "Statement[0].Resource", 1, 75),
    ("a resource with four fields", "identity", one('"Effect":"Allow","Action":"ecs:*","Resource":"acs:ecs:*:*"'),
     Code.MISSING_ARN_FIELD, "Statement[0].Resource", 1, 75),
    ("a principal in an identity policy", "identity", one('"Principal":{"RAM":["acs:ram::1:root"]},' + STATEMENT),
     Code.PRINCIPAL_NOT_ALLOWED, "Statement[0].Principal", 1, 30),
    ("an operator that does not exist", "identity", one(STATEMENT + ',"Condition":{"StringIs":{"acs:Service":"x"}}'),
     Code.INVALID_CONDITION_OPERATOR, "Statement[0].Condition.StringIs", 1, 103),
    ("IfExists", "identity", one(STATEMENT + ',"Condition":{"BoolIfExists":{"acs:MFAPresent":"true"}}'),
     Code.INVALID_CONDITION_OPERATOR, "Statement[0].Condition.BoolIfExists", 1, 107),
    ("an unknown set prefix", "identity", one(STATEMENT + ',"Condition":{"ForNoValue:Bool":{"acs:MFAPresent":"true"}}'),
     Code.INVALID_CONDITION_OPERATOR, "Statement[0].Condition.ForNoValue:Bool", 1, 110),
    ("a key with a space", "identity", one(STATEMENT + ',"Condition":{"Bool":{"MFA Present":"true"}}'),
     Code.INVALID_CONDITION_KEY_FORMAT, "Statement[0].Condition.Bool.MFA Present", 1, 114),
    ("two Booleans", "identity", one(STATEMENT + ',"Condition":{"Bool":{"acs:MFAPresent":["true","false"]}}'),
     Code.INVALID_CONDITION_MULTIPLE_BOOLEAN, "Statement[0].Condition.Bool.acs:MFAPresent", 1, 117),
    ("a Boolean without quotes", "identity", one(STATEMENT + ',"Condition":{"Bool":{"acs:MFAPresent":true}}'),
     Code.DATA_TYPE_MISMATCH, "Statement[0].Condition.Bool.acs:MFAPresent", 1, 117),
    ("no Boolean", "identity", one(STATEMENT + ',"Condition":{"Bool":{"acs:MFAPresent":"yes"}}'),
     Code.INVALID_CONDITION_VALUE, "Statement[0].Condition.Bool.acs:MFAPresent", 1, 117),
    ("no address", "identity", one(STATEMENT + ',"Condition":{"IpAddress":{"acs:SourceIp":"10.0.0.0/33"}}'),
     Code.INVALID_CONDITION_VALUE, "Statement[0].Condition.IpAddress.acs:SourceIp", 1, 120),
    ("no date", "identity", one(STATEMENT + ',"Condition":{"DateLessThan":{"acs:CurrentTime":"2026-13-01"}}'),
     Code.INVALID_CONDITION_VALUE, "Statement[0].Condition.DateLessThan.acs:CurrentTime", 1, 126),
    ("no number", "identity", one(STATEMENT + ',"Condition":{"NumericEquals":{"ecs:n":"1e3"}}'),
     Code.INVALID_CONDITION_VALUE, "Statement[0].Condition.NumericEquals.ecs:n", 1, 117),
    ("a mask written as an address", "identity",
     one(STATEMENT + ',"Condition":{"IpAddress":{"acs:SourceIp":"10.0.0.0/255.0.0.0"}}'),
     Code.INVALID_CONDITION_VALUE, "Statement[0].Condition.IpAddress.acs:SourceIp", 1, 120),
    ("an operator without keys", "identity", one(STATEMENT + ',"Condition":{"Bool":{}}'),
     Code.EMPTY_VALUE, "Statement[0].Condition.Bool", 1, 99),
    ("a condition that is a list", "identity", one(STATEMENT + ',"Condition":[]'),
     Code.DATA_TYPE_MISMATCH, "Statement[0].Condition", 1, 91),
    ("a trust policy without principal", "trust", one('"Effect":"Allow","Action":"sts:AssumeRole"'),
     Code.MISSING_PRINCIPAL, "Statement[0].Principal", 1, 29),
    ("a trust policy with a resource", "trust",
     one('"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1:root"]},"Resource":"*"'),
     Code.RESOURCE_NOT_ALLOWED, "Statement[0].Resource", 1, 113),
    ("a star as principal", "trust", one('"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*"'),
     Code.DATA_TYPE_MISMATCH, "Statement[0].Principal", 1, 85),
    ("a star among principals", "trust", one('"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["*"]}'),
     Code.INVALID_PRINCIPAL, "Statement[0].Principal.RAM[0]", 1, 93),
    ("an account ID as principal", "trust",
     one('"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["12345678"]}'),
     Code.INVALID_PRINCIPAL, "Statement[0].Principal.RAM[0]", 1, 93),
    ("a group as principal", "trust",
     one('"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1:group/ops"]}'),
     Code.INVALID_PRINCIPAL, "Statement[0].Principal.RAM[0]", 1, 93),
    ("a principal that names nobody", "trust", one('"Effect":"Allow","Action":"sts:AssumeRole","Principal":{}'),
     Code.MISSING_PRINCIPAL, "Statement[0].Principal", 1, 85),
    ("a kind of principal of another cloud", "trust",
     one('"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":["x"]}'),
     Code.INVALID_POLICY_ELEMENT, "Statement[0].Principal.AWS", 1, 86),
    ("NotAction in a trust policy", "trust",
     one('"Effect":"Allow","NotAction":"ram:*","Principal":{"RAM":["acs:ram::1:root"]}'),
     Code.INVALID_POLICY_ELEMENT, "Statement[0].NotAction", 1, 47),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text", "expected"), [(e[1], e[2], e[3:]) for e in ERRORS], ids=[e[0] for e in ERRORS]
)
def test_an_error_says_what_and_where(kind: str, text: str, expected: tuple[Code, str, int, int]) -> None:
    parsed = parse(text, kind)
    assert parsed.document is None
    found = [(f.code, f.path, f.line, f.column) for f in parsed.errors]
    assert expected in found
    for finding in parsed.findings:
        assert finding.message.endswith((".", "?"))
        assert finding.fix


# name, kind, statement, code, path
WARNINGS: list[tuple[str, str, str, Code, str]] = [
    ("everything", "identity", '"Effect":"Allow","Action":"*","Resource":"*"', Code.ALLOW_EVERYTHING, ".Action"),
    ("everything, in a list", "identity", '"Effect":"Allow","Action":["*:*"],"Resource":["*"]',
     Code.ALLOW_EVERYTHING, ".Action"),
    ("Allow with NotAction", "identity", '"Effect":"Allow","NotAction":"ram:*","Resource":"*"',
     Code.ALLOW_WITH_NOT_ACTION, ".NotAction"),
    ("a negated operator in an Allow", "identity", STATEMENT + ',"Condition":{"StringNotEquals":{"ecs:tag/a":"b"}}',
     Code.ALLOW_WITH_NEGATED_CONDITION, ".Condition.StringNotEquals.ecs:tag/a"),
    ("ForAllValues in an Allow", "identity", STATEMENT + ',"Condition":{"ForAllValues:StringEquals":{"ecs:a":"b"}}',
     Code.ALLOW_WITH_FOR_ALL_VALUES, ".Condition.ForAllValues:StringEquals.ecs:a"),
    ("a Deny that AccessKeys pass", "identity",
     '"Effect":"Deny","Action":"ecs:*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"false"}}',
     Code.DENY_MISSES_ABSENT_KEY, ".Condition.Bool.acs:MFAPresent"),
    ("a known key in another case", "identity", STATEMENT + ',"Condition":{"IpAddress":{"acs:SourceIP":"10.0.0.1"}}',
     Code.CONDITION_KEY_CASE, ".Condition.IpAddress.acs:SourceIP"),
    ("a common key that does not exist", "identity",
     STATEMENT + ',"Condition":{"DateLessThan":{"acs:TokenIssueTime":"2026-01-01"}}',
     Code.UNKNOWN_CONDITION_KEY, ".Condition.DateLessThan.acs:TokenIssueTime"),
    ("a trust policy for another action", "trust",
     '"Effect":"Allow","Action":"ecs:*","Principal":{"RAM":["acs:ram::1:root"]}', Code.TRUST_ACTION, ".Action"),
    ("an action twice", "identity", '"Effect":"Allow","Action":["ecs:StopInstance","ecs:StopInstance"],"Resource":"*"',
     Code.DUPLICATE_VALUE, ".Action[1]"),
    ("an action nobody knows", "identity", '"Effect":"Allow","Action":"ecs:StopInstnce","Resource":"*"',
     Code.UNKNOWN_ACTION, ".Action"),
    ("a pattern no action matches", "session", '"Effect":"Allow","Action":["ecs:*","rds:Reboot*DB*"],"Resource":"*"',
     Code.UNKNOWN_ACTION, ".Action[1]"),
    ("an action left out that nobody knows", "control", '"Effect":"Deny","NotAction":"oss:HeadObject","Resource":"*"',
     Code.UNKNOWN_ACTION, ".NotAction"),
    ("an action that another covers", "session", '"Effect":"Allow","Action":["ecs:*","ECS:Stop*"],"Resource":"*"',
     Code.REDUNDANT_VALUE, ".Action[1]"),
    ("a resource that another covers", "identity",
     '"Effect":"Allow","Action":"ecs:*","Resource":["acs:ecs::1:instance/i-1","acs:ecs:*:*:instance/*"]',
     Code.REDUNDANT_VALUE, ".Resource[0]"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "members", "code", "path"), [w[1:] for w in WARNINGS], ids=[w[0] for w in WARNINGS])
def test_a_warning_leaves_the_document_valid(kind: str, members: str, code: Code, path: str) -> None:
    parsed = parse(one(members), kind)
    assert parsed.document is not None
    assert [(f.code, f.path) for f in parsed.findings] == [(code, f"Statement[0]{path}")]
    assert CLASS_OF[code] is not FindingClass.ERROR


@pytest.mark.parametrize(
    "members",
    [
        STATEMENT + ',"Condition":{"DateNotEquals":{"acs:CurrentTime":"2026-01-01"}}',
        STATEMENT + ',"Condition":{"Bool":{"acs:MFAPresent":"true"}}',
        STATEMENT + ',"Condition":{"StringEquals":{"acs:ResourceTag/team":"ops"}}',
        STATEMENT + ',"Condition":{"StringEquals":{"ecs:tag/my team/east":"ops"}}',
        '"Effect":"Deny","Action":"ecs:*","Resource":"*","Condition":{"StringNotEquals":{"ecs:tag/a":"b"}}',
    ],
)
def test_a_plain_document_gets_no_warning(members: str) -> None:
    assert parse(one(members), "identity").findings == ()


def test_positions_count_lines() -> None:
    text = json.dumps(json.loads(one(STATEMENT.replace("ecs:*", "oops"))), indent=2)
    (finding,) = parse(text, "identity").findings
    assert text.splitlines()[finding.line - 1][finding.column - 1 :].startswith('"oops"')
    assert str(finding).startswith("6:17: error: Invalid action format: ")


def test_all_errors_of_a_document_are_found_in_one_go_and_in_order() -> None:
    text = one('"Effect":"allow","Action":"x","Resource":"y"', '"Version":2,')
    parsed = parse(text, "identity")
    assert [f.code for f in parsed.findings] == [
        Code.INVALID_VERSION,
        Code.INVALID_EFFECT,
        Code.INVALID_ACTION_FORMAT,
        Code.INVALID_ARN_PREFIX,
    ]


def test_a_huge_text_is_not_even_read() -> None:
    (finding,) = parse("[" * 2_000_000, "identity").findings
    assert finding.code is Code.DOCUMENT_TOO_LONG


@pytest.mark.parametrize("text", ["[" * 900_000, '{"a":' * 150_000, "9" * 900_000, '"' + "\\" * 900_000, " " * 900_000])
def test_long_hostile_texts_give_findings_fast(text: str) -> None:
    assert parse(text, "identity").document is None


def test_a_text_made_to_give_endless_findings_gives_some() -> None:
    assert 100 < len(parse('{"Version":"1","Statement":[' + "{}," * 100_000 + "{}]}", "identity").findings) <= 500


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ('{"Version": "1", "Statement": []}', "line 1, column 31"),
        ({"Version": "1", "Statement": []}, "line 3, column 16"),
        ({"Version": 1.5, "Statement": {1, 2}}, "line 1, column 1"),
    ],
)
def test_a_document_that_cannot_be_read_is_one_error_with_its_field(source: Source, place: str) -> None:
    with pytest.raises(InvalidDocumentError) as caught:
        read_document(source, "identity", "roles[0].policies[1].document")
    error = caught.value
    assert str(error).startswith("roles[0].policies[1].document: ")
    assert place in str(error)
    assert (error.field, error.value) == ("roles[0].policies[1].document", source)
    assert error.first in error.findings
    assert error.first.message.rstrip(".") in str(error)


def bucket(principal: str, condition: str = "{}") -> str:
    return one(
        f'"Effect":"Allow","Action":"oss:GetObject","Resource":"acs:oss:*:1:b/*"{principal},"Condition":{condition}'
    )


ASSUME = '"Effect":"Allow","Action":"sts:AssumeRole"'
TAKEN = {
    "an empty condition": ("identity", one(STATEMENT + ',"Condition":{}'), [Code.EMPTY_CONDITION]),
    "a name for a statement": ("identity", one('"Sid":"x",' + STATEMENT), [Code.ELEMENT_WITHOUT_EFFECT]),
    "a version that is a number": (
        "identity",
        one(STATEMENT).replace('"Version":"1"', '"Version":1'),
        [Code.VERSION_AS_NUMBER],
    ),
    "a key without a service": (
        "identity",
        one(STATEMENT + ',"Condition":{"StringNotLike":{"Action":"x"}}'),
        [Code.KEY_WITHOUT_SERVICE],
    ),
    "a bucket policy for nobody in particular": ("bucket", bucket(',"Principal":[]'), [Code.EMPTY_CONDITION]),
    "a bucket policy without a principal": ("bucket", bucket(""), [Code.EMPTY_CONDITION]),
    "sessions of a role": (
        "bucket",
        bucket(',"Principal":["arn:sts::1:assumed-role/r/*","arn:sts::1:assumed-role/r/s1"]'),
        [Code.EMPTY_CONDITION],
    ),
    "addresses with a VPC": (
        "bucket",
        bucket(',"Principal":["1"]', '{"IpAddress":{"acs:SourceIp":"1.2.3.4"},"StringEquals":{"acs:SourceVpc":"v"}}'),
        [],
    ),
}


@pytest.mark.parametrize("name", TAKEN)
def test_system_policies_are_read_and_written_unchanged(name: str) -> None:
    kind, text, codes = TAKEN[name]
    parsed = parse(text, kind)
    assert parsed.document is not None
    assert set(codes) <= {finding.code for finding in parsed.findings}
    assert parsed.errors == ()
    again = parse(parsed.document.to_json(), kind)
    assert again.document == parsed.document
    assert not {Code.VERSION_AS_NUMBER, Code.ELEMENT_WITHOUT_EFFECT, Code.EMPTY_CONDITION} & {
        finding.code for finding in again.findings
    }


@pytest.mark.parametrize(
    "service",
    [
        "ecs.aliyuncs.com",
        "1345678901234567@actiontrail.aliyuncs.com",
        "1345678901234567@log.aliyuncs.com",
        "1345678901234567@odps.aliyuncs.com",
        "1345678901234567@engine.dataworks.aliyuncs.com",
        "1345678901234567@svc.aliyuncs.com",
    ],
)
def test_a_service_may_act_for_an_account(service: str) -> None:
    text = one(f'"Effect":"Allow","Action":"sts:AssumeRole","Principal":{{"Service":["{service}"],"RAM":[]}}')
    document = parse(text, "trust").document
    assert document is not None
    assert document.statements[0].principals == Principals(service=(service,))


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (
            "trust",
            one('"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":[],"Service":[]}'),
            Code.MISSING_PRINCIPAL,
        ),
        (
            "bucket",
            bucket(',"Principal":["1"]', '{"IpAddress":{"acs:SourceIp":"1.2.3.4"}}'),
            Code.SOURCE_IP_WITHOUT_VPC,
        ),
        ("bucket", bucket(',"Principal":["arn:sts::1:assumed-role/r"]'), Code.INVALID_PRINCIPAL),
        ("identity", one(STATEMENT + ',"Sid":1'), Code.DATA_TYPE_MISMATCH),
        ("identity", one(STATEMENT).replace('"Version":"1"', '"Version":1.0'), Code.INVALID_VERSION),
        ("trust", one(f'{ASSUME},"Principal":{{"Service":["x@ecs.aliyuncs.com"]}}'), Code.INVALID_PRINCIPAL),
    ],
)
def test_malformed_elements_are_refused(kind: str, text: str, code: Code) -> None:
    assert code in {finding.code for finding in parse(text, kind).errors}
