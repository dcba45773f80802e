"""Steps of a recovery, decided from the state, the preview and the answers of RAM. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from pulumi_alicloud_delegation.recovery.kinds import (
    ACCESS_KEY,
    KINDS,
    LOGIN,
    USER,
    Inputs,
    RamReply,
    attached_policy,
    first_input,
    part,
)
from pulumi_alicloud_delegation.recovery.stack_files import CREATING, StackState, Wanted, neighbours_of
from ram_policies.nodes import is_list, is_object
from ram_policies.stack.state import Entry
from ram_policies.stack.value_marks import SIGNATURE, UNKNOWN_TEXTS

CLOCK_SKEW: Final = timedelta(minutes=5)
"""Longest difference between the clocks of RAM and of the machine that deploys."""

_HIDDEN: Final = "[secret]"  # what a preview has in place of a secret
_NEVER_USED: Final = frozenset({"", "N/A"})  # unconfirmed.LAST_USED_NEVER
_BY_HAND: Final = "compare it with the program, then delete it in the account or change the program"


@dataclass(frozen=True, slots=True)
class Rules:
    """Bounds of the resources that a stack may take for its own.

    Attributes:
        older: a thing may be older than the stack.
        carries_more: a thing may carry policies that the stack does not attach. They stay.
        takes_credentials_away: logins and access keys whose secret nobody has are deleted.
    """

    older: bool
    carries_more: bool
    takes_credentials_away: bool


RECOVERING: Final = Rules(older=False, carries_more=False, takes_credentials_away=True)
"""After an interrupted update: only what the stack has made itself."""
ADOPTING: Final = Rules(older=True, carries_more=True, takes_credentials_away=False)
"""On request: whatever is as the program wants it, whoever made it. People keep their logins and keys."""


class Do(StrEnum):
    """A kind of step."""

    IMPORT = "import"
    DELETE_KEY = "delete-key"
    RESET_LOGIN = "reset-login"
    CLEAR = "clear"
    REFRESH = "refresh"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class RecoveryStep:
    """A step of a recovery, or something that is left to people.

    Attributes:
        do: the kind of step.
        urn: the resource in the stack.
        title: the thing in the account, in words.
        why: the reason.
        fix: the way out, for what is left.
        id: import ID, or access key ID.
        user: name of the user whose key or login it is.
        provider: reference of the provider whose account it is in.
        entry: the resource to put into the state.
    """

    do: Do
    urn: str
    title: str
    why: str
    fix: str = ""
    id: str = ""
    user: str = ""
    provider: str = ""
    entry: Entry = field(default_factory=dict[str, object], repr=False)


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers of RAM.

    Attributes:
        replies: to the questions of each wanted resource, by its URN; None where the resource does not exist.
        logins: GetLoginProfile, by URN; None where there is none.
        keys: the access keys of a user, by reference of the provider and the user's name in lower case, each with
            AccessKeyId and LastUsedDate.
        refused: what could not be asked, by URN: the error of RAM.
    """

    replies: Mapping[str, Sequence[RamReply] | None] = field(default_factory=dict[str, Sequence[RamReply] | None])
    logins: Mapping[str, RamReply | None] = field(default_factory=dict[str, RamReply | None])
    keys: Mapping[tuple[str, str], Sequence[RamReply]] = field(
        default_factory=dict[tuple[str, str], Sequence[RamReply]]
    )
    refused: Mapping[str, str] = field(default_factory=dict[str, str])


def plan(
    state: StackState, wanted: Sequence[Wanted], answers: Answers, rules: Rules = RECOVERING
) -> list[RecoveryStep]:
    """The steps of a recovery, in the order in which they are done, and what is left.

    Args:
        state: of the stack.
        wanted: what the stack makes and does not have.
        answers: of RAM.
        rules: what the stack may take for its own.
    """
    planner = _Planner(state, answers, _ids(state), _attachments(state, wanted), rules)
    steps = [step for one in wanted if one.type not in {LOGIN, ACCESS_KEY} for step in planner.imports(one)]
    if not rules.takes_credentials_away:
        return [*steps, *(step for one in wanted if one.type == LOGIN for step in planner.kept_login(one))]
    managed = _users(state.known.values()) | _users(step.entry for step in steps if step.do is Do.IMPORT)
    steps += [step for one in wanted if one.type == LOGIN for step in planner.login(one, managed)]
    steps += planner.keys([one for one in wanted if one.type == ACCESS_KEY], managed)
    return [*steps, *_refreshes(state)]


