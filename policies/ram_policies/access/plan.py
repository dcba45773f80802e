"""Models out of what the Pulumi CLI prints: `pulumi stack export` and `pulumi preview --json`.

A preview says what a change would do to each resource; what stays as it is is only in it with ``--show-sames``, else it
comes from an exported state. Values that are not known at preview are marked in it with a fixed text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ram_policies.access.documents import Node, is_list, is_object
from ram_policies.access.model import AccessModel
from ram_policies.access.stack import from_stack, unknown_account
from ram_policies.errors import InvalidInputError
from ram_policies.names import NameKind, check_name
from ram_policies.stack.build import TYPES, build_stack
from ram_policies.stack.facts import ResourceFacts
from ram_policies.stack.state import resources_of_state

# https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go
_UNKNOWN = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
    }
)
# The signature of values that stand for something else; the readers of states take those for unknown.
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_GONE_AFTER = frozenset({"delete", "delete-replaced", "discard-replaced", "read-discard", "remove-pending-replace"})
_SIDES = ("owner", "delegate")
_LAST_WORD = re.compile(r"[^A-Za-z0-9]")
_FIX_STATE = "give what `pulumi stack export` prints"
_FIX_PLAN = "give what `pulumi preview --json` prints"


@dataclass(frozen=True, slots=True)
class Plan:
    """A preview as two models.

    Attributes:
        before: what there is.
        after: what there will be.
        unchanged: how many resources stay as they are and are neither in the preview nor in a state that was given.
    """

    before: AccessModel
    after: AccessModel
    unchanged: int = 0


@dataclass(slots=True)
class Accounts:
    """In which account each provider works.

    Attributes:
        told: account ID by name of a provider resource, as the user says.
    """

    told: Mapping[str, str] = field(default_factory=dict[str, str])
    _found: dict[str, str] = field(default_factory=dict[str, str], init=False)
    _provider: dict[str, str] = field(default_factory=dict[str, str], init=False)
    _declared: dict[str, str] = field(default_factory=dict[str, str], init=False)
    _aliases: dict[str, str] = field(default_factory=dict[str, str], init=False)

    def __post_init__(self) -> None:
        for name, account in self.told.items():
            check_name(NameKind.ACCOUNT_ID, account, f"account of {name}")

    def learn(self, resources: Iterable[ResourceFacts]) -> None:
        """Take from resources which provider they have, and from their ARNs where that works."""
        for facts in resources:
            if facts.provider is None:
                continue
            self._provider[facts.urn] = facts.provider.urn
            arn = facts.text("arn")
            if isinstance(arn, str) and arn.count(":") >= 4:
                self._found.setdefault(facts.provider.urn, arn.split(":")[3])

    def declare(self, config: Mapping[str, object]) -> None:
        """Take the accounts that this project's own programs declare in their configuration: `owner`, `delegate`."""
        for key, value in config.items():
            side = key.rpartition(":")[2]
            given = _loaded(value) if isinstance(value, str) else value
            account = given.get("id") if is_object(given) else None
            if side in _SIDES and isinstance(account, str | int):
                self._declared[side] = str(account)
                alias = given.get("alias") if is_object(given) else None
                self._aliases[str(account)] = alias if isinstance(alias, str) else ""

    def of(self, urn: str) -> str | None:
        """The account of a resource; one that stands for the provider's when nobody says."""
        provider = self._provider.get(urn, "")
        name = provider.rpartition("::")[2]
        told = self.told.get(name) or self._found.get(provider)
        told = told or self._declared.get(_LAST_WORD.split(name)[-1])
        return told or (unknown_account(name) if name else None)

    def named(self, model: AccessModel) -> AccessModel:
        """The model with the aliases that were declared."""
        accounts = (replace(a, alias=a.alias or self._aliases.get(a.id, "")) for a in model.accounts)
        return replace(model, accounts=tuple(accounts))


def read_state(content: object, accounts: Accounts | None = None, source: str = "state") -> AccessModel:
    """The model of an exported state.

    Args:
        content: what `pulumi stack export` prints, read as JSON.
        accounts: what is known about providers.
        source: what to call it in messages.

    Raises:
        InvalidInputError: it is no exported state.
    """
    return _model(_state_entries(content, source).values(), accounts or Accounts())


