"""Reading and writing statute files: one TOML file a law, every mistake reported at once with its line."""

from __future__ import annotations

import os.path
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import TypeAdapter, ValidationError

from suffrage._core import TomlSyntaxError, parse_toml
from suffrage.errors import WRONG_USE, LawError, Problem, shown
from suffrage.law.contradictions import contradictions
from suffrage.law.rules import Gap
from suffrage.law.statute import RULE_SECTIONS, SECTIONS, Statute

Location = tuple[str | int, ...]


@cache
def adapter() -> TypeAdapter[Statute]:
    """The validator of statutes; built once, since building it takes longer than reading a law."""
    return TypeAdapter(Statute)


def built_in_ids() -> tuple[str, ...]:
    """The identifiers of the laws that come with suffrage."""
    folder = resources.files("suffrage") / "laws"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def _built_in_text(identifier: str) -> str:
    return (resources.files("suffrage") / "laws" / f"{identifier}.toml").read_text("utf-8")


@cache
def built_in(identifier: str) -> Statute:
    """The built-in law of that identifier; LawError (exit code 2) if there is none."""
    if identifier not in built_in_ids():
        known = ", ".join(built_in_ids())
        raise LawError(
            Problem("", "unknown law", shown(identifier), f"one of {known}; or a statute file"),
            exit_code=WRONG_USE,
        )
    return parse_statute(_built_in_text(identifier), f"{identifier}.toml")


def statute_text(name: str, beside: Path | None = None) -> bytes:
    """The law as the bytes of one file, named as for `find_statute`: the file itself, unless it extends another one.

    LawError where there is none, or where what it extends cannot be read.
    """
    if not name.endswith(".toml"):
        built_in(name)
        return _built_in_text(name).encode()
    path = Path(name) if beside is None else beside / name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LawError.unreadable(str(path), error) from None
    if extended_file(data.decode("utf-8-sig", "replace")):
        return write_statute(read_statute(path)).encode()
    return data


def extended_file(text: str) -> str:
    """The name of the file that a law extends; empty where it extends none, or a law that comes with suffrage."""
    try:
        parent = parse_toml(text)[0].get("extends")
    except TomlSyntaxError:
        return ""
    return parent if isinstance(parent, str) and parent.endswith(".toml") else ""


def find_statute(name: str, beside: Path | None = None) -> Statute:
    """A law by its identifier, or by the name of a statute file (`*.toml`), relative to the folder `beside`."""
    if not name.endswith(".toml"):
        return built_in(name)
    path = Path(name) if beside is None else beside / name
    return read_statute(path)


