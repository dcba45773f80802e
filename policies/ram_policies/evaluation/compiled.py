"""Statements compiled for judging many requests.

Which statements speak about an action is found once per action and kept, so that statements about other actions and
other services cost nothing. Within one action, resources without wildcards in their relative id are found by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from ram_policies.arn import FIELDS, account_of, arn_fields, ignores_case, is_root
from ram_policies.conditions import CompiledCondition
from ram_policies.document import UNKNOWN_DOCUMENT, Effect, Statement
from ram_policies.evaluation.decision import Decision, MatchedStatement, Outcome, Policy, Request
from ram_policies.folding import fold
from ram_policies.pattern import Matcher, action_matcher, has_wildcard, normal_resource, resource_matcher
from ram_policies.principals import caller_keys, principal_keys, spares_owner, uid_key

MAY_ALLOW, MAY_DENY, MAY_IGNORE = 1, 2, 4
"""Bits of a set of possible outcomes: allowed, explicitly denied, not mentioned."""

_KEPT_ACTIONS = 4096


class CompiledStatement:
    """One statement with its patterns compiled, and the reference that explanations show."""

    __slots__ = (
        "allowed_alone",
        "allows",
        "conditions",
        "matched",
        "order",
        "plain",
        "principals",
        "spares_owner",
        "statement",
    )

    def __init__(self, policy: Policy, index: int, order: int) -> None:
        self.statement: Statement = policy.document.statements[index]
        self.matched = MatchedStatement(policy, index, self.statement.effect)
        self.order = order
        self.conditions = tuple(CompiledCondition(condition) for condition in self.statement.conditions)
        named = self.statement.principals
        self.principals = None if named is None else principal_keys(named)
        self.plain = named is None and not self.conditions
        self.allows = self.statement.effect is Effect.ALLOW
        self.spares_owner = spares_owner(self.statement)
        # The most frequent answer of all: this one statement allowed it. Values can be shared.
        self.allowed_alone = Decision(Outcome.ALLOW, None, (self.matched,))

    def applies(self, request: Request) -> bool | None:
        """True if principal and conditions match; None when unknown values decide."""
        if self.plain:
            return True
        principals = self.principals
        if principals is not None:
            keys = caller_keys(request.principal)
            if principals.isdisjoint(keys) and uid_key(request.principal_id) not in principals:
                return False
            if self.spares_owner and self._is_owner(request, principals):
                return False
        answer: bool | None = True
        context = request.context
        for condition in self.conditions:
            holds = condition.holds(context)
            if holds is False:
                return False
            if holds is None:
                answer = None
        return answer

    def _is_owner(self, request: Request, principals: frozenset[str]) -> bool:
        """True if the caller is the account that the resource is in, and not named as such."""
        if not is_root(request.principal):
            return False
        account = account_of(request.principal)
        return account == account_of(request.resource) and uid_key(account) not in principals

    def unknown_keys(self, request: Request) -> Iterator[str]:
        """The condition keys whose values are needed to tell whether the statement applies."""
        return (c.key for c in self.conditions if c.holds(request.context) is None)


class UnknownStatement(CompiledStatement):
    """Statement of an unknown document: whether it applies is always open."""

    __slots__ = ()

    def __init__(self, policy: Policy, effect: Effect, order: int) -> None:
        self.statement = Statement(effect, ("*",), (), ("*",))
        self.matched = MatchedStatement(policy, 0, effect)
        self.order = order
        self.conditions = ()
        self.principals = None
        self.plain = False
        self.spares_owner = False
        self.allows = effect is Effect.ALLOW
        self.allowed_alone = Decision(Outcome.ALLOW, None, (self.matched,))

    def applies(self, request: Request) -> bool | None:  # noqa: ARG002 - whatever is asked
        """None: unknown."""
        return None

    def unknown_keys(self, request: Request) -> Iterator[str]:  # noqa: ARG002 - whatever is asked
        """The policy, in the place of a condition key."""
        yield f"the document of {self.matched.policy.name}"


class _Bucket:
    """Statements of one effect about one action, by resource."""

    __slots__ = ("always", "exact", "patterns")

    def __init__(self, statements: Iterable[CompiledStatement], *, ignore_case: bool) -> None:
        self.always: list[CompiledStatement] = []
        self.exact: dict[str, list[CompiledStatement]] = {}
        self.patterns: list[tuple[Matcher, CompiledStatement]] = []
        for compiled in statements:
            resources = compiled.statement.resources
            if not resources or "*" in resources:
                self.always.append(compiled)
                continue
            for resource in resources:
                self._add(fold(resource) if ignore_case else resource, compiled)

    def _add(self, resource: str, compiled: CompiledStatement) -> None:
        parts = arn_fields(normal_resource(resource))
        whole_or_named = [part == "*" or not has_wildcard(part) for part in parts]
        named = parts[0] == "acs" and parts[1] != "*" and parts[-1] != "*"
        if len(parts) == FIELDS and all(whole_or_named) and named:
            self.exact.setdefault(":".join(parts[1:]), []).append(compiled)
        else:
            self.patterns.append((resource_matcher(resource), compiled))

    def find(self, resource: str, keys: tuple[str, ...]) -> list[CompiledStatement]:
        """The statements that speak about the resource, each once; `keys` as from `_looked_up`.

        Callers must not change the list: it may be the bucket's own.
        """
        exact = self.exact
        if not exact and not self.patterns:
            return self.always
        found = self.always
        if exact:
            for key in keys:
                if key in exact:
                    found = found + exact[key] if found else exact[key]
        for matcher, compiled in self.patterns:
            if matcher(resource):
                found = [*found, compiled]
        return found if len(found) < 2 else list(dict.fromkeys(found))


@lru_cache(maxsize=8192)
def _looked_up(resource: str) -> tuple[bool, str, tuple[str, ...]]:
    """Flag if letter case is ignored in a resource's name, the resource as it is compared, and its keys in `exact`."""
    folds = ignores_case(resource)  # unconfirmed.RESOURCE_CASE
    text = fold(resource) if folds else resource
    parts = arn_fields(text)
    if len(parts) != FIELDS:
        return folds, text, ()
    _, service, region, account, relative = parts
    regions, accounts = dict.fromkeys((region, "*")), dict.fromkeys((account, "*"))
    return folds, text, tuple(f"{service}:{r}:{a}:{relative}" for r in regions for a in accounts)


