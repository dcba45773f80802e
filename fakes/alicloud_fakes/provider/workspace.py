"""The real Pulumi engine in a folder of its own: local state, no login, and a provider for alicloud.

For demos, tests and benchmarks. Nothing outside the folder is read or written but the engine itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml
from pulumi import automation

from alicloud_fakes.provider.folder import plugin_folder, real_provider

# Not HTTP_PROXY: Alibaba's SDKs, Python's and Go's, send even what is for loopback there, whatever NO_PROXY says.
# PYTHONPATH, since the stand-in is this package, wherever this process found it.
_KEPT: Final = ("PATH", "PYTHONPATH", "HOME", "TMPDIR", "LANG", "SSL_CERT_FILE", "HTTPS_PROXY", "NO_PROXY")
_PASSPHRASE: Final = "not a secret: it protects the state of a fake cloud"  # noqa: S105 - it says so itself


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with stacks in it.

    Attributes:
        folder: where state, project file and stack files are.
        engine: the Pulumi CLI.
        environment: what the engine and what it starts get; see `engine_environment`.
        project: name of the project, also the namespace of its configuration.
    """

    folder: Path
    engine: automation.PulumiCommand
    environment: Mapping[str, str]
    project: str

    def stack(
        self,
        name: str,
        program: Callable[[], object],
        config: Mapping[str, object] | None = None,
        secrets: Mapping[str, str] | None = None,
    ) -> automation.Stack:
        """The stack of this name with an inline program and exactly this configuration.

        Args:
            name: of the stack.
            program: run in this process, once for each operation.
            config: values by key, plain ones or structures; keys without a namespace get the project's.
            secrets: secret values by key.
        """
        self._write(name, config or {})

        def run() -> None:
            program()

        stack = automation.create_or_select_stack(
            stack_name=name,
            project_name=self.project,
            program=run,
            opts=automation.LocalWorkspaceOptions(
                work_dir=str(self.folder),
                pulumi_home=str(self.folder / "home"),
                env_vars=dict(self.environment),
                pulumi_command=self.engine,
                project_settings=automation.ProjectSettings(name=self.project, runtime="python"),
            ),
        )
        if secrets:
            stack.set_all_config({k: automation.ConfigValue(v, secret=True) for k, v in secrets.items()})
        return stack

    def _write(self, name: str, config: Mapping[str, object]) -> None:
        """Write the stack file. The salt of its secrets stays, since the state is encrypted with it."""
        file = self.folder / f"Pulumi.{name}.yaml"
        before: dict[str, object] = yaml.safe_load(file.read_text("utf-8")) if file.exists() else {}
        values = {key if ":" in key else f"{self.project}:{key}": value for key, value in config.items()}
        kept = {key: value for key, value in before.items() if key != "config"}
        file.write_text(yaml.safe_dump({**kept, "config": values}, sort_keys=False), "utf-8")


def engine_environment(folder: Path, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Environment of an engine that works in a folder: local state, no login, no questions, nothing from outside.

    A real `pulumi-resource-alicloud` is used where there is one; else the stand-in is put on PATH, last.
    """
    kept = {name: environment[name] for name in _KEPT if name in environment}
    state = folder / "state"
    state.mkdir(parents=True, exist_ok=True)
    real = real_provider(environment)
    plugin = plugin_folder(folder / "stand-in") if real is None else real.parent
    kept["PATH"] = os.pathsep.join([kept.get("PATH", ""), str(plugin)])
    return {
        **kept,
        "PULUMI_BACKEND_URL": state.resolve().as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": _PASSPHRASE,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }


def operations(summary: Mapping[automation.OpType, int] | Mapping[str, int] | None) -> dict[str, int]:
    """Counts of an operation by kind (`create`, `update`, `delete`, `replace`), without what stays the same."""
    counts = {getattr(kind, "value", str(kind)): number for kind, number in (summary or {}).items()}
    return {kind: number for kind, number in counts.items() if kind != "same" and number}


def stack_files(names: Sequence[Path]) -> dict[str, object]:
    """The `config` of stack files, later ones over earlier ones."""
    config: dict[str, object] = {}
    for name in names:
        config |= yaml.safe_load(name.read_text("utf-8")).get("config", {})
    return config
