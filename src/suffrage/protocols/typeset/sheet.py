"""What a paper says, as plain data: every word, number and hash in its place, ready to be set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from suffrage.law import Rules, Statute
from suffrage.protocols.published import Level, Signer
from suffrage.protocols.typeset.code import code_drawing, code_text
from suffrage.protocols.typeset.figures import Figures, candidate_table, laws_of, outcome_rows
from suffrage.protocols.typeset.known import Known, sides_of
from suffrage.protocols.typeset.language import language_of
from suffrage.protocols.typeset.reasoning import Reasoning
from suffrage.typeset.clean import capital, clean, in_lines, paragraphs, shortened
from suffrage.typeset.language import Language
from suffrage.words import in_fours

MARKS = {"replay": "REPLAY", "demo": "DEMO", "rehearsal": "REHEARSAL"}
"""What stands across every page of a record that is not real: the same word in every language."""

_SHORT, _FINGERPRINT, _RUNNING = 16, 32, 70
_ROLES = ("chair", "secretary", "member")

Sheet = dict[str, Any]
Record = Mapping[str, Any]


def sheet_of(record: Record, sha256: str, signers: Sequence[Signer], statute: Statute) -> Sheet:
    """The sheet of one protocol. KeyError or TypeError where the record is none."""
    language = language_of(record["language"])
    laws = laws_of(statute, record)
    figures = Figures(language, laws)
    names = frozenset(clean(line["name"]) for line in record.get("votes", ()))
    known = Known(language, figures.label, figures.names, names)
    return {
        **frame(record["kind"], language, sha256),
        **_head(record, language),
        "candidates": candidate_table(record, language, laws) if "votes" in record else None,
        "figures": figures.rows(record["figures"]),
        "figure_heads": [language.say("headings.figure"), ""],
        "outcomes": outcome_rows(record["outcomes"], language) if "outcomes" in record else [],
        "outcomes_head": language.say("headings.contests"),
        "outcome": _outcome(record, language, laws, known),
        "facts": _facts(record, language),
        "notes": _notes(record, language),
        "sections": _sections(record, language, known),
        **signatures(signers, record["kind"], language),
        "hash": {
            "heading": language.say("headings.hash"),
            "digits": in_lines(sha256, 32),
            "drawing": code_drawing(sha256),
            "alternative": language.say("foot.code", text=code_text(sha256)),
        },
    }


def frame(kind: str, language: Language, sha256: str) -> Sheet:
    """What stands on every page: the language, the mark of what is not real, page numbers, the short hash."""
    return {
        "lang": language.code,
        "region": language.region,
        "mark": MARKS.get(kind, ""),
        "mark_words": language.say(f"kinds.{kind}") if kind in MARKS else "",
        "page": language.say("foot.page", page="{page}", pages="{pages}"),
        "short": f"SHA-256 {short(sha256)}" if sha256 else "",
    }


def titled(heading: str, place: str) -> Sheet:
    """The heading, what the paper is about, and both in short for the pages that follow."""
    return {"heading": heading, "place": place, "running": shortened(f"{heading}, {place}", _RUNNING)}


def short(sha256: str) -> str:
    """The first digits of a hash in fours."""
    return in_fours(sha256[:_SHORT])


def place_name(unit: Mapping[str, Any] | None) -> str:
    """The name of a unit or contest; its id where it has none."""
    return clean(unit["name"] or unit["id"]) if unit else ""


def chamber_name(record: Record) -> str:
    """The name of the chamber that a record is about; empty where there is none."""
    chamber = record["contest"]["chamber"] if "contest" in record else record.get("chamber", "")
    return clean(chamber["name"] or chamber["id"]) if isinstance(chamber, Mapping) else clean(chamber)


def _head(record: Record, language: Language) -> Sheet:
    level, ballot = record["level"], "first" if record["ballot"] == 1 else "second"
    unit, contest = place_name(record["unit"]), place_name(record.get("contest"))
    chamber, election = chamber_name(record), clean(record["election"]["title"])
    names = [contest, unit, chamber] if level == Level.DISTRICT else [unit, contest, chamber]
    place, *under = [*dict.fromkeys(name for name in names if name)] or [election]
    whose = language.say(f"committees.{level}")
    day = language.day(record["day"]) if record["day"] else ""
    return {
        "title": f"{language.say('title', whose=whose, ballot=language.ballot(record['ballot']))}, {place}",
        **titled(language.say("heading.protocol"), place),
        "whose": whose,
        "result": language.say(f"results.{ballot}"),
        "under": under,
        "election": "" if election == place else election,
        "day": day,
    }


def _outcome(record: Record, language: Language, laws: Sequence[Rules], known: Known) -> Sheet | None:
    if "outcome" not in record:
        return None
    outcome = record["outcome"]
    kind = language.find(f"outcomes.{outcome['kind']}") or clean(outcome["kind"])
    sentences = Reasoning(language, laws, record, known).sentences()
    return {
        "heading": language.say("headings.outcome"),
        "kind": capital(kind),
        "certain": language.say("outcomes.certain") if outcome["certain_though_incomplete"] else "",
        "sentences": sentences,
    }


def _facts(record: Record, language: Language) -> list[tuple[str, str]]:
    """Short statements: name and value."""
    facts: list[tuple[str, str]] = []

    def state(name: str, value: str) -> None:
        facts.append((language.say(f"facts.{name}"), value))

    if "outcome" in record:
        state("seats", language.number(record["contest"]["seats"]))
    for name, of in (("returns", record.get("units")), ("contests", record.get("contests"))):
        if of is not None:
            values = {key: language.number(of[key]) for key in ("reported", "expected")}
            state(name, language.say("facts.of", **values))
    if "below" in record:
        state("below", language.number(len(record["below"])) if record["below"] else _none(language))
    if "electors_outstanding" in record:
        out = record["electors_outstanding"]
        if out != 0:
            state("outstanding", language.say("facts.unknown") if out is None else language.number(out))
    if "breaches" in record:
        breaches = {name: record["breaches"][name] for name in ("errors", "remarks")}
        numbers = {name: language.noun(name, number) for name, number in breaches.items()}
        state(
            "breaches", language.say("facts.errors_remarks", **numbers) if any(breaches.values()) else _none(language)
        )
    for name in ("decisions", "complaints", "opinions"):
        state(name, language.number(len(record[name])) if record[name] else _none(language))
    return facts


def _notes(record: Record, language: Language) -> list[tuple[str, str]]:
    """Statements that take a line of their own."""
    notes = [("previous", in_fours(record["previous"]))] if "previous" in record else []
    notes.append(("law", clean(record["law"]["title"])))
    return [(language.say(f"facts.{name}"), value) for name, value in notes]


def _none(language: Language) -> str:
    return language.say("facts.none")


def _sections(record: Record, language: Language, known: Known) -> list[Sheet]:
    """What is told at length, each under its heading; nothing where there is nothing to tell."""
    sections = [
        ("replaces", _replaces(record.get("replaces"), language, known)),
        ("findings", [_finding(finding, record, language, known) for finding in record.get("findings", ())]),
        ("decisions", [[", ".join(map(clean, record["decisions"]))]] if record["decisions"] else []),
        ("complaints", [_complaint(complaint, language) for complaint in record["complaints"]]),
        ("opinions", [_by(opinion, language) for opinion in record["opinions"]]),
    ]
    return [{"heading": language.say(f"headings.{name}"), "items": items} for name, items in sections if items]


def _replaces(replaces: Record | None, language: Language, known: Known) -> list[list[str]]:
    if replaces is None:
        return []
    lines = [language.say("replaces.hash", hash=in_fours(replaces["sha256"]))]
    if replaces["reason"]:
        reason = clean(known.said(replaces["reason"])).rstrip(".")
        lines.append(language.say("replaces.reason", reason=reason))
    if replaces["decisions"]:
        decisions = ", ".join(map(clean, replaces["decisions"]))
        lines.append(language.say("replaces.decisions", decisions=decisions))
    return [lines]


def _finding(finding: Record, record: Record, language: Language, known: Known) -> list[str]:
    check = clean(known.check(finding["check"]))
    about = finding.get("about", "")
    if about:
        names = {line["candidate"]: line["name"] for line in record.get("votes", ())}
        check = language.say("findings.about", about=clean(names.get(about) or known.said(about)), check=check)
    settled = finding["settled_by"]
    severity = language.find(f"findings.{finding['severity']}") or clean(finding["severity"])
    return [
        language.say(
            "findings.said",
            severity=severity,
            check=check,
            sides=sides_of(language, finding["left"], finding["right"]),
            article=language.article(clean(finding["article"])),
            settled=language.say("findings.settled", decision=clean(settled)) if settled else "",
        )
    ]


def _by(statement: Record, language: Language) -> list[str]:
    first, *more = paragraphs(statement["text"]) or [""]
    return [language.say("complaints.by", by=clean(statement["by"]), text=first), *more]


def _complaint(complaint: Record, language: Language) -> list[str]:
    answer = paragraphs(complaint["answer"])
    if not answer:
        return [*_by(complaint, language), language.say("complaints.unanswered")]
    return [*_by(complaint, language), language.say("complaints.answer", answer=answer[0]), *answer[1:]]


def signatures(signers: Sequence[Signer], kind: str, language: Language) -> Sheet:
    """Who signed, and lines for those who are still to sign: the chair, the secretary, or a first member."""
    signed = [
        {
            "role": role_name(signer.role, language),
            "name": clean(signer.name),
            "fingerprint": in_lines(signer.fingerprint[:_FINGERPRINT], 16),
        }
        for signer in signers
    ]
    roles = {signer.role for signer in signers}
    expected = ["replayer"] if kind == "replay" else [role for role in _ROLES if role != "member" or not signers]
    lines = [
        {"role": role_name(role, language), "name": "", "fingerprint": []} for role in expected if role not in roles
    ]
    return {
        "signatures": [*signed, *lines],
        "signatures_heading": language.say("headings.signatures"),
        "unsigned": language.say("signatures.unsigned"),
    }


def role_name(role: str, language: Language) -> str:
    """What a role is called."""
    return language.find(f"signatures.{role}") or capital(clean(role))