class _ActionEntry:
    __slots__ = ("allow", "allows", "denies", "deny", "keyed", "named")

    def __init__(self, statements: list[CompiledStatement], *, ignore_case: bool) -> None:
        self.deny = _Bucket([s for s in statements if s.statement.effect is Effect.DENY], ignore_case=ignore_case)
        self.allow = _Bucket([s for s in statements if s.statement.effect is Effect.ALLOW], ignore_case=ignore_case)
        self.allows = any(s.statement.effect is Effect.ALLOW for s in statements)
        self.denies = any(s.statement.effect is Effect.DENY for s in statements)
        self.keyed = bool(self.deny.exact or self.allow.exact)
        self.named = self.keyed or bool(self.deny.patterns or self.allow.patterns)


class CompiledSet:
    """Statements of any number of policies of one scope, found by action and resource."""

    __slots__ = ("_any_service", "_by_service", "_folded", "_plain")

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._plain: dict[str, _ActionEntry] = {}
        self._folded: dict[str, _ActionEntry] = {}
        self._by_service: dict[str, list[CompiledStatement]] = {}
        self._any_service: list[CompiledStatement] = []
        order = 0
        for policy in policies:
            if policy.document == UNKNOWN_DOCUMENT:
                self._any_service += [UnknownStatement(policy, effect, order) for effect in Effect]
                order += 1
            for index, statement in enumerate(policy.document.statements):
                compiled = CompiledStatement(policy, index, order)
                order += 1
                services = _services(statement)
                if services is None:
                    self._any_service.append(compiled)
                else:
                    for service in services:
                        self._by_service.setdefault(service, []).append(compiled)

    def possible(self, request: Request) -> int:
        """Every outcome that the unknown values leave open, as bits."""
        entry, resource, keys = self._about(request)
        mask = 0
        for compiled in entry.deny.find(resource, keys) if entry.denies else ():
            applies = compiled.applies(request)
            if applies:
                return MAY_DENY
            if applies is None:
                mask = MAY_DENY
        unsure = False
        for compiled in entry.allow.find(resource, keys):
            applies = compiled.applies(request)
            if applies:
                return mask | MAY_ALLOW
            if applies is None:
                unsure = True
        return mask | MAY_IGNORE | (MAY_ALLOW if unsure else 0)

    def may_allow(self, action: str) -> bool:
        """True if an Allow speaks about the action, on whatever resource and under whatever condition."""
        return (self._plain.get(action) or self._entry(action, self._plain)).allows

    def answers(self, request: Request) -> list[StatementAnswer]:
        """Every statement that speaks about the request's action and resource, in order, and whether it applies."""
        entry, resource, keys = self._about(request)
        found = entry.allow.find(resource, keys)
        if entry.denies:
            found = entry.deny.find(resource, keys) + found
        if len(found) < 2:  # most often, and then nothing has to be sorted
            return [(found[0], found[0].plain or found[0].applies(request))] if found else []
        return [(compiled, compiled.plain or compiled.applies(request)) for compiled in sorted(found, key=_order)]

    def only_statement(self, request: Request) -> CompiledStatement | None:
        """The statement that speaks about the request's action and resource, where there is one and no second."""
        entry, resource, keys = self._about(request)
        found = entry.allow.find(resource, keys)
        if len(found) != 1 or (entry.denies and entry.deny.find(resource, keys)):
            return None
        return found[0]

    def _about(self, request: Request) -> tuple[_ActionEntry, str, tuple[str, ...]]:
        """Statements about the request's action; its resource as it is compared, and the keys of it in `exact`.

        A resource is taken apart only where a statement names one.
        """
        resource = request.resource
        entry = self._plain.get(request.action) or self._entry(request.action, self._plain)
        if not entry.named or not (entry.keyed or ignores_case(resource)):
            return entry, resource, ()
        folds, resource, keys = _looked_up(resource)
        if folds:
            entry = self._folded.get(request.action) or self._entry(request.action, self._folded)
        return entry, resource, keys

    def _entry(self, action: str, kept: dict[str, _ActionEntry]) -> _ActionEntry:
        folded = fold(action)
        service = folded.partition(":")[0]
        about = [*self._by_service.get(service, ()), *self._any_service]
        about = sorted((s for s in dict.fromkeys(about) if speaks_about(s.statement, folded)), key=_order)
        entry = _ActionEntry(about, ignore_case=kept is self._folded)
        if len(kept) >= _KEPT_ACTIONS:
            kept.clear()  # callers may ask for any number of invented actions
        kept[action] = entry
        return entry


