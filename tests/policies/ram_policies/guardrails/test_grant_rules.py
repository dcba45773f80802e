"""Rules about what roles for other accounts are granted."""

import json

import pytest

from ram_guardrails_pack.testing import (
    UNKNOWN,
    attach,
    check,
    group,
    policy,
    provider,
    resource,
    role,
    trust_document,
    user,
)
from ram_policies.build import allow, deny, document, trust
from ram_policies.catalogue.levels import MORE_ACCESS, actions_with
from ram_policies.document import Effect, Statement
from ram_policies.guardrails.rulebook import find_rule

A, B = provider("11223344"), provider("12345678")
OPS = role("ops", trust_document(trust("acs:ram::12345678:root")), A)
OWN = role("own", trust_document(trust("acs:ram::11223344:root")), A)
STRAY = resource(
    "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment",
    "stray",
    {"roleName": "elsewhere", "policyName": "AdministratorAccess", "policyType": "System"},
    A,
)


def granted(to, *statements):
    what = policy("p", document(*statements), to.provider)
    return to, what, attach(to, what)


class TestAdministrator:
    rule = find_rule("cross-account-administrator")

    def test_the_system_policy(self):
        (violation,) = check(self.rule, OPS, attach(OPS, "AdministratorAccess"))
        assert "AdministratorAccess" in violation.message
        assert "12345678" in violation.message

    @pytest.mark.parametrize(
        "statement",
        [
            allow("*"),
            allow("*:*"),
            allow("*", "acs:*:*:*:*"),
            allow("*", conditions={"Bool": {"acs:MFAPresent": "true"}}),
            Statement(Effect.ALLOW, (), ("ram:*",), ("*",)),
        ],
    )
    def test_everything_in_other_words(self, statement):
        assert check(self.rule, *granted(OPS, statement))

    @pytest.mark.parametrize(
        "statement", [allow("ecs:*"), allow("*:Describe*"), allow("*", "acs:ecs:*:*:*"), deny("*")]
    )
    def test_less_than_everything_passes(self, statement):
        assert check(self.rule, *granted(OPS, statement)) == []

    def test_a_role_for_the_own_account_passes(self):
        assert check(self.rule, OWN, attach(OWN, "AdministratorAccess")) == []

    def test_a_role_that_trusts_nobody_knows_whom_counts(self):
        unknown = role("ops", UNKNOWN, A)
        assert check(self.rule, unknown, attach(unknown, "AdministratorAccess"))

    def test_a_role_outside_the_stack_counts(self):
        assert [v.urn for v in check(self.rule, STRAY)] == [STRAY.urn]

    def test_an_unknown_policy_is_a_violation(self):
        unread = policy("p", UNKNOWN, A)
        assert [v.unknown for v in check(self.rule, OPS, unread, attach(OPS, unread))] == [True]
        nameless = attach(OPS, policy("q", UNKNOWN, A, policy_name=UNKNOWN))
        assert [v.unknown for v in check(self.rule, OPS, nameless)] == [True]


