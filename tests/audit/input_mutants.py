"""Changes to what is counted: the law, the election, the figures, the statements, and the files as such."""

from __future__ import annotations

from pathlib import Path
from random import Random

from suffrage.errors import shown
from suffrage.protocols.record import Record
from tests.audit.bundles import DECISIONS, LAW, RETURNS_CSV, ROSTER_SEAL, STATEMENTS, Bundle, Original
from tests.audit.mutants import SEALS, flipped, mutant
from tests.audit.record_mutants import name_of_return

ELECTION, UNITS, CANDIDATES = "election/election.toml", "election/units.csv", "election/candidates.csv"


def changed(bundle: Bundle, name: str, *pairs: tuple[str, str]) -> None:
    """Put texts in the place of others, each of which must stand in the file."""
    text = bundle.files[name].decode()
    for old, new in pairs:
        assert old in text, (name, old)
        text = text.replace(old, new, 1)
    bundle.files[name] = text.encode()


def first(original: Original, key: str, *values: object) -> tuple[str, ...]:
    """The first protocol that says one of some things under a key."""

    def says(record: Record) -> bool:
        return any(f"'{value}'" in repr(record.get(key)) for value in values)

    return (original.names[original.places(says)[0]],)


@mutant()
def a_bit_of_a_file(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    """Of any file at all: the name of it, of a record in it, or of the first record that is counted otherwise."""
    name = chance.choice(
        [name for name, data in bundle.files.items() if data and name not in ("manifest.json", "manifest.sig")]
    )
    bundle.files[name] = flipped(bundle.files[name], chance)
    return ("*", SEALS)


@mutant()
def a_number_of_the_law(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    """Every protocol names the hash of the law; drawn anew, none is signed."""
    changed(bundle, LAW, ('value = "1/2"', f'value = "{chance.choice(("1/3", "2/5", "3/5"))}"'))
    if chance.random() < 0.5:
        bundle.redrawn(folder)
    return (original.names[0],)


@mutant()
def a_comment_of_the_law(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    bundle.files[LAW] += b"# nothing\n"
    if chance.random() < 0.5:
        bundle.redrawn(folder)
    return (original.names[0],)


@mutant()
def another_law(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    changed(bundle, LAW, ('id = "ussr-1937"', 'id = "ussr-1938"'))
    return (LAW,)


@mutant()
def a_law_that_is_none(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    text = bundle.files[LAW]
    odd = [b"", b"\xff\xfe", b"id = ", b"[" * 5000, b"a" + b".a" * 3000 + b" = 1", b"\0" * 100, text[: len(text) // 2]]
    odd += [b'extends = "ussr-1937.toml"\n' + text, b'extends = "/etc/hostname.toml"\n' + text, text + b"\nmore = 1\n"]
    bundle.files[LAW] = chance.choice(odd)
    return (LAW,)


@mutant()
def kind_of_the_election(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    kind = original.made.election.kind.value
    new = chance.choice([other for other in ("real", "demo", "replay", "rehearsal") if other != kind])
    changed(bundle, ELECTION, (f'kind = "{kind}"', f'kind = "{new}"'))
    if chance.random() < 0.5:
        return "manifest.json", "roster.jsonl"
    changed(bundle, "roster.jsonl", (f'"kind":"{kind}"', f'"kind":"{new}"'))
    changed(bundle, "manifest.json", (f'"kind":"{kind}"', f'"kind":"{new}"'))
    # Only a replayer signs a replay, and nothing else.
    if "replay" in (kind, new):
        return ("roster.jsonl",)
    return ("replaced.jsonl, line 1",)


@mutant()
def title_of_the_election(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    key = chance.choice(("title", "id"))
    old = {"title": "Election of a republic", "id": "republic"}[key]
    changed(bundle, ELECTION, (f'{key} = "{old}"', f'{key} = "{old}s"'))
    if chance.random() < 0.5:
        return ("manifest.json",)
    changed(bundle, "manifest.json", (f'"{key}":"{old}"', f'"{key}":"{old}s"'))
    if key == "id":
        changed(bundle, "roster.jsonl", (f'"election":"{old}"', f'"election":"{old}s"'))
        if bundle.files["protocols/replaced.jsonl"]:
            return ("replaced.jsonl, line 1",)
    return (original.names[0],)


@mutant()
def a_name_of_a_unit(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    name, unit = chance.choice((("The town", "town"), ("North", "north"), ("Precinct 4", "p4"), ("South", "south")))
    changed(bundle, UNITS, (name, name + "a"))
    if chance.random() < 0.5:
        bundle.redrawn(folder)
    return first(original, "unit", unit)


@mutant()
def a_unit_elsewhere(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    """A district in another region: the regions and the centre then add up others."""
    changed(bundle, UNITS, ("d1,First district,district,north", "d1,First district,district,south"))
    return tuple(name for name in original.names if "area" in name)


@mutant()
def a_name_of_a_candidate(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    contest, number = chance.choice(("d1", "d2", "d3", "hills")), chance.randrange(3)
    old = f"{contest}-{'abc'[number]},{'ABC'[number]},Anna"
    changed(bundle, CANDIDATES, (old, old.replace("Anna", "Hanna")))
    if chance.random() < 0.5:
        bundle.redrawn(folder)
    return first(original, "contest", contest)


@mutant()
def candidates_in_another_order(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    """Each with another's number: their votes are other people's then."""
    contest = chance.choice(("d1", "d2", "d3", "hills"))
    changed(
        bundle,
        CANDIDATES,
        (f"{contest},1,{contest}-a", f"{contest},#,{contest}-a"),
        (f"{contest},2,{contest}-b", f"{contest},1,{contest}-b"),
        (f"{contest},#,{contest}-a", f"{contest},2,{contest}-a"),
    )
    return first(original, "contest", contest)


@mutant()
def a_statement_changed(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    pairs = (("The door", "A door", "complaints"), ("too soon", "too late", "opinions"), ("seven", "six", "complaints"))
    old, new, key = chance.choice(pairs)
    changed(bundle, STATEMENTS, (old, new))
    if chance.random() < 0.5:
        bundle.redrawn(folder)
    return (original.names[original.places(lambda record: old in repr(record[key]))[0]],)


@mutant()
def the_statements_left_out(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    del bundle.files[STATEMENTS]
    return (original.names[original.places(lambda record: record["complaints"] or record["opinions"])[0]],)


@mutant()
def a_return_left_out(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines = bundle.lines(RETURNS_CSV)
    rows = [line for line in lines[1:] if not line.startswith(b"p1,d1")]
    row = chance.choice(rows)
    lines.remove(row)
    bundle.put(RETURNS_CSV, lines)
    name = name_of_return(*row.decode().split(",")[:3])
    assert name in original.names
    return (name,)


@mutant()
def a_figure_that_is_none(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    """Malformed tables are named with their line; nothing can be counted then."""
    lines = bundle.lines(RETURNS_CSV)
    place = chance.randrange(1, len(lines))
    cells = lines[place].split(b",")
    odd = (b"1e3", b"9" * 30, b"x", b"\xff", b'"', b"1.5", "\N{ARABIC-INDIC DIGIT ONE}".encode(), b"\x1b[31m")
    cells[chance.randrange(3, len(cells))] = chance.choice(odd)
    lines[place] = b",".join(cells)
    bundle.put(RETURNS_CSV, lines)
    return (RETURNS_CSV,)


@mutant()
def a_file_dropped(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    name = chance.choice([name for name in bundle.files if name not in ("manifest.json", "manifest.sig")])
    del bundle.files[name]
    if name == RETURNS_CSV:
        return ("election",)
    if name in (DECISIONS, STATEMENTS):
        return (original.names[0],)
    return (SEALS,) if name == ROSTER_SEAL else (name,)


@mutant()
def another_file_of_figures(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    bundle.files["election/ballots.csv"] = bundle.files[RETURNS_CSV]
    return ("election",)


@mutant()
def a_file_that_no_bundle_has(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    odd = [
        "notes.txt",
        "election/notes.csv",
        "../law.toml",
        "/etc/passwd",
        "election\\units.csv",
        "LAW.TOML",
        "law.toml/",
    ]
    odd += ["a/../law.toml", "./law.toml", "election/", "law.toml ", "C:law.toml", "-", "a" * 1000, "\x1b[31mred"]
    name = chance.choice(odd)
    bundle.files[name] = chance.choice((b"", b"anything"))
    return (shown(name),)
