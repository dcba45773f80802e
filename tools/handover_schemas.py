"""Write the JSON Schema of the handover files: `python tools/handover_schemas.py` updates docs/schemas.

Schemas of earlier versions stay as they were published.
"""

import json
from pathlib import Path

from pulumi_alicloud_delegation.handover import Acceptance, Offer, json_schema
from pulumi_alicloud_delegation.handover.formats import VERSION

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "schemas"


def texts() -> dict[str, str]:
    """The text of each schema file, by name."""
    return {
        f"{model.__name__.lower()}.v{VERSION}.schema.json": json.dumps(json_schema(model), indent=2) + "\n"
        for model in (Offer, Acceptance)
    }


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in texts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
