"""`Operator`: one of the delegate's people or applications.

Annotations stay evaluated here: the schema of the plugin is read from them.
"""

from typing import TypedDict

import pulumi
from pulumi_alicloud import ram

from pulumi_alicloud_delegation.accounts import check_own_account
from pulumi_alicloud_delegation.args import OperatorResourceArgs
from pulumi_alicloud_delegation.naming import OPERATOR, child
from pulumi_alicloud_delegation.passwords import first_password
from pulumi_alicloud_delegation.plan import plan_operator


class AccessKeyPair(TypedDict):
    """An access key."""

    id: str
    """Access key ID."""
    secret: str
    """Access key secret. RAM shows it once; afterwards it is only in the state, encrypted."""


class Operator(pulumi.ComponentResource):
    """A RAM user in the delegate's account: a person with a first password, or an application with access keys."""

    user_name: pulumi.Output[str]
    """Name of the RAM user."""
    first_password: pulumi.Output[str] | None
    """A person's first password, to be changed at the first sign-in. A secret. It is made once and stays as it is in
    the state, however often the program runs; the real password is the person's own after the first sign-in."""
    access_keys: pulumi.Output[dict[str, AccessKeyPair]]
    """An application's access keys by label. A secret. Empty for a person."""

    def __init__(self, name: str, args: OperatorResourceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the user.

        Args:
            name: of the component; its children are named after it.
            args: see `OperatorResourceArgs`.
            opts: the provider of the delegate's account goes here.

        Raises:
            InvalidInputError: an argument cannot be, or the provider is another account's; nothing was created.
        """
        plan = plan_operator(args)
        super().__init__(OPERATOR, name, {}, opts)
        check_own_account(args["account_id"], self, "account_id")
        below = pulumi.ResourceOptions(parent=self)
        user = ram.User(
            name,
            name=plan.name,
            display_name=plan.display_name,
            # Somebody who leaves has bound an MFA device meanwhile, which would otherwise keep the user alive.
            force=True,
            opts=below,
        )
        groups = args.get("groups", {})
        for team in plan.teams:
            ram.UserGroupAttachment(
                child(name, team), group_name=groups.get(team, team), user_name=user.name, opts=below
            )
        keys = {label: ram.AccessKey(child(name, label), user_name=user.name, opts=below) for label in plan.access_keys}
        self.user_name = user.name
        self.first_password = None
        if plan.kind == "person":
            login = ram.LoginProfile(
                name,
                user_name=user.name,
                password=pulumi.Output.secret(first_password()),
                password_reset_required=True,
                mfa_bind_required=plan.mfa,
                # Each run makes up another password; the one in the state is the one that counts.
                opts=pulumi.ResourceOptions(
                    parent=self, ignore_changes=["password"], additional_secret_outputs=["password"]
                ),
            )
            self.first_password = pulumi.Output.secret(login.password)
        pairs = {label: pulumi.Output.all(id=key.id, secret=key.secret) for label, key in keys.items()}
        self.access_keys = pulumi.Output.secret(pulumi.Output.all(**pairs))
        outputs = {"userName": self.user_name, "accessKeys": self.access_keys}
        self.register_outputs(
            outputs if self.first_password is None else {**outputs, "firstPassword": self.first_password}
        )
