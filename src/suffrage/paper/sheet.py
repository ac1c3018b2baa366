"""What a ballot paper says, as plain data: every word in its language, ready to be set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from suffrage.election import Candidate, Election, Kind
from suffrage.election.translations import Translations
from suffrage.errors import WRONG_USE, PaperError, Problem
from suffrage.paper.form import Form
from suffrage.paper.words import paper_language
from suffrage.typeset.clean import clean, shortened
from suffrage.typeset.language import ENGLISH, Language, parts_of

MOST_LANGUAGES = 2
_LONGEST_FOOT = 70

Sheet = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Missing:
    """A text of the election that nobody translated: it stands on the paper as it was given."""

    kind: str
    id: str
    field: str
    language: str
    text: str

    def __str__(self) -> str:
        whose = f"{self.kind} {self.id}".strip()
        return f"{whose}, {self.field}: no translation into {self.language!r}; it stands as given: {self.text}"


@dataclass
class Speaker:
    """The texts of an election in one language; notes those that are missing."""

    language: Language
    election: Election
    translations: Translations
    missing: list[Missing] = field(default_factory=list)

    def text(self, kind: str, identifier: str, name: str, given: str) -> str:
        """A text in this language, or as it was given."""
        found = self.translations.find(kind, identifier, name, self._tag)
        # The laws that come with the program name their chambers in English, whatever the election speaks.
        english = kind == "chamber" and not self.election.law.endswith(".toml")
        own = ENGLISH if english else parts_of(self.election.language)[0]
        if found is None and given and self.language.code != own:
            note = Missing(kind, identifier, name, self.language.code, given)
            if note not in self.missing:
                self.missing.append(note)
        return clean(found or given)

    def title(self) -> str:
        """How the election is called on the paper."""
        found = self.translations.find("election", "", "paper_title", self._tag)
        return clean(found) if found else self.text("election", "", "title", self.election.title)

    @property
    def _tag(self) -> str:
        return f"{self.language.code}-{self.language.region}" if self.language.region else self.language.code


def plain(text: str) -> str:
    """A text fit to be set; where a long word breaks is decided when it is known how wide its place is."""
    return clean(text).replace("\u200b", "")


def speakers(form: Form, tags: Sequence[str], translations: Translations) -> list[Speaker]:
    """One speaker a language. PaperError where there are too many, one twice, or one without words."""
    if not 1 <= len(tags) <= MOST_LANGUAGES:
        raise PaperError(
            Problem("language", "not a number of languages for one paper", ", ".join(tags), "one or two"),
            exit_code=WRONG_USE,
        )
    found = [Speaker(paper_language(tag), form.election, translations) for tag in tags]
    codes = [one.language.code for one in found]
    if len(set(codes)) < len(codes):
        raise PaperError(Problem("language", "the same one twice", ", ".join(tags), "two"), exit_code=WRONG_USE)
    return found


def paper_sheet(form: Form, told: Sequence[Speaker]) -> Sheet:
    """What stands on the paper, apart from where it stands."""
    first = told[0].language
    lang, region = parts_of(form.election.language)
    kind = form.election.kind
    heads = [_head(form, speaker) for speaker in told]
    return {
        "lang": first.code,
        "region": first.region,
        "names_lang": lang,
        "names_region": region,
        "title": f"{first.say('heading')}, {heads[0]['places'][-1]}",
        "day": [form.day.year, form.day.month, form.day.day],
        "marking": form.marking,
        "mark": "" if kind is Kind.REAL else kind.value.upper(),
        "heads": heads,
        "candidates": [_candidate(candidate) for candidate in form.candidates],
        "supported": any(_supporters(candidate) for candidate in form.candidates),
        "short": " / ".join(shortened(head["places"][-1], _LONGEST_FOOT) for head in _different(heads)),
    }


def _different(heads: Sequence[Sheet]) -> list[Sheet]:
    return list({head["places"][-1]: head for head in heads}.values())


def _head(form: Form, speaker: Speaker) -> Sheet:
    language = speaker.language
    kind = form.election.kind.value
    return {
        "lang": language.code,
        "region": language.region,
        "heading": language.say("heading"),
        "second": language.say("second") if form.ballot == 2 else "",
        "title": speaker.title(),
        "day": language.day(form.day.isoformat()),
        "places": _places(form, speaker),
        **_instruction(form, language),
        "candidate": language.say("candidate"),
        "supported": language.say("supported"),
        "page": language.say("page", page="{page}", pages="{pages}"),
        "proof": language.say("proof"),
        "kind": language.find(f"kinds.{kind}") or "",
    }


def _places(form: Form, speaker: Speaker) -> list[str]:
    """Chamber, the units above the contest but the whole country, and last the contest."""
    election, contest = form.election, form.contest
    units, index = election.units, election.index
    above: list[str] = []
    position = index.unit[contest.unit]
    parent = int(index.parent[position])
    while parent >= 0 and index.parent[parent] >= 0:
        unit = units[parent]
        above.insert(0, speaker.text("unit", unit.id, "name", unit.name or unit.id))
        parent = int(index.parent[parent])
    chamber = speaker.text("chamber", contest.chamber, "name", form.chamber) if form.chamber else ""
    if contest.name and contest.name != units[position].name:
        own = speaker.text("contest", contest.id, "name", contest.name)
    else:
        # A contest in each unit of a kind has the unit's name: one translation serves both.
        own = speaker.translations.find("contest", contest.id, "name", speaker.language.code) or speaker.text(
            "unit", contest.unit, "name", units[position].name or contest.unit
        )
    return [text for text in dict.fromkeys((chamber, *above, clean(own))) if text]


def _instruction(form: Form, language: Language) -> Sheet:
    """What the elector is to do, and what makes the ballot invalid."""
    way = "strike" if form.marking == "strike-out" else "mark"
    if len(form.candidates) == 1:
        told = "single"
    elif form.most == 1:
        told = "one"
    elif form.may_leave_all:
        told = "any"
    else:
        told = "some"
    warnings = []
    if not form.may_leave_all:
        warnings.append(language.say(f"{way}.more"))
    if form.none_left == "invalid":
        warnings.append(language.say(f"{way}.none"))
    return {
        "instruction": language.say(f"{way}.{told}", n=language.number(form.most)),
        "warnings": " ".join(warnings),
    }


def _supporters(candidate: Candidate) -> str:
    """Who supports a candidate: those who nominated, else the party."""
    return "; ".join(plain(text) for text in candidate.supporters if text) or plain(candidate.party)


def _candidate(candidate: Candidate) -> Sheet:
    return {
        "id": candidate.id,
        "number": str(candidate.number),
        "surname": plain(candidate.surname),
        "names": plain(candidate.names),
        "supporters": _supporters(candidate),
    }
