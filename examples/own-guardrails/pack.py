"""This company's policy pack: its own rule beside all of the guardrails that come with the package."""

from collections.abc import Iterator

from ram_guardrails_pack.pack import policies, serve, surroundings
from ram_policies.conditions import UNKNOWN
from ram_policies.guardrails.rule_model import HIGH, Example, SecuritySettings, Violation, not_known, rule
from ram_policies.guardrails.rulebook import RULES
from ram_policies.stack.views import RoleView

PREFIX = "supplier-"


@rule(
    "supplier-role-names",
    title="A role for another account is not named as one",
    severity=HIGH,
    on=RoleView,
    settings=SecuritySettings,
    why="Our alerts are keyed to the prefix of the role's name.",
    unknown="A name that is not known is a violation.",
    example=Example(bad="ops", good="supplier-ops"),
)
def supplier_role_names(role: RoleView, _settings: SecuritySettings) -> Iterator[Violation]:
    """A role's name begins with the prefix."""
    if role.name is UNKNOWN:
        yield not_known(role.urn, "The name of the role")
    elif not str(role.name).startswith(PREFIX):
        yield Violation(role.urn, f"The role {role.name} has no prefix.", f"Begin its name with {PREFIX}.")


if __name__ == "__main__":
    serve(policies([*RULES, supplier_role_names], surroundings()), name="our-pack", description="Our guardrails.")
