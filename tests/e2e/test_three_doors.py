"""One table of odd inputs through three doors: each takes a value in the same way, or refuses it in one line."""

import datetime as dt
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from doors import MADE, OUTPUT, Case, by_class, by_stack_file, by_yaml_program

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.e2e, pytest.mark.life]

STRING = "is not a string"
NAME = "which no user may"
MOMENT = "is not a moment in ISO 8601"
ZONE = "does not say in which time zone it is"
NUMBER = "is not a whole number"
TRUTH = "is neither true nor false"
LIST = "is not a list"
UNQUOTED = "is a date or a time without quotes, as the engine hands it over"
LATER = "is not known before the update: it is an Output"
HOST = "host"
"""The YAML host refuses the value by the plugin's schema, and does not ask the plugin."""

# Place, YAML, Python; then the answers of the class, the stack file and the YAML program: what a message says after the
# value, or what is made. One answer is that of all three, and two are those of Python and of both kinds of YAML.
NAMES = [
    ("operators.0.name", "123", 123, STRING),
    ("operators.0.name", "0123", 0o123, STRING),
    ("operators.0.name", "1e3", 1e3, STRING),
    ("operators.0.name", "12345678901234567890", 12345678901234567890, STRING),
    ("operators.0.name", "1.10", 1.1, STRING),
    ("operators.0.name", "true", True, STRING),
    ("operators.0.name", "on", True, STRING, {"users": ["on"]}),
    ("operators.0.name", "null", None, "is missing"),
    ("operators.0.name", "''", "", "has 0 characters"),
    ("operators.0.name", "' A'", " A", NAME),
    ("operators.0.name", '"A\\u200bA"', "A\u200bA", NAME),
    ("operators.0.name", '"A\\nA"', "A\nA", NAME),
    ("operators.0.name", "[A]", ["A"], STRING, STRING, HOST),
    ("operators.0.name", "2026-01-01", dt.date(2026, 1, 1), STRING, UNQUOTED, {"users": ["2026-01-01"]}),
    ("operators.0.name", "'${known-later.arn}'", OUTPUT, LATER, None, LATER),
    ("operators.0", "null", None, "is not a mapping"),
    ("operators.0", "A", "A", "is not a mapping", "is not a mapping", HOST),
    ("operators", "null", None, {"users": []}),
    ("operators", "{name: A}", {"name": "A"}, LIST, LIST, HOST),
    ("owner.id", "11223344", 11223344, STRING),
    ("roles.0.trust.externalId", "0123456789", 123456789, STRING),
    ("teams.0.roles", "r", "r", LIST, LIST, HOST),
    ("never", "kms:Decrypt", "kms:Decrypt", LIST, LIST, HOST),
    ("never", "[null]", [None], STRING),
    ("contract", "2026", 2026, "is not a mapping", "is not a mapping", HOST),
    ("roles.0.systemPolicies", "[null]", [None], STRING),
    ("roles.0.trust.sourceIps", "[10.5]", [10.5], STRING),
    ("roles", "null", None, "is missing", "delegates nothing", "is missing"),
]
END = {"condition": {"DateLessThanEquals": {"acs:CurrentTime": "2026-12-31T10:00:00Z"}}}
EVENING = dt.datetime(2026, 12, 31, 18, tzinfo=dt.timezone(dt.timedelta(hours=8)))
FIRST = {"condition": {"DateLessThanEquals": {"acs:CurrentTime": "2026-12-31T00:00:00Z"}}}
MOMENTS = [
    ("roles.0.trust.notAfter", "2026-12-31T10:00:00Z", dt.datetime(2026, 12, 31, 10, tzinfo=dt.UTC), END),
    ("roles.0.trust.notAfter", "2026-12-31T18:00:00+08:00", EVENING, END),
    ("roles.0.trust.notAfter", "2026-12-31", dt.date(2026, 12, 31), ZONE, FIRST, ZONE),
    ("roles.0.trust.notAfter", "'2026-12-31'", "2026-12-31", ZONE),
    ("roles.0.trust.notAfter", "2026-12-31T10:00:00", "2026-12-31T10:00:00", ZONE),
    ("roles.0.trust.notAfter", "2026-12-31 10:00:00", "2026-12-31 10:00:00", ZONE, END, ZONE),
    ("roles.0.trust.notAfter", "2026-02-30", "2026-02-30", MOMENT),
    ("roles.0.trust.notAfter", "2026-12-31T23:59:60Z", "2026-12-31T23:59:60Z", MOMENT),
    ("roles.0.trust.notAfter", "1798761599", 1798761599, MOMENT),
    ("roles.0.trust.notAfter", "true", True, MOMENT),
    ("roles.0.trust.notAfter", "null", None, {}),
    ("roles.0.trust.notAfter", "9999-12-31T23:59:59-08:00", "9999-12-31T23:59:59-08:00", "is outside the years"),
    ("roles.0.tags", "{a: 2026-12-31}", {"a": dt.date(2026, 12, 31)}, STRING, UNQUOTED, {"tags": {"a": "2026-12-31"}}),
    ("contract.name", "2026-12-31", dt.date(2026, 12, 31), STRING, UNQUOTED, {}),
]
TWO_HOURS = {"seconds": 7200}
OTHERS = [
    ("roles.0.maxSessionDuration", "7.2e3", 7.2e3, TWO_HOURS),
    ("roles.0.maxSessionDuration", "'7200'", "7200", TWO_HOURS, TWO_HOURS, HOST),
    ("roles.0.maxSessionDuration", "7200.5", 7200.5, NUMBER),
    ("roles.0.maxSessionDuration", ".inf", float("inf"), NUMBER, None, NUMBER),
    ("roles.0.maxSessionDuration", "true", True, NUMBER, NUMBER, HOST),
    ("roles.0.maxSessionDuration", "1e20", 1e20, "is not between 3600 and 43200"),
    ("roles.0.trust.mfa", "yes", "yes", TRUTH, TRUTH, HOST),
    ("roles.0.trust.mfa", "1", 1, TRUTH, TRUTH, HOST),
    ("roles.0.trust", "'${known-later}'", OUTPUT, LATER, None, HOST),
    ("roles.0.trust", "[]", [], "is not a mapping", "is not a mapping", HOST),
    ("roles.0.tags", "{a: 1}", {"a": 1}, STRING),
    ("roles.0.tags", "{a: null, b: ''}", {"a": None, "b": ""}, {"tags": {"b": ""}}),
    ("roles.0.sytemPolicies", "[x]", ["x"], "is not a known key", "is not a known key", HOST),
    ("roles.0.system_policies", "[x]", ["x"], "is given in both spellings", "is given in both spellings", HOST),
    ("roles.0.presets", "[{name: ecs-operate, parameters: null}]", [{"name": "ecs-operate", "parameters": None}], {}),
    ("state", "Active", "Active", "is not one of the choices", "is not one of the choices", HOST),
    ("state", "null", None, {}),
]


