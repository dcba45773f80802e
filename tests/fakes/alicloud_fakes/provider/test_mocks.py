import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import pulumi
import pulumi_alicloud as alicloud
import pytest
from pulumi.runtime.stack import run_pulumi_func
from pulumi_alicloud import ram

from alicloud_fakes.cloud.fake_cloud import Cloud
from alicloud_fakes.provider.mocks import Mocks

TRUST = json.dumps(
    {
        "Statement": [
            {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"RAM": ["acs:ram::12345678:root"]}}
        ],
        "Version": "1",
    }
)


@pytest.fixture
def cloud():
    return Cloud.of({"11223344": "company-a", "12345678": "company-b"})


@pytest.fixture
def run(cloud):
    """Run a program under mocks in a thread of its own; answers what the outputs it returned came to."""

    def running(program, **options):
        async def resolved(outputs):
            return {name: await output.future() for name, output in outputs.items()}

        def threaded():
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            with Mocks(cloud, **options) as mocks:
                pulumi.runtime.set_mocks(mocks, preview=options.get("preview", False))
                made = {}

                async def body():
                    made.update(await resolved(program()))

                # A program that waits forever fails this test, instead of blocking those after it.
                loop.run_until_complete(asyncio.wait_for(run_pulumi_func(body), 60))
                return made

        with ThreadPoolExecutor(1) as pool:
            return pool.submit(threaded).result()

    return running


def two_accounts(cloud):
    providers = {
        name: alicloud.Provider(name, access_key=account.root_key.id, secret_key=account.root_key.secret)
        for name, account in (("a", cloud.account("company-a")), ("b", cloud.account("company-b")))
    }
    return {name: pulumi.ResourceOptions(provider=provider) for name, provider in providers.items()}


def test_resources_come_to_be_in_the_account_of_their_provider(cloud, run):
    def program():
        opts = two_accounts(cloud)
        role = ram.Role("r", role_name="ecs-admin", assume_role_policy_document=TRUST, opts=opts["a"])
        grant = ram.RolePolicyAttachment(
            "g", role_name=role.role_name, policy_name="AliyunECSFullAccess", policy_type="System", opts=opts["a"]
        )
        user = ram.User("u", name="AAA", opts=opts["b"])
        key = ram.AccessKey("k", user_name=user.name, opts=opts["b"])
        return {"arn": role.arn, "grant": grant.id, "user": user.id, "secret": key.secret, "key": key.id}

    made = run(program)
    a, b = cloud.account("company-a"), cloud.account("company-b")
    assert made["arn"] == "acs:ram::11223344:role/ecs-admin"
    assert made["grant"] == "role:AliyunECSFullAccess:System:ecs-admin"
    assert a.ram.roles.get("ecs-admin") is not None
    assert a.ram.users.get("AAA") is None
    assert b.ram.users.get("AAA").id == made["user"]
    assert cloud.keys[made["key"]].secret == made["secret"]


def test_at_preview_nothing_is_made_and_only_inputs_are_known(cloud, run):
    known = {}

    def program():
        opts = two_accounts(cloud)
        role = ram.Role("r", role_name="ecs-admin", assume_role_policy_document=TRUST, opts=opts["a"])
        role.role_name.apply(lambda name: known.setdefault("name", name))
        role.arn.apply(lambda arn: known.setdefault("arn", arn))
        return {"name": role.role_name, "arn": role.arn}

    run(program, preview=True)
    assert known == {"name": "ecs-admin"}
    assert cloud.account("company-a").ram.roles.get("ecs-admin") is None


def test_the_caller_is_who_the_provider_is(cloud, run):
    def program():
        opts = two_accounts(cloud)["b"]
        who = alicloud.get_caller_identity_output(opts=pulumi.InvokeOptions(provider=opts.provider))
        return {"account": who.account_id}

    assert run(program) == {"account": "12345678"}


@pytest.mark.parametrize(("what", "name"), [("users", "AAA"), ("groups", "operators"), ("roles", "ecs-admin")])
def test_lists_of_an_account_have_the_providers_form(run, what, name):
    def program():
        made = [ram.User("u", name="AAA"), ram.Group("g", group_name="operators")]
        made.append(ram.Role("r", role_name="ecs-admin", assume_role_policy_document=TRUST))
        return {str(number): one.id for number, one in enumerate(made)}

    def asking():
        ask = getattr(ram, f"get_{what}_output")
        everything, some, none = ask(), ask(name_regex=f"(?i)^{name.swapcase()}$"), ask(name_regex="^x")
        first = everything.apply(lambda found: getattr(found, what)[0].name)
        return {"all": everything.names, "some": some.names, "none": none.names, "name": first}

    run(program, default="company-b")
    assert run(asking, default="company-b") == {"all": [name], "some": [name], "none": [], "name": name}


def test_an_existing_resource_is_read(cloud, run):
    def program():
        return {"name": ram.Group.get("g", "operators").group_name}

    def before():
        return {"id": ram.Group("g", group_name="operators").id}

    run(before, default="company-b")
    assert run(program, default="company-b") == {"name": "operators"}


def test_a_refusal_of_the_cloud_fails_the_program(run):
    def program():
        one = ram.User("one", name="AAA")
        two = ram.User("two", name="AAA", opts=pulumi.ResourceOptions(depends_on=[one]))
        return {"id": two.id}

    with pytest.raises(Exception, match=r"EntityAlreadyExists\.User"):
        run(program, default="company-b")


def test_a_program_after_one_that_failed_does_not_wait_for_its_outputs(run):
    with pytest.raises(Exception, match="Fix: give Mocks the account"):
        run(lambda: {"id": ram.User("u", name="AAA").id})
    assert run(lambda: {"id": ram.User("u", name="AAA").name}, default="company-b") == {"id": "AAA"}


def test_a_provider_without_keys_needs_an_account(run):
    with pytest.raises(Exception, match="Fix: give Mocks the account"):
        run(lambda: {"id": ram.User("u", name="AAA").id})


def test_an_argument_that_is_not_served_is_named(run):
    with pytest.raises(Exception, match=r"getUsers: .* serves ids and nameRegex only, not groupName"):
        run(lambda: {"x": ram.get_users_output(group_name="g").names}, default="company-b")