class TestEscalation:
    rule = find_rule("privilege-escalation")

    @pytest.mark.parametrize(
        "action",
        [
            "ram:AttachPolicyToRole", "ram:*", "ram:CreatePolicy*", "ram:UpdateRole", "RAM:passrole",
            "ram:CreateAccessKey", "ram:AddUserToGroup", "ram:SetSecurityPreference",
            "ram:DetachPolicyFromRole", "ram:SetAccountAlias",
            "ims:Create*", "sts:AssumeRole", "sts:*",
            "ram:AttachPolicy", "ram:DetachPolicy", "RAM:ATTACHPOLICY", "ram:SomethingNew", "ram:Some*",
            "resourcemanager:CreateRole", "resourcemanager:AttachPolicy", "resourcemanager:*", "cloudsso:*",
            "cloudsso:CreateUser", "resourcesharing:*", "fc:CreateFunction", "fc:*", "oos:StartExecution", "ros:*",
            "*:Attach*", "r?m:PassRole",
        ],
    )  # fmt: skip
    def test_a_way_to_more_access(self, action):
        assert check(self.rule, *granted(OPS, allow(["ecs:Describe*", action])))

    def test_all_ways_of_a_grant_are_one_violation(self):
        (violation,) = check(self.rule, *granted(OPS, allow(["ram:*", "sts:AssumeRole"])))
        assert "attach any policy" in violation.message
        assert "hand a role" in violation.message
        assert "go on to other roles" in violation.message
        assert len(violation.message) < 2000

    def test_a_condition_or_a_narrow_resource_does_not_excuse_a_grant(self):
        narrow = allow(
            "ram:PassRole",
            "acs:ram:*:11223344:role/x",
            conditions={"StringEquals": {"acs:Service": "ecs.aliyuncs.com"}},
        )
        assert check(self.rule, *granted(OPS, narrow))

    def test_not_action_that_forgets_ram(self):
        assert check(self.rule, *granted(OPS, Statement(Effect.ALLOW, (), ("ecs:*",), ("acs:ram:*:*:*",))))

    def test_a_deny_that_takes_it_back_does(self):
        assert check(self.rule, *granted(OPS, allow(["ecs:*", "ram:*"]), deny(["ram:*", "sts:*"]))) == []

    def test_a_deny_under_a_condition_does_not(self):
        held_back = deny("ram:*", conditions={"Bool": {"acs:MFAPresent": "true"}})
        assert check(self.rule, *granted(OPS, allow("ram:*"), held_back))

    def test_reading_ram_passes(self):
        assert check(self.rule, *granted(OPS, allow(["ram:GetUser*", "ram:List*", "ecs:*"]))) == []

    def test_a_chain_names_the_roles_it_leads_to(self):
        found = check(self.rule, *granted(OPS, allow("sts:AssumeRole", "acs:ram:*:11223344:role/own")), OWN)
        assert "acs:ram::11223344:role/own" in found[0].message

    @pytest.mark.parametrize("action", ["ecs:RunCommand", "ecs:*", "ecs:Run*", "ECS:INVOKECOMMAND"])
    def test_running_code_where_the_service_has_a_role(self, action):
        service = '{"Service": ["ecs.aliyuncs.com"]}'
        text = f'{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{service}}}]}}'
        instance = role("instance", text, A)
        assert check(self.rule, instance, *granted(OPS, allow(action)))

    @pytest.mark.parametrize(
        ("principal", "action"),
        [
            ("engine.dataworks.aliyuncs.com", "dataworks:DeployFile"),
            ("pai.aliyuncs.com", "paidlc:CreateJob"),
            ("pai.aliyuncs.com", "eas:CreateService"),
            ("emr.aliyuncs.com", "emr-serverless-spark:StartJobRun"),
            ("computenest.aliyuncs.com", "computenest:DeployServiceInstance"),
            ("iacservice.aliyuncs.com", "iacservice:ExecuteTerraformApply"),
            ("11223344@cs.aliyuncs.com", "cs:CreateClusterNodePool"),
            ("eci.aliyuncs.com", "eci:CreateContainerGroup"),
            ("ess.aliyuncs.com", "ess:CreateScalingConfiguration"),
            ("sae.aliyuncs.com", "sae:DeployApplication"),
            ("fnf.aliyuncs.com", "fnf:StartExecution"),
            ("eventbridge.aliyuncs.com", "eventbridge:PutTargets"),
            ("swas-open.aliyuncs.com", "swas-open:StartTerminalSession"),
        ],
    )
    def test_running_code_counts_in_each_service_that_a_role_trusts(self, principal, action):
        trusting = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": [principal]}}
        service = role("service", json.dumps({"Version": "1", "Statement": [trusting]}), A)
        assert check(self.rule, service, *granted(OPS, allow(action)))
        assert check(self.rule, OWN, *granted(OPS, allow(action))) == []

    def test_running_code_where_no_role_trusts_the_service_passes(self):
        assert check(self.rule, OWN, *granted(OPS, allow("ecs:*"))) == []

    def test_running_code_counts_always_where_a_setting_says_so(self):
        assert check(self.rule, *granted(OPS, allow("ecs:*")), settings={"throughServices": "always"})

    def test_a_list_of_denied_actions_leaves_those_that_come_tomorrow(self):
        denied = [a for h in MORE_ACCESS for a in actions_with(h) if a.startswith("ram:")]
        assert check(self.rule, *granted(OPS, allow("ram:*"), deny(denied)))
        assert check(self.rule, *granted(OPS, allow("ram:*"), deny([*denied, "ram:*"]))) == []

    def test_accepted_actions_pass(self):
        grant = granted(OPS, allow("ram:PassRole"))
        assert check(self.rule, *grant, settings={"accepted": ["ram:Pass*"]}) == []

    def test_a_system_policy_outside_the_catalogue_has_to_be_reviewed(self):
        unlisted = attach(OPS, "AliyunUnheardOfFullAccess")
        assert [v.unknown for v in check(self.rule, OPS, unlisted)] == [False]
        reviewed = {"reviewedPolicies": ["aliyununheardoffullaccess"]}
        assert check(self.rule, OPS, unlisted, settings=reviewed) == []

    def test_a_custom_policy_outside_the_stack_cannot_be_judged(self):
        (violation,) = check(self.rule, OPS, attach(OPS, policy("p", document(allow("ecs:*")), A)))
        assert "is not in this stack" in violation.message
        assert not violation.unknown

    def test_a_published_system_policy_passes(self):
        assert check(self.rule, OPS, attach(OPS, "AliyunECSReadOnlyAccess")) == []

    def test_a_role_for_the_own_account_passes(self):
        assert check(self.rule, *granted(OWN, allow("ram:*"))) == []

    def test_an_unknown_document_is_a_violation(self):
        unread = policy("p", UNKNOWN, A)
        assert [v.unknown for v in check(self.rule, OPS, unread, attach(OPS, unread))] == [True]


