"""Facts of a resource, out of what the engine sends and out of the objects that pulumi-policy makes of it.

The two ways give equal facts. The first is for the pack's own server, which reads a resource once for all rules; the
second is for policies that pulumi-policy itself calls.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any, Final, cast

from ram_guardrails_pack.crossguard import PolicyResource, ResourceValidationArgs, UnknownValueError
from ram_policies.stack.facts import UNKNOWN, ProviderInstance, ResourceFacts, Value
from ram_policies.stack.provider_accounts import ASSUMING
from ram_policies.stack.type_tokens import usual_type
from ram_policies.stack.value_marks import SECRET, SIGNATURE, UNKNOWN_TEXTS

# Secrets never get into a view: what no rule reads is not taken over at all.
_LEFT_OUT: Final = frozenset({"password", "secret", "encryptedSecret", "pgpKey", "secretFile"})
_FROM_PROVIDER: Final = ("accountId", "region", *ASSUMING)


def facts_of_message(message: Any, urns: Container[str] = ()) -> ResourceFacts:  # noqa: ANN401 - generated code
    """Facts of a resource as the engine sends it, in a request about one resource or among those of a stack.

    Args:
        message: an ``AnalyzeRequest`` or an ``AnalyzerResource``.
        urns: the resources of the stack; only they count as what a property depends on.
    """
    properties = message.properties.fields
    provider = None
    if message.HasField("provider"):
        given = message.provider.properties.fields
        provider = ProviderInstance(message.provider.urn, {n: _value(given[n]) for n in _FROM_PROVIDER if n in given})
    return ResourceFacts(
        message.urn,
        usual_type(message.type),
        {name: _value(value) for name, value in properties.items() if name not in _LEFT_OUT},
        provider,
        _dependencies(message, urns) if urns else {},
    )


def _dependencies(message: Any, urns: Container[str]) -> dict[str, Sequence[str]]:  # noqa: ANN401 - generated code
    return {
        name: [urn for urn in depends_on.urns if urn in urns]
        for name, depends_on in message.propertyDependencies.items()
    }


def _value(given: Any) -> Value:  # noqa: ANN401 - generated code
    """A value of ``google.protobuf.Struct``. A secret is opened; any other marked object (an asset) is unknown."""
    kind = given.WhichOneof("kind")
    if kind == "string_value":
        text: str = given.string_value
        return UNKNOWN if text in UNKNOWN_TEXTS else text
    if kind == "struct_value":
        fields = given.struct_value.fields
        if SIGNATURE not in fields:
            return {name: _value(value) for name, value in fields.items()}
        is_secret = fields[SIGNATURE].string_value == SECRET and "value" in fields
        return _value(fields["value"]) if is_secret else UNKNOWN
    if kind == "list_value":
        return [_value(value) for value in given.list_value.values]
    if kind == "bool_value":
        return bool(given.bool_value)
    return float(given.number_value) if kind == "number_value" else None


def facts_of(resource: PolicyResource | ResourceValidationArgs) -> ResourceFacts:
    """Facts of a resource of pulumi-policy, with unknown values made explicit and secrets left out."""
    provider = resource.provider
    depends_on: dict[str, Sequence[str]] = {}
    if isinstance(resource, PolicyResource):
        depends_on = {name: [other.urn for other in others] for name, others in resource.property_dependencies.items()}
    return ResourceFacts(
        resource.urn,
        usual_type(resource.resource_type),
        _opened(resource.props, [name for name in resource.props if name not in _LEFT_OUT]),
        provider and ProviderInstance(provider.urn, _opened(provider.props, _FROM_PROVIDER)),
        depends_on,
    )


def _opened(proxy: Mapping[str, Any], names: Iterable[str]) -> dict[str, Value]:
    there = set(iter(proxy))  # `name in proxy` would read the value
    return {name: _item(proxy, name) for name in names if name in there}


def _item(proxy: Any, key: Any) -> Value:  # noqa: ANN401 - the SDK's proxies are untyped
    try:
        value = proxy[key]
    except UnknownValueError:
        return UNKNOWN
    if isinstance(value, Mapping):
        given = cast("Mapping[str, Any]", value)
        return {name: _item(given, name) for name in given}
    if isinstance(value, Sequence) and not isinstance(value, str):
        items = cast("Sequence[Any]", value)
        return [_item(items, index) for index in range(len(items))]
    if value is None or isinstance(value, str | int | float):
        return value
    return UNKNOWN  # an asset or an archive