def resource_inputs(entry: Entry) -> Inputs:
    """The inputs of a resource."""
    inputs = entry.get("inputs")
    return inputs if is_object(inputs) else {}


def _ids(state: StackState) -> dict[tuple[str, str, str], str]:
    """The URN of each resource in the state, by provider, type and ID."""
    return {
        (str(one.get("provider")), str(one["type"]), str(one.get("id"))): str(one["urn"])
        for one in state.resources
        if one.get("custom")
    }


def _attachments(state: StackState, wanted: Sequence[Wanted]) -> dict[str, set[str]]:
    """Import IDs of the attachments that the stack has or wants, by provider."""
    found: dict[str, set[str]] = {}
    for entry in (*state.known.values(), *(entry for one in wanted for entry in one.entries)):
        kind = str(entry["type"])
        if kind.endswith("PolicyAttachment"):
            named = resource_inputs(entry)
            entity = kind.rpartition(":")[2].removesuffix("PolicyAttachment").lower()
            parts = (
                entity,
                first_input(named, "policyName"),
                first_input(named, "policyType"),
                first_input(named, f"{entity}Name"),
            )
            found.setdefault(str(entry.get("provider")), set()).add(":".join(parts).lower())
    return found


def _users(entries: Iterable[Entry]) -> set[tuple[str, str]]:
    """The users among some resources: provider, and name in lower case."""
    return {
        (str(one.get("provider")), first_input(resource_inputs(one), "name").lower())
        for one in entries
        if one["type"] == USER
    }