StatementAnswer = tuple[CompiledStatement, bool | None]
"""A statement, and whether it applies; None when unknown values decide."""


def possible_outcomes(answers: list[StatementAnswer]) -> int:
    """Every outcome that the unknown values leave open, as bits."""
    mask = 0
    sure_allow = may_allow = False
    for compiled, applies in answers:
        if applies:
            if not compiled.allows:
                return MAY_DENY
            sure_allow = True
        elif applies is None:
            if compiled.allows:
                may_allow = True
            else:
                mask = MAY_DENY
    if sure_allow:
        return mask | MAY_ALLOW
    return mask | MAY_IGNORE | (MAY_ALLOW if may_allow else 0)


def outcome_of(possible: int) -> Outcome:
    """One outcome for a set of possible ones; two kinds of denial count as the implicit one."""
    if possible == MAY_ALLOW:
        return Outcome.ALLOW
    if possible == MAY_DENY:
        return Outcome.EXPLICIT_DENY
    return Outcome.DEPENDS if possible & MAY_ALLOW else Outcome.IMPLICIT_DENY


def _order(compiled: CompiledStatement) -> int:
    return compiled.order


def _services(statement: Statement) -> set[str] | None:
    """The services a statement's actions belong to; None when it may speak about any."""
    if statement.not_actions:
        return None
    services = {fold(pattern).partition(":")[0] for pattern in statement.actions}
    return None if any(has_wildcard(service) for service in services) else services


def speaks_about(statement: Statement, action: str) -> bool:
    """True if a statement's actions include a folded action; resources and conditions aside."""
    if statement.not_actions:
        return not any(action_matcher(pattern)(action) for pattern in statement.not_actions)
    return any(action_matcher(pattern)(action) for pattern in statement.actions)
