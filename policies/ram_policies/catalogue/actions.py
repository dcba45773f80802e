"""Action names by service, to find typos in documents.

The names come from the official SDK packages (``tools/actions_catalogue.py`` writes ``actions.json``) and from the
authorization pages of the services' documentation (``services.json``, kept by hand). Neither names every action: a name
that is missing here is taken for a mistake only when it is a slip away from one that is known. Actions are compared
without regard to case, wildcards are those of policy documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from types import MappingProxyType

from ram_policies.catalogue.data import read_catalogue
from ram_policies.catalogue.spelling import is_slip, nearest
from ram_policies.pattern import glob_matcher, has_wildcard

_SUGGESTION_WITHIN = 6
"""Letters that a suggestion may be away; fewer for short names."""


class Known(StrEnum):
    """Status of an action, or of a pattern of actions, in the catalogue."""

    KNOWN = "known"
    MISSPELT = "misspelt"
    NOT_LISTED = "not listed"
    NOT_CATALOGUED = "not catalogued"


@dataclass(frozen=True, slots=True)
class CatalogueService:
    """One service.

    Attributes:
        code: what stands before the colon: ``ecs``.
        title: name of the product.
        actions: names without the code, sorted.
        authorized_as: operations that are no actions, with the action that allows them: ``HeadObject: GetObject``.
        packages: the SDK packages the names come from, with their versions.
    """

    code: str
    title: str
    actions: tuple[str, ...]
    authorized_as: Mapping[str, str]
    packages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ActionLookup:
    """Result of looking up an action or a pattern.

    Attributes:
        action: as it was asked for.
        status: known; misspelt, which is a slip away from a known one; not listed among the actions of its service;
            or of a service that is not catalogued.
        matches: the actions it stands for, in the catalogue's case.
        suggestions: what may have been meant, the likeliest first; empty when it is known.
    """

    action: str
    status: Known
    matches: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """True when the catalogue has it."""
        return self.status is Known.KNOWN


@cache
def catalogued_services() -> Mapping[str, CatalogueService]:
    """The services whose actions are catalogued, by code."""
    operations = read_catalogue("actions.json")
    out: dict[str, CatalogueService] = {}
    for code, entry in read_catalogue("services.json").items():
        packages = {package: operations[package] for package in entry["packages"]}
        authorized_as = entry.get("authorized_as", {})
        names = {name for package in packages.values() for name in package["operations"]}
        names = (names | set(entry.get("documented", ()))) - set(authorized_as)
        names = {name.lower(): name for name in sorted(names, reverse=True)}.values()  # packages differ in case
        versions = MappingProxyType({name: package["version"] for name, package in packages.items()})
        out[code] = CatalogueService(
            code,
            entry["title"],
            tuple(sorted(names)),
            MappingProxyType(authorized_as),
            versions,
        )
    return MappingProxyType(out)


@cache
def _folded(code: str) -> Mapping[str, str]:
    return {name.lower(): name for name in catalogued_services()[code].actions}


@lru_cache(maxsize=4096)
def expand(pattern: str) -> tuple[str, ...]:
    """The catalogued actions a pattern stands for: ``ecs:Reboot*`` is RebootInstance and RebootInstances of ecs.

    An action without wildcards stands for itself. The result is sorted and says nothing about services that are not
    catalogued.
    """
    wanted_code, colon, wanted_name = pattern.lower().partition(":")
    if not colon:
        wanted_name = wanted_code if wanted_code == "*" else ""
    name_matches = glob_matcher(wanted_name)
    codes = [code for code in catalogued_services() if glob_matcher(wanted_code)(code)]
    if not has_wildcard(wanted_name):
        return tuple(f"{code}:{_folded(code)[wanted_name]}" for code in codes if wanted_name in _folded(code))
    return tuple(f"{code}:{name}" for code in codes for low, name in _folded(code).items() if name_matches(low))


@lru_cache(maxsize=4096)
def known_action(action: str) -> ActionLookup:
    """Look up an action or a pattern: ``ecs:StopInstnce`` is misspelt, and ``ecs:StopInstance`` may have been meant."""
    matches = expand(action)
    if matches or action in {"*", "*:*"}:
        return ActionLookup(action, Known.KNOWN, matches)
    code, colon, name = action.partition(":")
    service = catalogued_services().get(code.lower())
    if not colon or has_wildcard(code):
        return ActionLookup(action, Known.NOT_CATALOGUED)
    if service is None:
        return _of_unknown_service(action, code, name)
    if has_wildcard(name):
        prefixes = _misspelt_prefix(service, name)
        return ActionLookup(action, Known.MISSPELT if prefixes else Known.NOT_LISTED, suggestions=prefixes)
    other = {low.lower(): real for low, real in service.authorized_as.items()}.get(name.lower())
    if other is not None:
        return ActionLookup(action, Known.MISSPELT, suggestions=(f"{service.code}:{other}",))
    near = nearest(name, service.actions, within=min(_SUGGESTION_WITHIN, len(name) // 4))
    status = Known.MISSPELT if any(is_slip(name, candidate) for candidate in near) else Known.NOT_LISTED
    return ActionLookup(action, status, suggestions=tuple(f"{service.code}:{candidate}" for candidate in near))


def _misspelt_prefix(service: CatalogueService, pattern: str) -> tuple[str, ...]:
    """The pattern that was meant by one that ends in its only wildcard and matches nothing: ``Descirbe*``."""
    head = pattern.removesuffix("*")
    if has_wildcard(head):
        return ()
    heads = {name[: len(head) + extra] for name in service.actions for extra in (-1, 0, 1)}
    near = nearest(head, sorted(heads), within=1, most=1)
    return tuple(f"{service.code}:{candidate}*" for candidate in near)


def _of_unknown_service(action: str, code: str, name: str) -> ActionLookup:
    """Only a code that exists nowhere, and that is close to one of a service with that very action, is a mistake."""
    if code.lower() in other_codes():
        return ActionLookup(action, Known.NOT_CATALOGUED)
    low = name.lower()
    having = [service for service in catalogued_services() if low in _folded(service)]
    meant = called_otherwise(code)
    near = (meant,) if meant in having else nearest(code, having, within=max(1, len(code) // 2))
    real = tuple(f"{near_code}:{_folded(near_code)[low]}" for near_code in near)
    return ActionLookup(action, Known.MISSPELT if real else Known.NOT_CATALOGUED, suggestions=real)


@cache
def other_codes() -> frozenset[str]:
    """The codes of services that exist and whose actions are not catalogued."""
    return frozenset(read_catalogue("other_codes.json")["codes"])


def called_otherwise(name: str) -> str:
    """The code of a service that people call by another name, of its product or of another cloud; else empty."""
    return read_catalogue("other_codes.json")["called"].get(name.lower(), "")


@cache
def service_names() -> tuple[str, ...]:
    """The codes of all services that are known to exist, catalogued or not."""
    return tuple(sorted({*catalogued_services(), *other_codes()}))


@cache
def _products() -> frozenset[str]:
    """The products of SDKs whose code in RAM is not known. It may be the same, so it is not called unknown."""
    return frozenset(read_catalogue("other_codes.json")["products"])


def service_exists(code: str) -> bool:
    """True if a code, or a pattern of codes, stands for a service that is known to exist."""
    low = code.lower()
    return (
        low in catalogued_services()
        or low in other_codes()
        or low in _products()
        or (has_wildcard(low) and any(map(glob_matcher(low), service_names())))
    )
