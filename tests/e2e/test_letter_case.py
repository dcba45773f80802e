"""Names of roles in another letter case than the account has: found at preview, or reported as not checked."""

import json

import pulumi
import pulumi_alicloud as alicloud
import pytest

from pulumi_alicloud_delegation import CrossAccountDelegation, DelegatedRole

pytestmark = [pytest.mark.e2e, pytest.mark.life]

GRANT = {"system_policies": ["AliyunECSReadOnlyAccess"]}
REFUSED = (
    r"'OPS' is 'ops' in the account, and RAM does not tell upper from lower case\. Fix: write ops\. \[letter-case\]"
)


@pytest.fixture
def alone(house):
    """A program with a role by itself."""

    def stack(name, **settings):
        def program():
            provider = alicloud.Provider("a", **{**house.provider_args(house.a), **settings})
            accounts = {"owner_account_id": house.a.id, "delegate_account_id": house.b.id}
            args = {**accounts, "role": {"name": name, **GRANT}}
            DelegatedRole("role", args, pulumi.ResourceOptions(provider=provider))

        return house.stack(program)

    return stack


@pytest.fixture
def both(house):
    """A program with both sides."""

    def stack(name):
        def program():
            sides = {
                side: {"id": account.id, "access_key": account.root_key.id, "endpoint": house.server.endpoint}
                for side, account in (("owner", house.a), ("delegate", house.b))
            }
            secrets = {"owner_secret_key": house.secrets["ownerSecretKey"]}
            secrets["delegate_secret_key"] = house.secrets["delegateSecretKey"]
            roles, teams = [{"name": name, **GRANT}], [{"name": "t", "roles": [name]}]
            CrossAccountDelegation("d", {**sides, **secrets, "roles": roles, "teams": teams})

        return house.stack(program)

    return stack


@pytest.mark.parametrize(("component", "field"), [("alone", r"role\.name"), ("both", r"roles\[0\]\.name")])
def test_a_role_in_another_letter_case_is_named_before_anything_is_made(house, request, changes, component, field):
    stack = request.getfixturevalue(component)
    stack("ops").up()
    before = house.root(house.a).call("GetRole", {"RoleName": "ops"})["Role"]
    for operation in ("preview", "up"):
        with pytest.raises(Exception, match=rf"{field}: {REFUSED}"):
            getattr(stack("OPS"), operation)()
    assert house.root(house.a).call("GetRole", {"RoleName": "ops"})["Role"] == before
    assert changes(stack("ops").preview()) == {}


def test_a_check_that_the_account_does_not_allow_is_said_to_be_left_out(house, alone, output):
    root = house.root(house.a)
    allow = {"Effect": "Allow", "Action": ["ram:GetRole"], "Resource": ["*"]}
    root.call("CreateUser", {"UserName": "deployer"})
    document = json.dumps({"Version": "1", "Statement": [allow]})
    root.call("CreatePolicy", {"PolicyName": "deployer", "PolicyDocument": document})
    root.call("AttachPolicyToUser", {"PolicyName": "deployer", "PolicyType": "Custom", "UserName": "deployer"})
    key = root.call("CreateAccessKey", {"UserName": "deployer"})["AccessKey"]
    keys = {"access_key": key["AccessKeyId"], "secret_key": key["AccessKeySecret"]}
    alone("OPS", **keys).preview(on_output=output)
    warning = "the account does not list its roles, so a name that it has in another letter case is not found"
    assert warning in output.text
    assert "Fix: allow ram:ListRoles and ram:GetRole" in output.text
