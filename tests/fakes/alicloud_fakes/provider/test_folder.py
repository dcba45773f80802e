import os

import pytest

from alicloud_fakes.provider.folder import EXECUTABLE, plugin_folder, real_provider


@pytest.fixture
def bare(tmp_path):
    return {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}


def install(path):
    path.parent.mkdir(parents=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_there_is_no_real_provider_on_a_bare_machine(bare):
    assert real_provider(bare) is None


def test_a_real_provider_on_path_is_found(bare, tmp_path):
    assert real_provider(bare | {"PATH": str(install(tmp_path / "bin" / EXECUTABLE).parent)}) is not None


def test_a_real_provider_among_the_plugins_is_found(bare, tmp_path):
    found = install(tmp_path / ".pulumi" / "plugins" / "resource-alicloud-v4.0.0" / EXECUTABLE)
    assert real_provider(bare) == found


def test_the_folder_holds_an_executable(tmp_path):
    folder = plugin_folder(tmp_path / "stand-in")
    assert os.access(folder / EXECUTABLE, os.X_OK)
