"""A missing extra is named with the command that adds it; our own packages and the core need none."""

import subprocess
import sys

import pytest

from ram_policies.extras import MissingExtraError, extra_needed

WITHOUT = """
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {hidden}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Hidden())
{program}
"""


RECOVER = """
import typer
from access_cli.exit_codes import command
from pulumi_alicloud_delegation.recovery.account_ram import SdkAccount

try:
    command(lambda: SdkAccount(None, {}), "alicloud-delegation")()
except typer.Exit as end:
    sys.exit(end.exit_code)
"""
MOCKS = """
from pulumi_alicloud_delegation.testing.cloud_mocks import CloudMocks

CloudMocks(None, {}, preview=True)
"""


def run_without(hidden, program):
    code = WITHOUT.format(hidden=set(hidden), program=program)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_a_missing_package_is_named_with_the_command():
    with (
        pytest.raises(MissingExtraError, match=r"pip install 'pulumi-alicloud-delegation\[fakes\]'"),
        extra_needed("fakes"),
    ):
        raise ModuleNotFoundError(name="responses.matchers")


def test_a_mistake_of_our_own_stays_what_it_is():
    with pytest.raises(ModuleNotFoundError) as caught, extra_needed("fakes"):
        raise ModuleNotFoundError(name="alicloud_fakes.nothing")
    assert not isinstance(caught.value, MissingExtraError)


@pytest.mark.parametrize(
    ("hidden", "program", "extra"),
    [
        (["responses"], "from alicloud_fakes import mock_alicloud", "fakes"),
        (["uvicorn"], "from alicloud_fakes.cli import main; sys.exit(main(['serve']))", "fakes"),
        (["pulumi_policy"], "from ram_guardrails_pack.command import main; main()", "guardrails"),
        (["pulumi_policy"], "from ram_guardrails_pack.pack import policies, serve", "guardrails"),
        (["alibabacloud_credentials"], RECOVER, "recovery"),
        (["alibabacloud_tea_openapi"], MOCKS, "fakes"),
    ],
)
def test_each_way_in_names_its_extra(hidden, program, extra):
    done = run_without(hidden, program)
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert f"pip install 'pulumi-alicloud-delegation[{extra}]'" in last


@pytest.mark.parametrize(
    "program",
    [
        "import ram_policies.access.who, ram_policies.guardrails.rulebook, ram_policies.proof, access_cli",
        "from alicloud_fakes import Cloud, mock_alicloud; import alicloud_fakes.http.server; Cloud.of({'1': 'ours'})",
    ],
)
def test_the_policy_library_and_the_fake_need_no_pulumi(program):
    done = run_without(["pulumi", "pulumi_alicloud", "pulumi_policy", "grpc"], program)
    assert done.returncode == 0, done.stderr
