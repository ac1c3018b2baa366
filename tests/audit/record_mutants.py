"""Changes to the protocols in force, with and without the hashes linked anew."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import orjson

from suffrage.protocols.canonical import canonical, sha256
from suffrage.protocols.record import Record
from suffrage.tables import table_text
from tests.audit.bundles import PROTOCOLS, RETURNS_CSV, Bundle, Original, named
from tests.audit.mutants import flipped, mutant, other, some_record


@mutant()
def a_bit_of_a_record(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines = bundle.lines(PROTOCOLS)
    place = chance.randrange(len(lines))
    lines[place] = flipped(lines[place], chance)
    bundle.put(PROTOCOLS, lines)
    # Where the bit made another name of it, the one is too many and the other is missing.
    return original.names[place], f"protocols.jsonl, line {place + 1}"


@mutant()
def a_record_not_canonical(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines = bundle.lines(PROTOCOLS)
    place = chance.randrange(len(lines))
    record = orjson.loads(lines[place])
    keys = list(record)
    chance.shuffle(keys)
    blank = lines[place].replace(b":", b": ", 1)
    shuffled = orjson.dumps({key: record[key] for key in keys})
    escaped = lines[place].replace(b"protocol", b"\\u0070rotocol", 1)
    doubled = lines[place].replace(b"{", b'{"ballot":9,', 1)
    lines[place] = chance.choice((blank, shuffled, escaped, doubled, lines[place] + b" ", lines[place] + b"\r"))
    bundle.files[PROTOCOLS] = b"".join(line + b"\n" for line in lines)
    return (original.names[place],)


@mutant()
def a_record_dropped(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines = bundle.lines(PROTOCOLS)
    place = chance.randrange(len(lines))
    del lines[place]
    bundle.put(PROTOCOLS, lines)
    return (original.names[place],)


@mutant()
def a_record_dropped_with_its_signatures(
    original: Original, bundle: Bundle, chance: Random, folder: Path
) -> tuple[str, ...]:
    sha = sha256(bundle.lines(PROTOCOLS)[-1])
    bundle.put_signatures(line for line in bundle.signatures() if line[0] != sha)
    bundle.put(PROTOCOLS, bundle.lines(PROTOCOLS)[:-1])
    return (original.names[-1],)


@mutant()
def a_record_doubled(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines = bundle.lines(PROTOCOLS)
    place = chance.randrange(len(lines))
    lines.insert(chance.randrange(len(lines) + 1), lines[place])
    bundle.put(PROTOCOLS, lines)
    return (original.names[place],)


@mutant()
def a_second_record_of_a_name(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    place, record = some_record(original, chance, "figures")
    record["figures"] = {field: figure + 1 for field, figure in record["figures"].items()}
    lines = bundle.lines(PROTOCOLS)
    lines.insert(chance.randrange(len(lines) + 1), canonical(record))
    bundle.put(PROTOCOLS, lines)
    return (original.names[place],)


@mutant()
def two_lines_swapped(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines = bundle.lines(PROTOCOLS)
    one, two = chance.sample(range(len(lines)), 2)
    lines[one], lines[two] = lines[two], lines[one]
    bundle.put(PROTOCOLS, lines)
    return original.names[one], original.names[two]


@mutant()
def two_units_given_the_figures_of_each_other(
    original: Original, bundle: Bundle, chance: Random, folder: Path
) -> tuple[str, ...]:
    records = bundle.records()
    one, two = chance.choice([(0, 1), (0, 3), (1, 3), (5, 6), (9, 13), (10, 12), (19, 20)])
    for key in ("figures", "votes"):
        records[one][key], records[two][key] = records[two][key], records[one][key]
    changed = {one: records[one], two: records[two]}
    if chance.random() < 0.5:
        bundle.relinked(changed)
    else:
        bundle.put(PROTOCOLS, map(canonical, records))
    return (original.names[min(one, two)],)


@mutant()
def two_units_given_the_names_of_each_other(
    original: Original, bundle: Bundle, chance: Random, folder: Path
) -> tuple[str, ...]:
    records = bundle.records()
    one, two = chance.choice([(0, 1), (0, 3), (5, 6), (9, 10), (11, 13), (19, 20), (15, 16)])
    records[one]["unit"], records[two]["unit"] = records[two]["unit"], records[one]["unit"]
    if chance.random() < 0.5:
        bundle.relinked({one: records[one], two: records[two]})
    else:
        bundle.put(PROTOCOLS, map(canonical, records))
    return original.names[one], original.names[two]


@mutant()
def votes_moved_between_candidates(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    """In one protocol, or in it and some or all of those above that add it up."""
    records, texts = bundle.records(), bundle.lines(PROTOCOLS)
    start, record = some_record(original, chance, "votes")
    one, two = chance.sample(range(len(record["votes"])), 2)
    number, high = chance.randint(1, 5), chance.randrange(3)
    changed: dict[int, Record] = {}
    last = ""
    for place, record in enumerate(records):
        if place == start or (last in record.get("below", ()) and "votes" in record and len(changed) <= high):
            last = sha256(texts[place])
            record["votes"][one]["votes"] -= number
            record["votes"][two]["votes"] += number
            changed[place] = record
    bundle.relinked(changed)
    return (original.names[start],)


@mutant()
def one_value_changed(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    """Any value of any record, however deep it lies: a figure, a reason, a name, a day, a hash, an answer."""
    place, record = some_record(original, chance)
    inside: Any = record
    key: Any = chance.choice(list(inside))
    while isinstance(inside[key], dict | list) and inside[key] and chance.random() < 0.9:
        inside = inside[key]
        key = chance.choice(list(inside)) if isinstance(inside, dict) else chance.randrange(len(inside))
    inside[key] = other(inside[key], chance)
    if chance.random() < 0.5:
        bundle.relinked({place: record})
    else:
        lines = bundle.lines(PROTOCOLS)
        lines[place] = canonical(record)
        bundle.put(PROTOCOLS, lines)
    return original.names[place], f"protocols.jsonl, line {place + 1}"


@mutant()
def one_key_taken_away(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    place, record = some_record(original, chance)
    del record[chance.choice(list(record))]
    bundle.relinked({place: record})
    return original.names[place], f"protocols.jsonl, line {place + 1}"


@mutant()
def whole_numbers_as_something_like_them(
    original: Original, bundle: Bundle, chance: Random, folder: Path
) -> tuple[str, ...]:
    """In Python 1 is equal to 1.0 and to true."""
    place, record = some_record(original, chance)
    field = chance.choice(list(record["figures"]))
    value = record["figures"][field]
    record["figures"][field] = bool(value) if value in (0, 1) else float(value)
    bundle.relinked({place: record})
    return (original.names[place],)


@mutant()
def beneath_it_something_else(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    place, record = some_record(original, chance, "below")
    below = record["below"]
    match chance.randrange(4):
        case 0:
            del below[chance.randrange(len(below))]
        case 1:
            below.append(chance.choice(below))
        case 2:
            below.reverse()
        case 3:
            below[chance.randrange(len(below))] = sha256(b"another protocol")
    bundle.relinked({place: record})
    return (original.names[place],)


@mutant()
def another_elected(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    place, record = some_record(original, chance, "outcome")
    record["outcome"]["elected"] = [chance.choice([line["candidate"] for line in record["votes"]][1:])]
    bundle.relinked({place: record})
    return (original.names[place],)


@mutant()
def another_first_ballot(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    place, record = some_record(original, chance, "previous")
    if chance.random() < 0.5:
        del record["previous"]
    else:
        record["previous"] = sha256(chance.choice(original.bundle.lines(PROTOCOLS)))
    bundle.relinked({place: record})
    return (original.names[place],)


@mutant()
def a_complaint_left_out(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    place, record = some_record(original, chance, chance.choice(("complaints", "opinions")))
    record |= {"complaints": [], "opinions": []}
    bundle.relinked({place: record})
    return (original.names[place],)


def name_of_return(unit: str, contest: str, ballot: str) -> str:
    """The name of the protocol of a return of the republic."""
    level, contest = ("district", "") if unit == contest else ("precinct", f", contest {contest}")
    return f"protocol of the {level} {unit}{contest}, {'first' if ballot == '1' else 'second'} ballot"


@mutant()
def figures_changed_at_the_root(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    """The table of returns changed, everything counted and drawn anew: all that fails then is the signatures."""
    header, *rows = (line.split(",") for line in bundle.files[RETURNS_CSV].decode().splitlines())
    # Of p1 in d1 the decisions say which votes there are.
    row = chance.choice([row for row in rows if row[:2] != ["p1", "d1"]])
    first = header.index("1")
    for column, more in ((first, -1), (first + 1, 1)):
        row[column] = str(int(row[column] or 0) + more)
    if int(row[first]) < 0:
        return a_record_dropped(original, bundle, chance, folder)
    bundle.files[RETURNS_CSV] = table_text(header, rows).encode()
    bundle.redrawn(folder)
    records = bundle.records()
    return (next(name for name in map(named, records) if name == name_of_return(*row[:3])),)


@mutant()
def a_line_that_is_no_protocol(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines = bundle.lines(PROTOCOLS)
    place = chance.randrange(len(lines) + 1)
    odd = (b"", b"{}", b"[]", b"null", b"1", b'"text"', b'{"unit":null}', b"\xff\xfe", b"\0", b"{" * 500, b"[" * 2000)
    lines.insert(place, chance.choice(odd))
    bundle.put(PROTOCOLS, lines)
    return (f"protocols.jsonl, line {place + 1}",)
