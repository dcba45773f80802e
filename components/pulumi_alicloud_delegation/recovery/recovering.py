"""A recovery from beginning to end: find the steps, and carry them out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pulumi_alicloud_delegation.recovery.account_ram import ProviderInputs, RamAccount, RefusedError, has_secrets
from pulumi_alicloud_delegation.recovery.editing import edited_state
from pulumi_alicloud_delegation.recovery.kinds import ACCESS_KEY, KINDS, LOGIN, RamReply, first_input, items, part
from pulumi_alicloud_delegation.recovery.planning import (
    RECOVERING,
    Answers,
    Do,
    RecoveryStep,
    Rules,
    plan,
    resource_inputs,
    users_with_keys,
)
from pulumi_alicloud_delegation.recovery.pulumi_cli import Engine
from pulumi_alicloud_delegation.recovery.stack_files import StackState, Wanted, exported_state, frame_of, wanted_of

Connect = Callable[[ProviderInputs], RamAccount]


@dataclass(frozen=True, slots=True)
class Recovery:
    """Findings about a stack, and what to do about them.

    Attributes:
        state: as it was exported.
        steps: in their order.
        accounts: RAM of each provider, by its reference.
    """

    state: StackState
    steps: Sequence[RecoveryStep]
    accounts: Mapping[str, RamAccount]

    @property
    def left(self) -> list[RecoveryStep]:
        """Steps that are left to people."""
        return [step for step in self.steps if step.do is Do.LEFT]

    @property
    def work(self) -> list[RecoveryStep]:
        """Steps that a recovery does."""
        return [step for step in self.steps if step.do is not Do.LEFT]


def find_steps(engine: Engine, connect: Connect, rules: Rules = RECOVERING) -> Recovery:
    """Find out what was made and is not in the state. Nothing is changed.

    Args:
        engine: of the stack.
        connect: RAM behind a provider.
        rules: what the stack may take for its own.

    Raises:
        InvalidInputError: the engine does not tell, or a provider has no credentials here.
    """
    state = exported_state(engine.export())
    wanted = [one for one in wanted_of(state, engine.preview()) if one.provider in state.providers]
    owners = users_with_keys(state, wanted).items() if rules.takes_credentials_away else ()
    users = {owner: name for owner, name in owners if owner[0] in state.providers}
    needed = {one.provider for one in wanted} | {provider for provider, _ in users}
    accounts = _accounts(engine, state, needed, connect)
    return Recovery(state, plan(state, wanted, _ask(accounts, wanted, users), rules), accounts)


def prepare(engine: Engine) -> bool:
    """Make the providers and components that resources are put below. Nothing in the cloud changes.

    Args:
        engine: of the stack.

    Returns:
        Whether there was anything to make.
    """
    frame = frame_of(engine.preview())
    if frame:
        engine.make(frame)
    return bool(frame)


def is_prepared(engine: Engine) -> bool:
    """Tell whether the state has the providers and components that resources are put below."""
    return not frame_of(engine.preview())


def _accounts(engine: Engine, state: StackState, needed: Iterable[str], connect: Connect) -> dict[str, RamAccount]:
    providers = {reference: state.providers[reference] for reference in sorted(needed)}
    if any(has_secrets(resource_inputs(one)) for one in providers.values()):
        # The only way to the secrets of a provider. They stay in memory, and nothing else is taken from the export.
        providers = {
            name: one
            for name, one in exported_state(engine.export(secrets=True)).providers.items()
            if name in providers
        }
    return {
        reference: connect(ProviderInputs.of(str(one["urn"]).rpartition("::")[2], resource_inputs(one)))
        for reference, one in providers.items()
    }


def _ask(accounts: Mapping[str, RamAccount], wanted: Iterable[Wanted], users: Mapping[tuple[str, str], str]) -> Answers:
    replies: dict[str, Sequence[RamReply] | None] = {}
    logins: dict[str, RamReply | None] = {}
    keys: dict[tuple[str, str], Sequence[RamReply]] = {}
    refused: dict[str, str] = {}
    wanted = list(wanted)
    for one in wanted:
        account, inputs = accounts[one.provider], resource_inputs(one.entries[0])
        try:
            if one.type == LOGIN:
                logins[one.urn] = _reply(account, "GetLoginProfile", {"UserName": first_input(inputs, "userName")})
            elif one.type in KINDS:
                questions = KINDS[one.type].questions(inputs)
                answered = [_reply(account, action, parameters) for action, parameters in questions]
                replies[one.urn] = None if answered[0] is None else [reply or {} for reply in answered]
        except RefusedError as error:
            refused[one.urn] = str(error)
    for owner, user in users.items():
        try:
            keys[owner] = _keys(accounts[owner[0]], user)
        except RefusedError as error:
            about = (one.urn for one in wanted if one.type == ACCESS_KEY and one.provider == owner[0])
            refused |= dict.fromkeys(about, str(error))
    return Answers(replies, logins, keys, refused)


def _reply(account: RamAccount, action: str, parameters: Mapping[str, str]) -> RamReply | None:
    """The reply to a question; None where the resource does not exist."""
    try:
        return account.call(action, parameters)
    except RefusedError as error:
        if error.gone:
            return None
        raise


def _keys(account: RamAccount, user: str) -> list[RamReply]:
    listed = _reply(account, "ListAccessKeys", {"UserName": user})
    found: list[RamReply] = []
    for key in items(listed or {}, "AccessKeys", "AccessKey"):
        named = {"UserName": user, "UserAccessKeyId": str(key["AccessKeyId"])}
        used = _reply(account, "GetAccessKeyLastUsed", named) or {}
        found.append({**key, "LastUsedDate": part(used, "AccessKeyLastUsed").get("LastUsedDate")})
    return found


def carry_out(engine: Engine, recovery: Recovery) -> None:
    """Do what was decided. Whatever stops it, another recovery goes on from there.

    Args:
        engine: of the stack.
        recovery: what `find_steps` found.

    Raises:
        InvalidInputError: the engine or RAM refused a step.
    """
    steps = recovery.work
    if any(step.do is not Do.REFRESH for step in steps) or recovery.state.interrupted:
        engine.load(edited_state(recovery.state, steps))
    for step in steps:
        named = {"UserName": step.user}
        if step.do is Do.DELETE_KEY:
            _reply(recovery.accounts[step.provider], "DeleteAccessKey", {**named, "UserAccessKeyId": step.id})
        elif step.do is Do.RESET_LOGIN:
            _reply(recovery.accounts[step.provider], "DeleteLoginProfile", named)
    stale = [step.urn for step in steps if step.do in {Do.IMPORT, Do.REFRESH}]
    if stale:
        engine.refresh(stale)
