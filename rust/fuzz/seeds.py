"""Writes the first inputs of the fuzzers into `corpus/`: the records among the published vectors, and archives."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
VECTORS = HERE.parent.parent / "tests" / "vectors" / "belenios.json"


def records(value: object) -> Iterator[str]:
    """Every text of the vectors that is a record itself."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from records(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from records(inner)
    elif isinstance(value, str) and value[:1] in ("{", "["):
        yield value


def main(archives: list[str]) -> None:
    """Seed all three fuzzers; the archives are those given."""
    found = sorted(set(records(json.loads(VECTORS.read_text("utf-8")))))
    for target in ("ballot", "keys", "archive"):
        (HERE / "corpus" / target).mkdir(parents=True, exist_ok=True)
    for number, record in enumerate(found):
        target = "ballot" if record.startswith('{"message":{"election_uuid"') else "keys"
        (HERE / "corpus" / target / f"vector-{number}").write_text(record, "utf-8")
    elections = [record for record in found if record.startswith('{"version":2,')]
    (HERE / "corpus" / "elections").write_text("\n".join(elections), "utf-8")
    for number, archive in enumerate(archives):
        (HERE / "corpus" / "archive" / f"archive-{number}").write_bytes(Path(archive).read_bytes())


if __name__ == "__main__":
    main(sys.argv[1:])
