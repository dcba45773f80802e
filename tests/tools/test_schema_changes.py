"""Each kind of change that breaks a program is named, and a change that breaks none is not."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
from schema_changes import breaking_changes

R, T, E, OUT = "p:index:R", "p:index:T", "p:index:E", "p:index:Out"
TEXT = {"type": "string"}
EXAMPLE = {
    "name": "p",
    "language": {"nodejs": {"packageName": "p-sdk"}, "java": {"basePackage": "org.p"}},
    "resources": {
        R: {
            "isComponent": True,
            "inputProperties": {
                "a": TEXT,
                "hidden": {**TEXT, "secret": True},
                "set": {"$ref": f"#/types/{T}"},
                "many": {"type": "array", "items": TEXT},
                "named": {"type": "object", "additionalProperties": TEXT},
                "kind": {"$ref": f"#/types/{E}"},
                "size": {"type": "integer", "default": 1},
            },
            "requiredInputs": ["a"],
            "properties": {"id": TEXT, "token": {**TEXT, "secret": True}, "found": {"$ref": f"#/types/{OUT}"}},
            "required": ["id"],
        }
    },
    "types": {
        T: {"type": "object", "properties": {"x": TEXT, "y": TEXT}, "required": ["x"]},
        OUT: {"type": "object", "properties": {"x": TEXT, "y": TEXT}, "required": ["x"]},
        E: {"type": "string", "enum": [{"name": "One", "value": "one"}, {"name": "Two", "value": "two"}]},
    },
    "functions": {"p:index:f": {}},
}


def inputs(schema):
    return schema["resources"][R]["inputProperties"]


def outputs(schema):
    return schema["resources"][R]["properties"]


def renamed(schema, aliases):
    schema["resources"]["p:index:S"] = {**schema["resources"].pop(R), "aliases": aliases}


BREAKS = {
    "a resource is gone": (lambda s: s["resources"].clear(), "resource p:index:R is gone"),
    "a resource is renamed": (lambda s: renamed(s, []), "resource p:index:R is gone"),
    "a resource is renamed with an alias": (
        lambda s: renamed(s, [{"type": R}]),
        "resource p:index:R is p:index:S now: stacks are taken over, programs have to name it anew",
    ),
    "a component becomes a resource": (lambda s: s["resources"][R].pop("isComponent"), "R is no component now"),
    "a type is gone": (lambda s: s["types"].pop(T), "type p:index:T is gone"),
    "a function is gone": (lambda s: s["functions"].clear(), "function p:index:f is gone"),
    "an input is gone": (lambda s: inputs(s).pop("many"), "R.many is gone"),
    "an output is gone": (lambda s: outputs(s).pop("id"), "R.id is gone"),
    "a property of a type is gone": (lambda s: s["types"][T]["properties"].pop("y"), "T.y is gone"),
    "a new input is required": (
        lambda s: (inputs(s).update(new=TEXT), s["resources"][R]["requiredInputs"].append("new")),
        "R.new has to be given now",
    ),
    "an input is required now": (
        lambda s: s["resources"][R]["requiredInputs"].append("many"),
        "R.many has to be given now",
    ),
    "a property of an input is required now": (
        lambda s: s["types"][T]["required"].append("y"),
        "T.y has to be given now",
    ),
    "an output may be missing": (lambda s: s["resources"][R]["required"].clear(), "R.id may be missing now"),
    "a property of an output may be missing": (
        lambda s: s["types"][OUT]["required"].clear(),
        "Out.x may be missing now",
    ),
    "an input is of another type": (lambda s: inputs(s)["a"].update(type="integer"), "R.a was string and is integer"),
    "an output is of another type": (
        lambda s: outputs(s)["id"].update(type="boolean"),
        "R.id was string and is boolean",
    ),
    "items are of another type": (
        lambda s: inputs(s)["many"].update(items={"type": "number"}),
        "R.many was array of string and is array of number",
    ),
    "values are of another type": (
        lambda s: inputs(s)["named"].update(additionalProperties={"type": "number"}),
        "R.named was object of string and is object of number",
    ),
    "a list becomes one value": (
        lambda s: inputs(s).update(many=TEXT),
        "R.many was array of string and is string",
    ),
    "another type is referred to": (
        lambda s: inputs(s)["set"].update({"$ref": f"#/types/{OUT}"}),
        "R.set was T and is Out",
    ),
    "a value may be one of several types": (
        lambda s: inputs(s).update(a={"oneOf": [TEXT, {"type": "integer"}]}),
        "R.a was string and is string or integer",
    ),
    "a value has to be plain": (lambda s: inputs(s)["a"].update(plain=True), "R.a was string and is plain string"),
    "a type becomes an enumeration": (
        lambda s: s["types"].update({T: {"type": "string", "enum": []}}),
        "T was object and is an enumeration of string",
    ),
    "a value of an enumeration is gone": (lambda s: s["types"][E]["enum"].pop(), "E does not take 'two' any more"),
    "a member of an enumeration is renamed": (
        lambda s: s["types"][E]["enum"][0].update(name="First"),
        "E: the name of 'one' was 'One' and is 'First'",
    ),
    "an input is secret now": (lambda s: inputs(s)["a"].update(secret=True), "R.a is secret now"),
    "an input is not secret any more": (lambda s: inputs(s)["hidden"].pop("secret"), "R.hidden is not secret any more"),
    "an output is secret now": (lambda s: outputs(s)["id"].update(secret=True), "R.id is secret now"),
    "an output is not secret any more": (lambda s: outputs(s)["token"].pop("secret"), "R.token is not secret any more"),
    "a default is another": (lambda s: inputs(s)["size"].update(default=2), "R.size is by default 2, and was 1"),
    "a default is gone": (lambda s: inputs(s)["size"].pop("default"), "R.size is by default None, and was 1"),
    "a default is new": (lambda s: inputs(s)["a"].update(default="x"), "R.a is by default 'x', and was None"),
    "a constant is new": (lambda s: inputs(s)["a"].update(const="x"), "R.a is always 'x', and was None"),
    "a change replaces the resource": (
        lambda s: inputs(s)["a"].update(replaceOnChanges=True),
        "R.a replaces the resource now when it changes",
    ),
    "the package is renamed": (lambda s: s.update(name="q"), "package name was 'p' and is 'q'"),
    "a language's package is renamed": (
        lambda s: s["language"]["nodejs"].update(packageName="q-sdk"),
        "package language.nodejs.packageName was 'p-sdk' and is 'q-sdk'",
    ),
}
BREAKS_NOTHING = {
    "a description": lambda s: inputs(s)["a"].update(description="Another."),
    "a new resource": lambda s: s["resources"].update({"p:index:New": {}}),
    "a new optional input": lambda s: inputs(s).update(new=TEXT),
    "a new output": lambda s: (outputs(s).update(new=TEXT), s["resources"][R]["required"].append("new")),
    "an input that may be left out now": lambda s: s["resources"][R]["requiredInputs"].clear(),
    "a property of an input that may be left out now": lambda s: s["types"][T]["required"].clear(),
    "an output that is always there now": lambda s: s["types"][OUT]["required"].append("y"),
    "a new value of an enumeration": lambda s: s["types"][E]["enum"].append({"name": "Three", "value": "three"}),
    "a new type": lambda s: s["types"].update({"p:index:New": {"type": "object"}}),
    "a new language": lambda s: s["language"].update(csharp={"rootNamespace": "P"}),
    "a version": lambda s: s.update(version="2.0.0"),
}


def changes_of(change):
    new = json.loads(json.dumps(EXAMPLE))
    change(new)
    assert new != EXAMPLE
    return list(breaking_changes(EXAMPLE, new))


@pytest.mark.parametrize("kind", BREAKS)
def test_a_change_that_breaks_programs_is_named_and_nothing_else(kind):
    change, message = BREAKS[kind]
    assert changes_of(change) == [message]


@pytest.mark.parametrize("kind", BREAKS_NOTHING)
def test_a_change_that_breaks_no_program_is_let_pass(kind):
    assert changes_of(BREAKS_NOTHING[kind]) == []


def test_a_schema_is_compatible_with_itself():
    assert list(breaking_changes(EXAMPLE, EXAMPLE)) == []
