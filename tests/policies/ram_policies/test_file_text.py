"""Bytes and texts that cannot be read, and the one line that says so."""

from __future__ import annotations

import pytest

from ram_policies.errors import InvalidInputError
from ram_policies.file_text import json_in, text_in, yaml_in


def refusal(error: pytest.ExceptionInfo[InvalidInputError]) -> tuple[str, str]:
    (line,) = str(error.value).splitlines()
    return error.value.code, line


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_is_read_as_whatever_tool_wrote_it(encoding: str) -> None:
    assert text_in('{"a": "é"}'.encode(encoding), "--state", "stack.json") == '{"a": "é"}'


def test_bytes_of_another_encoding_are_named() -> None:
    with pytest.raises(InvalidInputError) as error:
        text_in(b"caf\xe9 au lait", "--state", "stack.json")
    assert refusal(error) == (
        "wrong-encoding",
        "--state: 'stack.json' is not UTF-8 or UTF-16 text. Fix: save it as UTF-8. [wrong-encoding]",
    )


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("", "not-json", "line 1, column 1: Expecting value"),
        ('{"a":\n}', "not-json", "line 2, column 1: Expecting value"),
        ("9" * 5000, "not-json", "a number has too many digits"),
        ("[" * 100_000, "too-deep-file", "is nested too deeply"),
    ],
)
def test_malformed_json_is_reported_in_one_line(text: str, code: str, says: str) -> None:
    with pytest.raises(InvalidInputError) as error:
        json_in(text, "FILE", "a.json")
    assert refusal(error)[0] == code
    assert says in refusal(error)[1]


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("a: [1, 2\nb: }", "not-yaml", "line 2, column 2: expected ',' or ']', but got ':'"),
        ("a:\n\tb: 1", "not-yaml", "line 2, column 1: found character '\\t' that cannot start any token"),
        ("a: *b", "not-yaml", "line 1, column 4: found undefined alias 'b'"),
        ("\0", "not-yaml", "special characters are not allowed"),
        ("a: !!python/object/apply:os.system ['true']", "not-yaml", "could not determine a constructor for the tag"),
        ("a: 2026-13-45", "not-yaml", "month must be in 1..12"),
        ("a: !!bool maybe", "not-yaml", "a value is not what its tag says"),
        ("a: !!timestamp soon", "not-yaml", "a value is not what its tag says"),
        (f"a: {'9' * 5000}", "not-yaml", "a number has too many digits"),
        ("[" * 100_000, "too-deep-file", "is nested too deeply"),
        ("a: &a [*a]", "too-deep-file", "is nested too deeply"),
        ("a: &a {b: {c: *a}}", "too-deep-file", "is nested too deeply"),
        pytest.param(f"a: {'x' * 17_000_000}", "too-large-file", "is larger than 16 MB", id="large"),
    ],
)
def test_malformed_yaml_is_reported_in_one_line_with_its_place(text: str, code: str, says: str) -> None:
    with pytest.raises(InvalidInputError) as error:
        yaml_in(text, "--stack", "Pulumi.dev.yaml")
    assert refusal(error)[0] == code
    assert says in refusal(error)[1]


def test_aliases_may_be_used_but_not_multiplied() -> None:
    assert yaml_in("a: &a [1, 2]\nb: *a\nc: [*a, *a]", "--stack", "x.yaml") == {
        "a": [1, 2],
        "b": [1, 2],
        "c": [[1, 2], [1, 2]],
    }
    lines = ["l0: &l0 [x, x]", *(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30))]
    with pytest.raises(InvalidInputError) as error:
        yaml_in("\n".join(lines), "--stack", "x.yaml")
    assert refusal(error)[0] == "too-large-file"
    assert "stands for more than 1,000,000 values" in refusal(error)[1]
