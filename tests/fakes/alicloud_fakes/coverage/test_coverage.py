"""The fake's statements about itself, held against its declarations and the official SDKs."""

from __future__ import annotations

from pathlib import Path

import pytest

from alicloud_fakes import coverage
from alicloud_fakes.coverage import sdk
from alicloud_fakes.coverage.__main__ import main
from alicloud_fakes.services import services

PAGE = Path(__file__).parents[4] / "docs" / "coverage.md"
ACTIONS = [(service.name, name) for service in coverage.all_services() for name in sorted(service.actions)]
# What the fake reads although no SDK sends it, and what the published names do not have.
BEYOND = {
    ("ecs", "StartInstance"): {"RegionId"},
    ("ecs", "StopInstance"): {"RegionId"},
    ("ecs", "RebootInstance"): {"RegionId"},
    ("ecs", "DeleteInstance"): {"RegionId"},
    ("sts", "AssumeRoleWithSAML"): {"RoleSessionName"},
}
# Actions of OSS that its pages describe and the SDK of that version does not have.
OSS_BEYOND = (
    "DeleteBucketOverwriteConfig",
    "DeleteBucketPublicAccessBlock",
    "DeleteBucketResponseHeader",
    "DeletePublicAccessBlock",
    "DeleteStyle",
    "DeleteUserDefinedLogFieldsConfig",
    "GetBucketAccessMonitor",
    "GetBucketArchiveDirectRead",
    "GetBucketHttpsConfig",
    "GetBucketObjectWormConfiguration",
    "GetBucketOverwriteConfig",
    "GetBucketPublicAccessBlock",
    "GetBucketResourceGroup",
    "GetBucketResponseHeader",
    "GetBucketStat",
    "GetPublicAccessBlock",
    "GetStyle",
    "GetUserDefinedLogFieldsConfig",
    "ListStyle",
    "PutBucketAccessMonitor",
    "PutBucketArchiveDirectRead",
    "PutBucketHttpsConfig",
    "PutBucketObjectWormConfiguration",
    "PutBucketOverwriteConfig",
    "PutBucketPublicAccessBlock",
    "PutBucketResourceGroup",
    "PutBucketResponseHeader",
    "PutPublicAccessBlock",
    "PutStyle",
    "PutUserDefinedLogFieldsConfig",
)
UNPUBLISHED = {("accessanalyzer", "ValidatePolicy")} | {("oss", name) for name in OSS_BEYOND}


def test_the_page_is_that_of_the_code() -> None:
    assert main(["--check", str(PAGE)]) == 0, "python -m alicloud_fakes.coverage --write"


def test_an_old_page_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "coverage.md"
    assert main(["--write", str(page)]) == 0
    page.write_text(page.read_text().replace("AddUserToGroup", "Nothing", 1))
    assert main(["--check", str(page)]) == 1
    assert "--write" in capsys.readouterr().err


@pytest.mark.parametrize(("service", "action"), ACTIONS)
def test_every_published_parameter_is_handled_or_named_as_ignored(service: str, action: str) -> None:
    known = coverage.published_actions(service)
    if (service, action) in UNPUBLISHED:
        assert action not in known
        return
    assert action in known, f"{action} is not an action of {service}"
    found = coverage.parameter_coverage(services()[service], services()[service].actions[action])
    assert found.unknown == ()
    fields = known[action]
    if fields is not None:
        assert set(found.handled) - set(fields) == BEYOND.get((service, action), set())


def test_nothing_is_named_as_ignored_that_is_handled_or_unknown() -> None:
    for service in coverage.all_services():
        for name, action in service.actions.items():
            own = coverage.ignored(service.name, name).keys() - coverage.ignored(service.name, "").keys()
            fields = coverage.published_actions(service.name).get(name) or []
            assert own <= set(fields), (service.name, name)
            assert not own & set(coverage.handled(action)), (service.name, name)


def test_all_of_ram_and_sts_is_done() -> None:
    for service in ("ram", "sts"):
        assert coverage.published_actions(service).keys() == services()[service].actions.keys()


@pytest.mark.parametrize("service", sorted(sdk.PACKAGES))
def test_the_published_names_are_those_of_the_sdk(service: str) -> None:
    package = sdk.PACKAGES[service]
    if not sdk.installed(package):
        pytest.skip(f"the official SDK {package} is not installed")
    assert sdk.sdk_actions(package, services()[service].actions) == coverage.published_actions(service)
