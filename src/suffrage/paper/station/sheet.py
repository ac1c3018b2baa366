"""What a station's parcel says, as plain data: every word in its language, ready to be set."""

from __future__ import annotations

from typing import Any

from suffrage.election.translations import Translations
from suffrage.law import Rules
from suffrage.law.sums import NAMES
from suffrage.paper.form import Form
from suffrage.paper.sheet import paper_sheet, speakers
from suffrage.paper.station.checks import Letters, checks_in_words
from suffrage.paper.station.parcel import Parcel
from suffrage.paper.station.pictures import pictures
from suffrage.protocols.typeset.sheet import MARKS
from suffrage.typeset.clean import clean, shortened
from suffrage.typeset.language import Language

Sheet = dict[str, Any]

_LONGEST_HEAD = 34
_LEAST_DIGITS = 4
_BOX_FIELDS = {"strike-out": ("all_struck", "blank"), "mark": ("blank",)}
"""What is tallied beside names and invalid ballots, the first that the law counts, by the way of marking."""
_COMMITTEE_OF_FIVE = 5


def parcel_sheet(parcel: Parcel, language: Language, translations: Translations) -> Sheet:
    """The sheet of a parcel."""
    election, law = parcel.election, parcel.statute
    unit = parcel.unit
    name = clean(translations.find("unit", unit.id, "name", language.code) or unit.name or unit.id)
    forms = [_contest(form, parcel, language, translations) for form in parcel.forms]
    first = parcel.forms[0]
    title = clean(translations.find("election", "", "title", language.code) or election.title)
    return {
        "lang": language.code,
        "region": language.region,
        "mark": MARKS.get(election.kind.value, ""),
        "mark_words": language.find(f"kinds.{election.kind.value}") or "",
        "title": title,
        "day": language.day(first.day.isoformat()),
        "date": [first.day.year, first.day.month, first.day.day],
        "second": language.say("station.second") if first.ballot == 2 else "",
        "precinct": name if name.casefold() == unit.id.casefold() else f"{name} ({unit.id})",
        "running": f"{shortened(name, _LONGEST_HEAD)}. {shortened(title, _LONGEST_HEAD)}",
        "words": _words(language),
        "cover": _cover(parcel, language, forms),
        "book": _book(parcel),
        "contests": forms,
        "seats": _signers(parcel, language),
        "expected": parcel.expected,
        "pictures": pictures(parcel.forms, [one["instruction"] for one in forms], language),
        "law": clean(law.title),
    }


def _words(language: Language) -> Sheet:
    words: Sheet = language.words["station"]
    return words


def _cover(parcel: Parcel, language: Language, forms: list[Sheet]) -> Sheet:
    law, say = parcel.statute, language.say
    opens, closes = law.voting.opens, law.voting.closes
    if opens.known and closes.known:
        hours = say("station.cover.from_to", opens=opens.known, closes=closes.known)
        hours += language.article(closes.article or opens.article)
    else:
        hours = say("station.cover.silent_hours")
    within = law.protocols.copies_within_hours
    term = (
        say("station.cover.no_hours")
        if within.known is None
        else say("station.cover.within", hours=language.number(within.known)) + language.article(within.article)
    )
    signed = say("station.cover.signed", who=_who(parcel, language)).removesuffix(".")
    given = parcel.electors is not None or parcel.unit.registered is not None
    return {
        "who": _who(parcel, language),
        "hours": hours,
        "electors": language.number(parcel.lines) if given else say("station.cover.unknown"),
        "online": language.number(parcel.lines - parcel.expected) if parcel.lines > parcel.expected else "",
        "send": [
            say("station.cover.send", unit=place, hours=term) for place in dict.fromkeys(f["unit"] for f in forms)
        ],
        "signed": f"{signed}{language.article(law.protocols.signed_by.article)}.",
    }


def _who(parcel: Parcel, language: Language) -> str:
    return language.say(f"station.who.{parcel.statute.protocols.signed_by.known or 'silent'}")


