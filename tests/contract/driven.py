"""`python driven.py FOLDER` keeps in driven.json which endpoints each client drove, and fails if one is lost.

The folder holds a folder for each client, with what `counted.py` noted. Endpoints can only be added here;
`tests/zuora/fidelity.py` makes a page of the file.
"""

import json
import sys
from pathlib import Path

KEPT = Path(__file__).with_name("driven.json")


def main(folder: str) -> str | None:
    """Add what was driven now, and say what no longer is."""
    now = {
        client.name: {endpoint for file in client.glob("*.json") for endpoint in json.loads(file.read_text())}
        for client in Path(folder).iterdir()
    }
    kept: dict[str, list[str]] = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    lost = [
        f"{client} drives {endpoint} no longer"
        for client, endpoints in kept.items()
        for endpoint in endpoints
        if endpoint not in now.get(client, endpoints)
    ]
    union = {client: sorted({*now.get(client, ()), *kept.get(client, ())}) for client in {*now, *kept}}
    KEPT.write_text(json.dumps(union, indent=1, sort_keys=True) + "\n")
    return "\n".join(lost) or None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