def read_statute(path: Path) -> Statute:
    """Read a statute file. LawError names every mistake; exit code 2 if the file cannot be read at all."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise LawError.unreadable(str(path), error) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise LawError(
            Problem(f"{path}, line {line}", "not UTF-8 text", raw[error.start : error.start + 4].hex(" "), "UTF-8"),
            exit_code=WRONG_USE,
        ) from None
    return parse_statute(text, str(path), beside=path.parent)


@dataclass(frozen=True)
class _Source:
    """Where each part of a merged document was written: file and line by location."""

    files: Mapping[Location, tuple[str, int]]
    main: str

    def place(self, location: Location) -> str:
        """File and line of a location, or of the nearest enclosing one that was written."""
        parts = location
        while parts and parts not in self.files:
            parts = parts[:-1]
        file, line = self.files.get(parts, (self.main, 0))
        where = f"{file}, line {line}" if line else file
        return f"{where}, {dotted(location)}" if location else where


def dotted(location: Iterable[str | int]) -> str:
    """A location as people write it: `returns.checks[2].check`."""
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def parse_statute(text: str, file: str, beside: Path | None = None) -> Statute:
    """Validate the text of a statute file; `file` is the name that errors show."""
    merged, lines = _merged(text, file, beside, ())
    if not merged:
        raise LawError(Problem(file, "an empty file", "", "a statute: id, title, sources and the rules"))
    document, source = _with_variants(merged), _Source(lines, file)
    statute, problems = _validated(document, source)
    if statute is not None:
        problems += [
            Problem(source.place(at), message, seen, want) for at, message, seen, want in contradictions(statute)
        ]
    if problems or statute is None:
        raise LawError(sorted(set(problems), key=_by_line))
    return statute


def _by_line(problem: Problem) -> tuple[int, str]:
    _, _, rest = problem.place.partition(", line ")
    digits = rest.partition(",")[0]
    return (int(digits) if digits.isdigit() else 0, problem.place)


def _merged(
    text: str, file: str, beside: Path | None, above: tuple[str, ...]
) -> tuple[dict[str, Any], dict[Location, tuple[str, int]]]:
    """The document laid over what it extends, and where each part was written.

    Tables are merged, everything else is replaced. `above` are the laws that led here.
    """
    try:
        document, lines = parse_toml(text)
    except TomlSyntaxError as error:
        raise LawError(Problem(f"{file}, line {error.line}", "not TOML", error.message, "a TOML document")) from None
    own = {location: (file, line) for location, line in lines.items()}
    parent = document.pop("extends", None)
    if parent is None:
        return document, own
    place = f"{file}, line {lines.get(('extends',), 1)}, extends"
    if not isinstance(parent, str):
        raise LawError(Problem(place, "not the name of a law", shown(parent), "an identifier or a file"))
    base, base_lines = _parent(parent, place, beside, above)
    return _overlaid(base, document), {**base_lines, **own}


def _parent(
    name: str, place: str, beside: Path | None, above: tuple[str, ...]
) -> tuple[dict[str, Any], dict[Location, tuple[str, int]]]:
    path = (beside or Path()) / name
    identity = os.path.abspath(path) if name.endswith(".toml") else name
    if identity in above:
        raise LawError(Problem(place, "a law cannot extend itself", shown(name), "another law"))
    above = (*above, identity)
    if name.endswith(".toml"):
        try:
            return _merged(path.read_text("utf-8-sig"), str(path), path.parent, above)
        except (OSError, ValueError) as error:  # a name with a null character is a ValueError
            raise LawError(Problem(place, "the law that it extends cannot be read", shown(name), str(error))) from None
    if name not in built_in_ids():
        raise LawError(Problem(place, "unknown law", shown(name), f"one of {', '.join(built_in_ids())}; or a file"))
    return _merged(_built_in_text(name), f"{name}.toml", None, above)


def _overlaid(base: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    """`top` laid over `base`. A rule (a table with a value, or a bare value) replaces the rule beneath it whole."""
    merged = dict(base)
    for key, value in top.items():
        below = base.get(key)
        if key in SECTIONS:
            below = SECTIONS[key].spelled_out(below)
        if isinstance(value, dict) and isinstance(below, dict) and not _is_rule(value) and not _is_rule(below):
            merged[key] = _overlaid(below, value)
        else:
            merged[key] = value
    if "at_least" in top and "more_than" not in top and "else" in base:
        merged.pop("more_than", None)
    if "more_than" in top and "at_least" not in top and "at_least" in base:
        merged.pop("at_least", None)
    return merged


def _is_rule(table: Mapping[str, Any]) -> bool:
    return bool({"value", "before", "after", "within", "label"} & set(table))


def _with_variants(document: dict[str, Any]) -> dict[str, Any]:
    """Variants made whole: what a variant does not say, the statute says for it."""
    variants = document.get("variants")
    if not isinstance(variants, dict):
        return document
    common = {name: document[name] for name in RULE_SECTIONS if name in document}
    whole = {name: _overlaid(common, own) if isinstance(own, dict) else own for name, own in variants.items()}
    return {**document, "variants": whole}


def _validated(document: dict[str, Any], source: _Source) -> tuple[Statute | None, list[Problem]]:
    try:
        return adapter().validate_python(document), []
    except ValidationError as error:
        found = error.errors()
        common = {(item["type"], item["loc"]) for item in found}
        return None, [problem for item in found if (problem := _problem(item, document, source, common)) is not None]


def _problem(item: Any, document: dict[str, Any], source: _Source, common: Container[Any]) -> Problem | None:
    location = item["loc"]
    kind = item["type"]
    known = _known_part(location, document)
    if any("Gap" in str(part) for part in location[len(known) :]):
        return None  # the other branch of "a value or a gap" says what was expected
    repeated = location[:1] == ("variants",) and (kind, location[2:]) in common
    if repeated and (kind == "missing" or known not in source.files):
        return None  # a variant repeats what the statute says: reported there
    if kind == "missing":
        whole = (*known, location[-1]) if known != location else location
        rule = whole[2:] if whole[0] == "variants" else whole
        expected = 'a value, "silent" or "not_applicable"' if rule[0] in SECTIONS and len(rule) < 3 else "a value"
        return Problem(source.place(whole), "a rule is missing", "", expected)
    if kind in ("unexpected_keyword_argument", "extra_forbidden"):
        return Problem(source.place(location), "unknown key", shown(location[-1]), "a key that the schema knows")
    return Problem(source.place(known), "not a value for this rule", shown(item["input"]), _expected(item, known))


def _known_part(location: Location, document: Any) -> Location:
    """The part of a location that leads through the document; what follows are branches of the schema."""
    known: Location = ()
    here = document
    for part in location:
        if isinstance(here, dict):
            inside = part in here
        else:
            inside = isinstance(here, list) and isinstance(part, int) and part < len(here)
        if not inside:
            break
        here = here[part]
        known = (*known, part)
    return known


def _expected(item: Any, known: Location) -> str:
    """What would have been right. A location that ends in a branch of the schema is one where a gap may stand."""
    or_gap = ', "silent" or "not_applicable"' if known != item["loc"] else ""
    context = item.get("ctx", {})
    match item["type"]:
        case "value_error":
            return str(context["error"])
        case "literal_error" | "enum":
            return f"{context['expected']}{or_gap}"
        case "dataclass_type" if len(known) == 1 and known[0] in SECTIONS:
            return 'a table of rules, "silent" or "not_applicable"'
        case "dataclass_type" | "dict_type":
            return "a table"
        case "too_short":
            return "at least one"
        case "int_type":
            return "a whole number"
        case "bool_type":
            return "true or false"
        case "string_type":
            return "text in quotation marks"
        case "tuple_type" | "list_type":
            return "a list in square brackets"
        case "string_pattern_mismatch":
            return f"text that matches {context['pattern']}"
    message: str = item["msg"]
    return message.removeprefix("Input should be ").removeprefix("Value error, ")


def write_statute(statute: Statute) -> str:
    """The statute as the text of a file that reads back as the same statute."""
    document = _plain(adapter().dump_python(statute, mode="json", by_alias=True, exclude_defaults=True))
    return tomli_w.dumps(document)


def _plain(value: Any) -> Any:
    """Without what TOML cannot hold: a rule that is absent."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.value if isinstance(value, Gap) else value