@dataclass(frozen=True, slots=True)
class _Planner:
    state: StackState
    answers: Answers
    ids: Mapping[tuple[str, str, str], str]
    attachments: Mapping[str, set[str]]
    rules: Rules
    ready: set[str] = field(default_factory=set[str])
    """URNs of what is imported before, on which others may rest."""

    def imports(self, one: Wanted) -> Iterator[RecoveryStep]:
        """Import a thing that exists as it is wanted."""
        kind = KINDS.get(one.type)
        if kind is None:
            if one.interrupted:
                why = f"its creation was interrupted, and a recovery does not know the type {one.type}"
                yield RecoveryStep(
                    Do.LEFT, one.urn, _name(one.urn), why, "look for it in the account and `pulumi import` it"
                )
            return
        title = kind.title(resource_inputs(one.entries[0]))
        if refusal := self.answers.refused.get(one.urn):
            yield RecoveryStep(Do.LEFT, one.urn, title, f"RAM does not tell: {refusal}", "let the deployer read it")
            return
        replies = self.answers.replies.get(one.urn)
        identifier = None if replies is None else kind.identifier(resource_inputs(one.entries[0]), replies)
        if replies is None or identifier is None:
            yield from self._not_there(one, title)
            return
        if self.ids.get((one.provider, one.type, identifier)) == one.urn:
            yield RecoveryStep(Do.CLEAR, one.urn, title, "it is in the state already")
            return
        problems = list(self._problems(one, identifier, replies))
        fitting = next((entry for entry in one.entries if not list(_misfits(entry, replies))), None)
        if fitting is None:
            problems = [*problems, *_misfits(one.entries[-1], replies)]
        if problems or fitting is None:
            yield RecoveryStep(Do.LEFT, one.urn, title, f"it exists, and {'; '.join(problems)}", _BY_HAND, identifier)
            return
        missing = sorted(neighbours_of(fitting) - self.state.known.keys() - self.ready)
        if missing:
            why = f"it exists, and {_name(missing[0])}, on which it rests, is not in the state"
            yield RecoveryStep(Do.LEFT, one.urn, title, why, "recover again after the next update", identifier)
            return
        self.ready.add(one.urn)
        more = self._carries_more(one, replies)
        why = f"it exists as it is wanted{f', and carries {more} besides' if more else ''}"
        yield RecoveryStep(Do.IMPORT, one.urn, title, why, id=identifier, provider=one.provider, entry=fitting)

    def _not_there(self, one: Wanted, title: str) -> Iterator[RecoveryStep]:
        if one.interrupted:
            yield RecoveryStep(Do.CLEAR, one.urn, title, "it was not made")

    def _problems(self, one: Wanted, identifier: str, replies: Sequence[RamReply]) -> Iterator[str]:
        """Reasons why a resource that exists may belong to another stack, even if it has the properties wanted."""
        kind = KINDS[one.type]
        if (urn := self.ids.get((one.provider, one.type, identifier))) is not None:
            yield f"is in the state as {_name(urn)}"
        if not self.rules.older and self._is_older(one.provider, kind.created(replies)):
            yield f"was made at {kind.created(replies)}, before the stack"
        if not self.rules.carries_more and (names := self._carries_more(one, replies)):
            yield f"carries {names}, which the stack does not attach"

    def _carries_more(self, one: Wanted, replies: Sequence[RamReply]) -> str:
        """The names of policies that a thing carries and the stack does not attach; empty for none."""
        own = self.attachments.get(one.provider, set())
        attached = KINDS[one.type].attached(resource_inputs(one.entries[0]), replies)
        return ", ".join(sorted(attached_policy(each) for each in attached if each.lower() not in own))

    def _is_older(self, provider: str, created: str) -> bool:
        began = _moment(str(self.state.providers.get(provider, {}).get("created") or ""))
        made = _moment(created)
        return began is not None and made is not None and made < began - CLOCK_SKEW

    def kept_login(self, one: Wanted) -> Iterator[RecoveryStep]:
        """Leave a login that exists to its person: nobody can read its password."""
        if self.answers.logins.get(one.urn) is not None:
            user = first_input(resource_inputs(one.entries[0]), "userName")
            why = f"it exists, and its password is {user}'s own"
            yield RecoveryStep(
                Do.LEFT, one.urn, f"login of {user}", why, f"write login: false for {user}, who keeps it"
            )

    def login(self, one: Wanted, managed: set[tuple[str, str]]) -> Iterator[RecoveryStep]:
        """Take away a login whose first password was lost with the update."""
        inputs = resource_inputs(one.entries[0])
        user = first_input(inputs, "userName")
        title = f"login of {user}"
        if refusal := self.answers.refused.get(one.urn):
            yield RecoveryStep(Do.LEFT, one.urn, title, f"RAM does not tell: {refusal}", "let the deployer read it")
            return
        reply = self.answers.logins.get(one.urn)
        if reply is None:
            yield from self._not_there(one, title)
            return
        profile = part(reply, "LoginProfile")
        problems: list[str] = []
        if (one.provider, user.lower()) not in managed:
            problems.append(f"the stack does not have the user {user}")
        if self._is_older(one.provider, str(profile.get("CreateDate") or "")):
            problems.append(f"was made at {profile.get('CreateDate')}, before the stack")
        if inputs.get("passwordResetRequired") and not profile.get("PasswordResetRequired"):
            problems.append(f"{user} has a password of their own already")
        if problems:
            fix = f"delete the login of {user} in the account, or write login: false"
            yield RecoveryStep(Do.LEFT, one.urn, title, f"it exists, and {'; '.join(problems)}", fix)
            return
        why = "nobody knows its password; the next update makes a new one"
        yield RecoveryStep(Do.RESET_LOGIN, one.urn, title, why, user=user, provider=one.provider)

    def keys(self, wanted: Sequence[Wanted], managed: set[tuple[str, str]]) -> Iterator[RecoveryStep]:
        """Delete access keys whose secret was lost with the update."""
        asked = {_owner(entry): one for one in wanted for entry in one.entries}
        refused = {one.urn for one in wanted if one.urn in self.answers.refused}
        for one in wanted:
            title = f"access key of {first_input(resource_inputs(one.entries[0]), 'userName')}"
            if one.urn in refused:
                why = f"RAM does not tell: {self.answers.refused[one.urn]}"
                yield RecoveryStep(Do.LEFT, one.urn, title, why, "let the deployer read it")
            elif one.interrupted and not list(self._unknown_keys(_owner(one.entries[0]))):
                yield RecoveryStep(Do.CLEAR, one.urn, title, "it was not made")
        names = users_with_keys(self.state, wanted)
        for owner in self.answers.keys:
            provider, user = owner[0], names.get(owner, owner[1])
            for key in self._unknown_keys(owner):
                identifier, used = str(key.get("AccessKeyId")), str(key.get("LastUsedDate") or "")
                title = f"access key {identifier} of {user}"
                one = asked.get(owner)
                urn = one.urn if one is not None else self._urn_of_user(owner)
                if used not in _NEVER_USED:
                    why = f"it is not in the state, and was used at {used}, so that somebody has its secret"
                    yield RecoveryStep(Do.LEFT, urn, title, why, "delete it once nobody needs it", identifier, user)
                elif owner not in managed:
                    why = f"it is not in the state, and the stack does not have the user {user}"
                    yield RecoveryStep(Do.LEFT, urn, title, why, "delete it once nobody needs it", identifier, user)
                elif one is None:
                    why = "it is not in the state, was never used, and no interrupted creation explains it"
                    yield RecoveryStep(
                        Do.LEFT, urn, title, why, "delete it, unless somebody made it by hand", identifier, user
                    )
                else:
                    why = "nobody has its secret; the next update makes a new one"
                    yield RecoveryStep(Do.DELETE_KEY, urn, title, why, id=identifier, user=user, provider=provider)

    def _unknown_keys(self, owner: tuple[str, str]) -> Iterator[RamReply]:
        for key in self.answers.keys.get(owner, ()):
            if (owner[0], ACCESS_KEY, str(key.get("AccessKeyId"))) not in self.ids:
                yield key

    def _urn_of_user(self, owner: tuple[str, str]) -> str:
        found = (one for one in self.state.known.values() if one["type"] == USER and _users([one]) == {owner})
        return next((str(one["urn"]) for one in found), "")


