"""The command line on previews, as `pulumi preview --json` prints them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Json = dict[str, Any]
Run = Callable[..., Result]


def preview(*resources: Json) -> Json:
    steps = [{"op": "create", "urn": r["urn"], "newState": r} for r in resources]
    return {"config": {}, "steps": steps, "changeSummary": {"create": len(resources)}}


def user_entry(name: str) -> Json:
    urn = f"urn:pulumi:dev::p::alicloud:ram/user:User::{name}"
    provider = "urn:pulumi:dev::p::pulumi:providers:alicloud::b::id"
    return {"urn": urn, "type": "alicloud:ram/user:User", "inputs": {"name": name}, "provider": provider}


@pytest.mark.parametrize(
    "printed",
    [
        "Previewing update (dev):\nwarning: {something}\n{}\nResources: 1 to create\n",
        "\ufeff\n{}\n",
        "{}\nerror: preview failed\n",
        "Enter your passphrase to unlock config/secrets: {}",
        '{"level":"info"}\n{}\n{"level":"info"}\n',
    ],
)
def test_text_around_a_preview_is_passed_over(run: Run, write: Callable[..., Path], printed: str) -> None:
    plain = json.dumps(preview(user_entry("AAA")), indent=4)
    path = write("plan.txt", printed.replace("{}", plain))
    result = run("what-can", "AAA", "--preview", path, "--account", "b=12345678", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["principal"] == "acs:ram::12345678:user/AAA"


def stream() -> list[dict[str, Any]]:
    step = {"op": "create", "urn": user_entry("AAA")["urn"], "new": user_entry("AAA")}
    events: list[dict[str, Any]] = [
        {"preludeEvent": {"config": {}}},
        {"resourcePreEvent": {"metadata": step, "planning": True}},
        {"summaryEvent": {"resourceChanges": {"create": 1}}},
    ]
    return [{"sequence": number, "timestamp": 1, **event} for number, event in enumerate(events)]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_a_stream_of_events_is_a_preview(run: Run, tmp_path: Path, encoding: str, ending: str) -> None:
    log = [{"level": "info", "msg": "a tool of its own says this"}]
    lines = ["Previewing", *(json.dumps(event) for event in [*log, *stream(), *log]), "done"]
    path = tmp_path / "plan.txt"
    path.write_bytes(ending.join(lines).encode(encoding))
    result = run("what-can", "AAA", "--preview", path, "--account", "b=12345678")
    assert result.exit_code == 0, result.output
    piped = run("what-can", "AAA", "--preview", "-", "--account", "b=12345678", typed=path.read_bytes())
    assert piped.stdout == result.stdout


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda events: events[:-1], "without a summary"),
        (
            lambda events: [*events, {"sequence": 9, "diagnosticEvent": {"severity": "error", "message": "no\n"}}],
            "'no'",
        ),
    ],
)
def test_a_stream_that_ends_early_is_no_preview(
    run: Run, write: Callable[..., Path], change: Callable[[list[Any]], list[Any]], said: str
) -> None:
    path = write("plan.txt", "\n".join(json.dumps(event) for event in change(stream())))
    result = run("diff", path, "--account", "b=12345678", "--expect", "no-additions")
    assert (result.exit_code, said in result.stderr, "failed" in result.stderr) == (2, True, True), result.output


def test_a_preview_that_failed_is_no_basis_for_an_answer(run: Run, write: Callable[..., Path]) -> None:
    failed = preview(user_entry("AAA")) | {"diagnostics": [{"severity": "warning"}, {"severity": "error"}]}
    assert run("diff", write("plan.json", failed), "--account", "b=12345678").exit_code == 2
    warned = failed | {"diagnostics": failed["diagnostics"][:1]}
    assert run("diff", write("plan.json", warned), "--account", "b=12345678").exit_code == 0


@pytest.mark.parametrize("text", ["", "nothing", '{"steps": [', '{"a": 1}\n{"b": 2}\n'])
def test_text_without_a_preview_is_refused(run: Run, write: Callable[..., Path], text: str) -> None:
    result = run("diff", write("plan.txt", text))
    assert result.exit_code == 2
    assert "is not JSON" in result.stderr