class TestAssumePermission:
    rule = find_rule("assume-permission-too-wide")
    team = group("operators", B)

    @pytest.mark.parametrize(
        "resource",
        [
            "*",
            "acs:ram:*:11223344:role/*",
            "acs:ram:*:*:role/ops",
            "acs:ram::11223344:role/ops-?",
            "acs:ram:::role/ops",
        ],
    )
    def test_a_pattern_is_wider_than_the_roles(self, resource):
        assert check(self.rule, *granted(self.team, allow("sts:AssumeRole", resource)), OPS)

    def test_the_system_policy_is(self):
        (violation,) = check(self.rule, self.team, attach(self.team, "AliyunSTSAssumeRoleAccess"))
        assert "AliyunSTSAssumeRoleAccess" in violation.message

    @pytest.mark.parametrize("resource", ["acs:ram:*:11223344:role/ops", "acs:ram::11223344:role/OPS"])
    def test_a_role_that_exists_passes(self, resource):
        assert check(self.rule, *granted(self.team, allow("sts:AssumeRole", resource)), OPS) == []

    def test_one_that_does_not_is_a_violation(self):
        found = check(self.rule, *granted(self.team, allow("sts:AssumeRole", "acs:ram:*:11223344:role/gone")), OPS)
        assert "acs:ram::11223344:role/gone" in found[0].message

    def test_a_role_of_an_account_that_is_not_described_passes(self):
        grant = granted(self.team, allow("sts:AssumeRole", "acs:ram:*:99999999:role/gone"))
        assert check(self.rule, *grant, OPS) == []
        assert check(self.rule, *grant, OPS, settings={"roles": ["acs:ram::99999999:role/there"]})

    def test_grants_of_other_actions_pass(self):
        assert check(self.rule, *granted(self.team, allow(["ecs:*", "sts:GetCallerIdentity"]))) == []

    def test_an_unknown_document_is_a_violation(self):
        unread = policy("p", UNKNOWN, B)
        aaa = user("AAA", B)
        assert [v.unknown for v in check(self.rule, aaa, unread, attach(aaa, unread))] == [True]


def test_documents_read_from_old_fields_of_the_provider_count():
    old = resource("alicloud:ram/role:Role", "old", {"name": "old", "ramUsers": ["acs:ram::12345678:root"]}, A)
    assert check(find_rule("trust-without-proof"), old)
    statements = [{"effect": "Allow", "actions": ["*"], "resources": ["*"]}]
    what = resource("alicloud:ram/policy:Policy", "p", {"name": "p", "statements": statements}, A)
    grant = resource(STRAY.type, "g", {"roleName": "ops", "policyName": "p", "policyType": "Custom"}, A)
    assert check(find_rule("cross-account-administrator"), OPS, what, grant)