def _answers(answers):
    """The three answers."""
    return {1: answers * 3, 2: (answers[0], answers[-1], answers[-1])}.get(len(answers), answers)


CASES = {f"c{n}": Case(*row[:3]) for n, row in enumerate([*NAMES, *MOMENTS, *OTHERS])}
EXPECTED = {f"c{n}": _answers(row[3:]) for n, row in enumerate([*NAMES, *MOMENTS, *OTHERS])}


def _check(door, found):
    """Compare the answers of a door with the table, and hold each refusal to its form."""
    wrong = {}
    for name, case in CASES.items():
        expected = EXPECTED[name][door]
        answer = found.get(name)
        if isinstance(expected, dict):
            fits = answer == MADE | expected
        elif expected in {None, HOST}:
            fits = answer == expected
        else:
            at = case.place.split(".")[0]
            fits = isinstance(answer, str) and answer.isprintable() and answer.startswith(at) and expected in answer
            fits = fits and ". Fix: " in answer and answer.endswith("]")
        if not fits:
            wrong[f"{case.place}: {case.text}"] = (expected, answer)
    assert wrong == {}


def test_the_class_in_python():
    _check(0, {name: by_class(case) for name, case in CASES.items()})


def test_a_stack_file(house):
    _check(1, by_stack_file(house, {name: case for name, case in CASES.items() if EXPECTED[name][1] is not None}))


def test_a_yaml_program(house):
    _check(2, by_yaml_program(house, CASES))


def test_the_program_says_an_error_once_and_in_one_line(house):
    folder = house.folder / "project"
    folder.mkdir()
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, folder)
    inputs = Case("roles.0.tags", "{until: 2026-12-31}", None).yaml("  alicloud-delegation:", {})
    (folder / "Pulumi.fake.yaml").write_text("\n".join(["config:", *inputs, ""]), "utf-8")
    command = [sys.executable, "-m", "alicloud_fakes", "pulumi", "--", "preview", "--non-interactive"]
    environment = house.workspace.environment
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    said = (done.stdout + done.stderr).partition("Diagnostics:")[2]
    assert done.returncode != 0
    refusal = f"roles[0].tags.until: '2026-12-31 00:00:00 +0000 UTC' {UNQUOTED}. Fix: write it in quotes. [wrong-type]"
    assert [line.strip() for line in said.splitlines() if "tags" in line] == [f"error: {refusal}"]
    assert "Traceback" not in done.stdout + done.stderr
