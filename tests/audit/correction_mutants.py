"""Changes to corrections: decisions, what was replaced, and what says so. Only the demo election has any."""

from __future__ import annotations

from pathlib import Path
from random import Random

from suffrage.protocols.canonical import canonical, sha256
from suffrage.protocols.record import identity_of
from tests.audit.bundles import DECISIONS, PROTOCOLS, REPLACED, Bundle, Original, named
from tests.audit.mutants import SEALS, flipped, mutant, some_record

PRECINCT = "protocol of the precinct p1, contest d1, first ballot"


@mutant(replays=False)
def a_correction_that_replaces_nothing(
    original: Original, bundle: Bundle, chance: Random, folder: Path
) -> tuple[str, ...]:
    place, record = some_record(original, chance, "replaces")
    del record["replaces"]
    bundle.relinked({place: record})
    return (original.names[place],)


@mutant(replays=False)
def a_correction_that_replaces_another(
    original: Original, bundle: Bundle, chance: Random, folder: Path
) -> tuple[str, ...]:
    place, record = some_record(original, chance, "replaces")
    record["replaces"]["sha256"] = sha256(chance.choice([*bundle.lines(PROTOCOLS), b"nothing"]))
    bundle.relinked({place: record})
    return (original.names[place],)


@mutant(replays=False)
def a_correction_without_its_decisions(
    original: Original, bundle: Bundle, chance: Random, folder: Path
) -> tuple[str, ...]:
    place, record = some_record(original, chance, "replaces")
    match chance.randrange(4):
        case 0:
            record["replaces"]["decisions"] = []
        case 1:
            record["replaces"]["decisions"].pop()
        case 2:
            record["decisions"] = []
        case 3:
            record["replaces"]["reason"] = "a recount"
    bundle.relinked({place: record})
    return (original.names[place],)


@mutant(replays=False)
def a_decision_dropped(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines = bundle.lines(DECISIONS)
    if chance.random() < 0.5:
        del bundle.files[DECISIONS]
    else:
        del lines[chance.choice((1, 2))]
        bundle.put(DECISIONS, lines)
    return (PRECINCT,)


@mutant(replays=False)
def a_decision_of_another_figure(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    """With every protocol drawn anew, or none of them."""
    text = bundle.files[DECISIONS]
    changed = text.replace(b",39,", b",%d," % chance.choice((0, 38, 40, 41, 1000)))
    assert changed != text
    bundle.files[DECISIONS] = changed
    if chance.random() < 0.5:
        bundle.redrawn(folder)
    return (PRECINCT,)


@mutant(replays=False)
def a_replaced_protocol_dropped(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines = bundle.lines(REPLACED)
    place = chance.randrange(len(lines))
    name = named(bundle.records(REPLACED)[place])
    if chance.random() < 0.5:
        sha = sha256(lines[place])
        bundle.put_signatures(line for line in bundle.signatures() if line[0] != sha)
    del lines[place]
    bundle.put(REPLACED, lines)
    return (name,)


@mutant(replays=False)
def a_replaced_protocol_changed(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines = bundle.lines(REPLACED)
    place = chance.randrange(len(lines))
    name = named(bundle.records(REPLACED)[place])
    if chance.random() < 0.5:
        lines[place] = flipped(lines[place], chance)
    else:
        record = bundle.records(REPLACED)[place]
        record["figures"]["valid"] += 1
        lines[place] = canonical(record)
    bundle.put(REPLACED, lines)
    return name, f"{name} (replaced)", f"replaced.jsonl, line {place + 1}", "replaced"


@mutant(replays=False)
def a_replaced_protocol_doubled(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines = bundle.lines(REPLACED)
    place = chance.randrange(len(lines))
    name = named(bundle.records(REPLACED)[place])
    lines.insert(chance.randrange(len(lines) + 1), lines[place])
    bundle.put(REPLACED, lines)
    return (f"{name} (replaced)",)


@mutant(replays=False)
def replaced_protocols_in_another_order(
    original: Original, bundle: Bundle, chance: Random, folder: Path
) -> tuple[str, ...]:
    """Their order says nothing: the hashes link them."""
    lines = bundle.lines(REPLACED)
    chance.shuffle(lines)
    bundle.put(REPLACED, lines)
    return (SEALS,)


@mutant(replays=False)
def a_correction_undone(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    """The protocol from before the correction put in its place again."""
    records = bundle.records(REPLACED)
    record = chance.choice(records)
    place = original.place[identity_of(record)]
    bundle.relinked({place: record})
    return (original.names[place],)


@mutant(replays=False)
def a_correction_that_never_was(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    """Decisions and replaced protocols taken out, everything drawn anew: what was signed before is signed still."""
    bundle.files[REPLACED] = b""
    if chance.random() < 0.5:
        bundle.redrawn(folder)
    return (PRECINCT,)