def read_plan(content: object, accounts: Accounts | None = None, state: object = None, source: str = "plan") -> Plan:
    """The two models of a preview.

    Args:
        content: what `pulumi preview --json` prints, read as JSON.
        accounts: what is known about providers.
        state: what `pulumi stack export` prints, for the resources that stay as they are.
        source: what to call it in messages.

    Raises:
        InvalidInputError: it is no preview, or the state is none.
    """
    if not is_object(content) or ("steps" not in content and "changeSummary" not in content):
        raise InvalidInputError(source, content, "is no preview", _FIX_PLAN)
    accounts = accounts or Accounts()
    config = content.get("config")
    if is_object(config):
        accounts.declare(config)
    kept = {} if state is None else _state_entries(state, "state")
    before: dict[str, Mapping[str, object]] = dict(kept)
    after: dict[str, Mapping[str, object]] = dict(kept)
    same = 0
    for step in Node(content, source).get("steps").items():
        operation, urn = step.get("op").text(), step.get("urn").text()
        same += operation == "same"
        if operation in _GONE_AFTER and operation != "delete-replaced":
            after.pop(urn, None)
        for name, side in (("oldState", before), ("newState", after)):
            state_of = step.get(name)
            if state_of.value is not None and (side is before or operation not in _GONE_AFTER):
                side[urn] = _entry(state_of)
    summary = content.get("changeSummary")
    total = summary.get("same") if is_object(summary) else 0
    unchanged = total - same if isinstance(total, int) and not kept else 0
    accounts.learn(_facts(before.values()))
    accounts.learn(_facts(after.values()))
    return Plan(_model(before.values(), accounts), _model(after.values(), accounts), max(unchanged, 0))


def _state_entries(content: object, source: str) -> dict[str, Mapping[str, object]]:
    deployment = content.get("deployment") if is_object(content) else None
    if not is_object(deployment):
        raise InvalidInputError(source, "", "has no deployment", _FIX_STATE)
    entries: dict[str, Mapping[str, object]] = {}
    for node in Node(deployment, f"{source}.deployment").get("resources").items():
        entry = _entry(node)
        if not entry.get("delete"):
            entries[str(entry["urn"])] = entry
    return entries


def _entry(node: Node) -> Mapping[str, object]:
    """A resource with what is not known in it marked, and what the program says before what was there."""
    node.get("urn").text()
    node.get("type").text()
    entry = {key: _marked(value) for key, value in node.object().items()}
    given, computed = entry.get("inputs"), entry.get("outputs")
    if is_object(computed):
        entry["outputs"] = {k: v for k, v in computed.items() if not (is_object(given) and k in given)}
    depends_on = entry.get("propertyDependencies")
    entry["propertyDependencies"] = (
        {name: urns for name, urns in depends_on.items() if is_list(urns)} if is_object(depends_on) else {}
    )
    provider = node.get("provider").value
    entry["provider"] = provider if isinstance(provider, str) else ""
    return entry


def _marked(value: object) -> object:
    if isinstance(value, str):
        return {_SIGNATURE: "unknown"} if value in _UNKNOWN else value
    if is_object(value):
        return {key: _marked(item) for key, item in value.items()}
    return [_marked(item) for item in value] if is_list(value) else value


def _facts(entries: Iterable[Mapping[str, object]]) -> Iterator[ResourceFacts]:
    return resources_of_state({"deployment": {"resources": list(entries)}})


def _model(entries: Collection[Mapping[str, object]], accounts: Accounts) -> AccessModel:
    for entry in entries:
        outputs = entry.get("outputs")
        acceptance = outputs.get("acceptance") if is_object(outputs) else None
        if is_object(acceptance):  # an output of this project's own components; it names both accounts
            accounts.declare(acceptance)
    resources = [facts for facts in _facts(entries) if facts.type in TYPES]
    accounts.learn(resources)
    return accounts.named(from_stack(build_stack(resources), accounts.of))


def _loaded(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None