def _signers(parcel: Parcel, language: Language) -> list[str]:
    """The roles of those who sign, a line each: as many as the law gives a committee of this level at most."""
    roles = [language.say("station.roles.chair"), language.say("station.roles.secretary")]
    if parcel.statute.protocols.signed_by.known == "chair-and-secretary":
        return roles
    levels = {level.level: level.most for level in parcel.statute.committees.levels}
    most = levels.get("precinct") or levels.get("polling station") or _COMMITTEE_OF_FIVE
    return roles + [language.say("station.roles.member")] * max(most - len(roles), 0)


def _book(parcel: Parcel) -> Sheet:
    entries = parcel.electors
    return {
        "lines": parcel.lines,
        "empty": entries is None,
        "electors": [
            {
                "id": clean(one.id),
                "name": clean(one.name),
                "address": clean(", ".join(one.address)),
                "online": one.online,
            }
            for one in entries or ()
        ],
    }


def _contest(form: Form, parcel: Parcel, language: Language, translations: Translations) -> Sheet:
    """One ballot paper: who stands, how votes are tallied, the return."""
    # The paper's own sheet, so that poster and paper say the same.
    paper = paper_sheet(form, speakers(form, [language.code], translations))
    head = paper["heads"][0]
    rules = parcel.statute.rules_for(form.contest.rules)
    candidates = [
        {
            **told,
            # Long words break anywhere; how large a name may be set follows from its longest word.
            "surname": clean(told["surname"]),
            "names": clean(told["names"]),
            "supporters": clean(told["supporters"]),
            "occupation": clean(candidate.occupation),
            "word": _longest_word(f"{clean(told['surname'])} {clean(told['names'])}"),
        }
        for told, candidate in zip(paper["candidates"], form.candidates, strict=True)
    ]
    return {
        "name": ", ".join(clean(place) for place in head["places"]),
        "short": clean(head["places"][-1]),
        "unit": clean(head["places"][-1]),
        "instruction": head["instruction"],
        "warnings": head["warnings"],
        "candidates": candidates,
        "tallied": _tallied(form, rules, language),
        "invalid": _invalid(rules, language),
        "digits": max(_LEAST_DIGITS, len(str(parcel.lines))),
        "names_digits": max(_LEAST_DIGITS, len(str(parcel.lines * form.most))),
        **_figures(form, rules, language),
    }


def _longest_word(text: str) -> int:
    return max(map(len, text.replace("\u200b", " ").replace("-", "- ").split()), default=0)


def _tallied(form: Form, rules: Rules, language: Language) -> list[str]:
    fields = rules.returns.fields
    extra = next((name for name in _BOX_FIELDS[form.marking] if name in fields), "")
    return [language.label(clean(fields[name].label)) for name in ("invalid", extra) if name in fields]


def _invalid(rules: Rules, language: Language) -> list[str]:
    """What the law itself says of invalid and unclear ballot papers."""
    told = []
    if rules.ballot.invalid.known:
        reasons = "; ".join(clean(text) for text in rules.ballot.invalid.known)
        article = language.article(rules.ballot.invalid.article)
        told.append(f"{language.say('station.tally.invalid')}{article}: {reasons}.")
    if rules.ballot.unclear.known:
        sentence = language.say(f"station.tally.unclear_{rules.ballot.unclear.known}").removesuffix(".")
        told.append(f"{sentence}{language.article(rules.ballot.unclear.article)}.")
    return told


def _figures(form: Form, rules: Rules, language: Language) -> Sheet:
    """The figures of the return with their letters, and the checks between them."""
    letters = Letters.for_rules(rules)
    return {
        "figures": [
            {"letter": letters.of[name], "label": language.label(clean(field.label))}
            for name, field in rules.returns.fields.items()
        ],
        "names_letter": letters.of[NAMES],
        "checks": checks_in_words(rules, form.most, language),
    }
