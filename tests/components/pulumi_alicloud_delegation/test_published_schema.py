"""The schema that generated SDKs are made from: complete, clean, and compatible with earlier releases."""

import json
import sys
from pathlib import Path

import jsonschema
import pytest

from pulumi_alicloud_delegation.handover import to_plain
from pulumi_alicloud_delegation.plugin import Plugin

HERE = Path(__file__).parent
GOLDEN = HERE / "plugin_schema.json"
sys.path.insert(0, str(HERE.parents[2] / "tools"))
sys.path.insert(0, str(HERE / "handover"))
from rooms import ADMIN, BILLS, accepted, offer, role  # noqa: E402 - the folder of the rooms is put on the path first
from schema_changes import breaking_changes  # noqa: E402 - tools is a folder of scripts

# Names of types lost their suffix `Args` after 0.1.0: a generator adds its own, which made `AccountArgsArgs`. 0.1.0 had
# no generated SDKs, and programs in YAML do not name types.
RENAMED_AFTER_0_1_0 = "Args"


@pytest.fixture(scope="module")
def schema():
    return json.loads(Plugin().schema)


def properties(schema):
    for section in ("types", "resources"):
        for token, definition in schema[section].items():
            name = token.rpartition(":")[2]
            for group in ("properties", "inputProperties"):
                for key, value in definition.get(group, {}).items():
                    yield f"{name}.{key}", value


def without_suffix(text):
    """A recorded schema with today's names."""
    schema = json.loads(text)
    for token in schema["types"]:
        text = text.replace(f'{token}"', f'{token.removesuffix(RENAMED_AFTER_0_1_0)}"')
    return json.loads(text)


def test_the_schema_is_the_recorded_one(schema):
    recorded = json.loads(GOLDEN.read_text("utf-8"))
    fix = f"if it is meant: python tools/plugin_schema.py > {GOLDEN.relative_to(HERE.parents[2])}"
    assert schema == recorded, fix


def test_everything_is_described(schema):
    undescribed = [path for path, value in properties(schema) if not value.get("description")]
    undescribed += [
        token
        for section in ("types", "resources")
        for token, one in schema[section].items()
        if not one.get("description")
    ]
    assert undescribed == []


def test_no_description_is_a_code_block(schema):
    text = [value["description"] for _, value in properties(schema)]
    text += [one["description"] for section in ("types", "resources") for one in schema[section].values()]
    assert [one for one in text if "\n    " in one or one != one.strip()] == []


def test_the_schema_has_the_fields_that_a_registry_shows(schema):
    for key in ("description", "displayName", "keywords", "repository", "homepage", "license", "publisher"):
        assert schema[key], key


def test_no_type_is_named_as_a_generator_names_it_again(schema):
    assert [token for token in schema["types"] if token.endswith("Args")] == []


def test_every_reference_leads_to_a_type(schema):
    def references(node):
        if isinstance(node, dict):
            for key, value in node.items():
                if key == "$ref" and value.startswith("#/types/"):
                    yield value.removeprefix("#/types/")
                yield from references(value)
        elif isinstance(node, list):
            for item in node:
                yield from references(item)

    assert set(references(schema)) <= set(schema["types"])


@pytest.mark.parametrize(
    ("path", "secret"),
    [
        ("CrossAccountDelegation.ownerSecretKey", True),
        ("CrossAccountDelegation.delegateSecurityToken", True),
        ("CrossAccountDelegation.firstPasswords", True),
        ("OperatorTeam.accessKeys", True),
        ("AccessKeyPair.secret", True),
        ("AccessKeyPair.id", None),
        ("Operator.accessKeys", None),
        ("Account.accessKey", None),
    ],
)
def test_secrets_are_marked(schema, path, secret):
    assert dict(properties(schema))[path].get("secret") is secret


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("Account.site", {"international", "china"}),
        ("Operator.kind", {"person", "application"}),
        ("DelegatedRole.state", {"active", "suspended"}),
        ("Team.assumePermission", {"scoped", "AliyunSTSAssumeRoleAccess"}),
    ],
)
def test_choices_are_enumerations(schema, path, values):
    token = dict(properties(schema))[path]["$ref"].removeprefix("#/types/")
    assert {one["value"] for one in schema["types"][token]["enum"]} == values


def test_everything_has_a_type(schema):
    assert "Any" not in json.dumps(schema)


def misfits(value, schema):
    """Parts of a value that the type `Acceptance` does not describe; a property that it does not name is one."""
    types = {
        token: one | {"additionalProperties": False} if "properties" in one else one
        for token, one in schema["types"].items()
    }
    shape = {"$ref": "#/types/alicloud-delegation:index:Acceptance", "types": types}
    return [error.message for error in jsonschema.Draft202012Validator(shape).iter_errors(value)]


CONDITIONS = {"Bool": {"acs:MFAPresent": "true"}, "IpAddress": {"acs:SourceIp": ["192.0.2.1", "198.51.100.0/24"]}}
STATEMENTS = [
    {"Effect": "Allow", "Action": "ecs:*", "Resource": "*", "Condition": CONDITIONS},
    {"Effect": "Deny", "NotAction": ["ecs:*", "vpc:*"], "Resource": ["acs:ecs:*:*:instance/*", "*"]},
]


@pytest.fixture
def acceptance():
    policy = {"name": "own", "document": {"Version": "1", "Statement": STATEMENTS}}
    roles = [ADMIN, BILLS, role("ops", policies=[policy], trust={"sourceIps": ["192.0.2.1"], "mfa": True})]
    return to_plain(accepted(offer(*roles)))


def test_an_acceptance_is_as_its_type_says(schema, acceptance):
    output = schema["resources"]["alicloud-delegation:index:CrossAccountDelegation"]["properties"]["acceptance"]
    assert output["$ref"] == "#/types/alicloud-delegation:index:Acceptance"
    assert misfits(acceptance, schema) == []
    (own,) = acceptance["roles"][2]["granted"]
    assert own["document"]["Statement"][0]["Condition"] == CONDITIONS


@pytest.mark.parametrize(
    ("change", "misfit"),
    [
        (lambda a: a.pop("digest"), "'digest' is a required property"),
        (lambda a: a.update(version="2"), "'2' is not of type 'integer'"),
        (lambda a: a["owner"].update(more=1), "'more' was unexpected"),
        (lambda a: a["roles"][2]["granted"][0]["document"].update(Id="x"), "'Id' was unexpected"),
    ],
)
def test_only_an_acceptance_fits_the_acceptance_type(schema, acceptance, change, misfit):
    change(acceptance)
    (found,) = misfits(acceptance, schema)
    assert misfit in found


@pytest.mark.parametrize("file", sorted((HERE / "releases").glob("plugin-*.json")), ids=lambda file: file.stem)
def test_programs_for_an_earlier_release_keep_working(schema, file):
    """Accepted since 0.1.0: enumerations for strings, a type where there was none, marks of secrets."""
    found = list(breaking_changes(without_suffix(file.read_text("utf-8")), schema))
    passed = (
        " is secret now",
        " was plain string and is ",
        " was string and is ",
        "PresetParameters",
        "acceptance was object of pulumi.json#/Any and is Acceptance",
    )
    assert [one for one in found if not any(text in one for text in passed)] == []
