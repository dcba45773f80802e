"""The command line: ``python -m pulumi_alicloud_delegation new my-delegation``."""

from pulumi_alicloud_delegation.commands.project import app

if __name__ == "__main__":
    app(prog_name="alicloud-delegation")
