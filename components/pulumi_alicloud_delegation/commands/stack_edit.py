"""Changes of a stack file that keep its comments: text is put in or replaced where the YAML says it stands.

Every change is read back and compared with what it should be before it is given to anybody.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any, cast

import yaml

from pulumi_alicloud_delegation.commands.inputs import read_bytes
from ram_policies import InvalidInputError
from ram_policies.file_text import text_in, yaml_in

_BY_HAND = "edit the file by hand"


def stack_text(path: str, field: str) -> str:
    """The text of a stack file.

    Raises:
        InvalidInputError: it cannot be read, or is not a stack file.
    """
    text = text_in(read_bytes(path, field), field, path)
    content = yaml_in(text, field, path, "give a stack file, Pulumi.<stack>.yaml")
    if not isinstance(content, dict) or not isinstance(cast("dict[str, object]", content).get("config"), dict):
        raise InvalidInputError(
            field, path, "has no config", "give a stack file, Pulumi.<stack>.yaml", code="wrong-file"
        )
    return text


def with_item(text: str, key: str, item: Mapping[str, object], path: str) -> str:
    """A stack file with one more item in a list of its configuration; the list is made when there is none.

    Args:
        text: of the file.
        key: of the list, without its namespace.
        item: what is added; scalars alone.
        path: of the file, for messages.

    Raises:
        InvalidInputError: the file is written in a way that cannot be changed safely.
    """
    expected = yaml.safe_load(text)
    config = cast("dict[str, list[object]]", expected["config"])
    name = next((name for name in config if name.rpartition(":")[2] == key), f"{_namespace(config)}{key}")
    config.setdefault(name, []).append(dict(item))
    line = json.dumps(dict(item), ensure_ascii=False)
    lines = text.splitlines(keepends=True)
    root = cast("yaml.MappingNode", yaml.compose(text))  # pyright: ignore[reportUnknownMemberType] # untyped there
    mapping = next(value for key_node, value in root.value if key_node.value == "config")
    found = next(((k, v) for k, v in mapping.value if k.value == name), None)
    indent = " " * (mapping.value[0][0].start_mark.column if mapping.value else 2)
    if found is None:
        at, added = _after(mapping, lines), f"{indent}{name}:\n{indent}  - {line}\n"
    else:
        value = found[1]
        if not isinstance(value, yaml.SequenceNode) or value.flow_style:
            raise InvalidInputError(
                path,
                name,
                "is a list on one line",
                f"write its items below each other, or {_BY_HAND}",
                code="cannot-edit",
            )
        dash = lines[int(value.value[0].start_mark.line)].index("-")
        at, added = _after(value, lines), f"{' ' * dash}- {line}\n"
    if at == len(lines) and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    changed = "".join([*lines[:at], added, *lines[at:]])
    if yaml.safe_load(changed) != expected:
        raise InvalidInputError(path, name, "cannot be added to safely", _BY_HAND, code="cannot-edit")
    return changed


def with_values(text: str, place: Sequence[str | int], values: Mapping[str, str], path: str) -> str:
    """A stack file with other values in one of its mappings; what is not there yet is added.

    Args:
        text: of the file.
        place: where the mapping stands below `config`; the first part without its namespace.
        values: what to set.
        path: of the file, for messages.

    Raises:
        InvalidInputError: the file is written in a way that cannot be changed safely.
    """
    expected = yaml.safe_load(text)
    config = cast("dict[str, Any]", expected["config"])
    name = next(name for name in config if name.rpartition(":")[2] == place[0])
    # Copied on the way, so that a mapping which the file shares between two places is not expected to change in both.
    found: Any = config
    for part in (name, *place[1:]):
        found[part] = copy(found[part])
        found = found[part]
    found.update(values)
    node = _below(cast("yaml.Node", yaml.compose(text)), ["config", name, *place[1:]])  # pyright: ignore[reportUnknownMemberType] - PyYAML has no types
    pieces = [_set(node, key, value) for key, value in values.items()]
    changed = text
    for at, end, piece in reversed(sorted(pieces, key=lambda one: one[0])):  # noqa: C413 - equal ones turn round, too
        changed = changed[:at] + piece + changed[end:]
    try:
        same = yaml.safe_load(changed) == expected
    except yaml.YAMLError:
        same = False
    if not same:
        raise InvalidInputError(
            path, ".".join(map(str, place)), "cannot be changed safely", _BY_HAND, code="cannot-edit"
        )
    return changed


def _below(node: yaml.Node, place: Sequence[str | int]) -> yaml.MappingNode:
    for part in place:
        if isinstance(part, int):
            node = cast("yaml.SequenceNode", node).value[part]
        else:
            node = next(value for key, value in cast("yaml.MappingNode", node).value if key.value == part)
    return cast("yaml.MappingNode", node)


def _set(mapping: yaml.MappingNode, key: str, value: str) -> tuple[int, int, str]:
    """Edit that sets one key: start, end, and the text in between."""
    written = json.dumps(value, ensure_ascii=False)
    for key_node, value_node in mapping.value:
        if key_node.value == key:
            return value_node.start_mark.index, value_node.end_mark.index, written
    first = mapping.value[0][0].start_mark
    separator = ", " if mapping.flow_style else "\n" + " " * first.column
    name = json.dumps(key) if mapping.flow_style else key
    return first.index, first.index, f"{name}: {written}{separator}"


def _namespace(config: Mapping[str, object]) -> str:
    return next((f"{name.rpartition(':')[0]}:" for name in config if ":" in name), "alicloud-delegation:")


def _after(node: yaml.Node, lines: list[str]) -> int:
    """The line after a node, before the comments and empty lines that follow it."""
    end = min(node.end_mark.line + (1 if node.end_mark.column else 0), len(lines))
    while end > 0 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end


def unified_diff_of(before: str, after: str, path: str) -> str:
    """The change as a unified diff."""
    pieces = difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), path, path, n=2)
    return "".join(piece if piece.endswith("\n") else f"{piece}\n" for piece in pieces)


def write_stack(path: str, text: str) -> None:
    """Write a stack file.

    Raises:
        InvalidInputError: it cannot be written.
    """
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInputError(
            "--stack", path, f"cannot be written: {error.strerror}", "check the path", code="unwritable-file"
        ) from None