def _owner(entry: Entry) -> tuple[str, str]:
    return str(entry.get("provider") or ""), first_input(resource_inputs(entry), "userName").lower()


def users_with_keys(state: StackState, wanted: Iterable[Wanted]) -> dict[tuple[str, str], str]:
    """Users whose access keys to ask for: the name as it is written, by provider and name in lower case."""
    entries = [*state.known.values(), *(entry for one in wanted for entry in one.entries)]
    keys = [one for one in entries if one["type"] == ACCESS_KEY]
    return {_owner(one): first_input(resource_inputs(one), "userName") for one in reversed(keys)}


def _misfits(entry: Entry, replies: Sequence[RamReply]) -> Iterator[str]:
    """Differences of the thing that exists from what a resource describes."""
    inputs = resource_inputs(entry)
    hidden = sorted(name for name, value in inputs.items() if _is_hidden(value))
    if hidden:
        yield f"what the stack wants as its {', '.join(hidden)} is secret or not known yet"
        return
    yield from KINDS[str(entry["type"])].differences(inputs, replies)


def _is_hidden(value: object) -> bool:
    if is_object(value):
        return SIGNATURE in value or any(_is_hidden(one) for one in value.values())
    if is_list(value):
        return any(_is_hidden(one) for one in value)
    return isinstance(value, str) and (value == _HIDDEN or value in UNKNOWN_TEXTS)


def _refreshes(state: StackState) -> Iterator[RecoveryStep]:
    """Parts of the state that may be wrong: updates and deletions that were interrupted, imports that were not read."""
    seen: set[str] = set()
    for kind, entry in state.interrupted:
        urn = str(entry["urn"])
        if kind != CREATING and urn in state.known and urn not in seen:
            seen.add(urn)
            yield RecoveryStep(Do.REFRESH, urn, _name(urn), f"the engine was {kind} it")
    for urn, entry in state.known.items():
        outputs = entry.get("outputs")
        if urn not in seen and str(entry["type"]) in KINDS and not (is_object(outputs) and outputs.get("id")):
            yield RecoveryStep(Do.REFRESH, urn, _name(urn), "it was imported and not read since")


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]


def _moment(written: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
