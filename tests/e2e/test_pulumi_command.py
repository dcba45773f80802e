"""`alicloud-fakes pulumi`: any program, any command, against a fake cloud of the project's own."""

import json
import os
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.life]

PROGRAM = """\
import os
import pulumi
import pulumi_alicloud as alicloud

assert os.environ.get("ALICLOUD_ACCESS_KEY") is None
assert "ALIBABA_CLOUD_ACCESS_KEY_SECRET" not in os.environ
trust = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
         "Principal": {"RAM": ["acs:ram::12345678:root"]}}]}
role = alicloud.ram.Role("r", role_name="ops", assume_role_policy_document=pulumi.Output.json_dumps(trust))
other = alicloud.Provider("b", profile="company-b")
alicloud.ram.User("u", name="AAA", opts=pulumi.ResourceOptions(provider=other))
pulumi.export("arn", role.arn)
pulumi.export("size", pulumi.Config().get_int("size"))
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "Pulumi.yaml").write_text("name: somebody\nruntime: python\n", "utf-8")
    (tmp_path / "__main__.py").write_text(PROGRAM, "utf-8")
    return tmp_path


@pytest.fixture
def pulumi(project, engine):
    def run(*arguments, folder=project, succeeds=True):
        real = {"ALICLOUD_ACCESS_KEY": "LTAIreal", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "of a real account"}
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")  # where nobody listens
        command = [sys.executable, "-m", "alicloud_fakes", "pulumi", *arguments]
        done = subprocess.run(
            command, cwd=folder, env={**os.environ, **real, **proxies}, capture_output=True, text=True, check=False
        )
        assert (done.returncode == 0) is succeeds, done.stdout + done.stderr
        return done.stdout if succeeds else done.stdout + done.stderr

    return run


def test_a_program_comes_stays_and_goes(pulumi, project):
    assert '"deployment"' in pulumi("--", "stack", "export")  # of the stack that is then created
    assert "4 to create" in pulumi("--", "preview")
    assert "4 created" in pulumi("--", "up", "--yes", "--skip-preview")
    assert "4 unchanged" in pulumi("--", "up", "--yes", "--skip-preview")
    assert "4 unchanged" in pulumi("--", "refresh", "--yes", "--skip-preview")
    pulumi("--", "config", "set", "size", "7")
    pulumi("--", "up", "--yes", "--skip-preview")
    assert json.loads(pulumi("--", "stack", "output", "--json")) == {"arn": "acs:ram::11223344:role/ops", "size": 7}
    assert "4 deleted" in pulumi("--", "destroy", "--yes", "--skip-preview")
    assert (project / ".alicloud-fakes" / ".gitignore").read_text("utf-8") == "*\n"


def test_other_accounts_can_be_named(pulumi, project):
    (project / "__main__.py").write_text(PROGRAM.replace("company-b", "7777777"), "utf-8")
    shown = pulumi("--account", "99", "--account", "7777777", "--", "up", "--yes", "--skip-preview")
    assert "acs:ram::99:role/ops" in shown


def test_the_exit_code_is_that_of_the_command(pulumi, project):
    (project / "__main__.py").write_text("import pulumi\nraise pulumi.RunError('not like this')\n", "utf-8")
    shown = pulumi("--", "preview", succeeds=False)
    assert shown.partition("Diagnostics:")[2].count("not like this") == 1
    assert "Traceback" not in shown


def test_a_folder_without_a_project_is_one_sentence(pulumi, tmp_path_factory):
    shown = pulumi("--", "preview", folder=tmp_path_factory.mktemp("empty"), succeeds=False)
    assert shown.startswith("alicloud-fakes: folder: ")
    assert "is not in a Pulumi project" in shown
    assert len(shown.splitlines()) == 1
