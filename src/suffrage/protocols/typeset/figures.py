"""The tables of a paper: the figures in the order of the law, and the candidates with their votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from suffrage.count.ballot import DOUBTFUL
from suffrage.law import Rules, Statute
from suffrage.typeset.clean import capital, clean
from suffrage.typeset.language import Language

_DOUBTFUL_LABEL = "doubtful ballots, to be decided by the committee"
_WHOLE = {"blank": ("invalid",), "void": ("invalid",), "all_struck": ("valid", "invalid")}
"""Figures that are parts of others: set in a little, if one of these stands above them."""


def laws_of(statute: Statute, record: Mapping[str, Any]) -> list[Rules]:
    """The rules that a record may be under, the likeliest first: those of its variant, the statute, other variants."""
    contest = record.get("contest")
    name = contest.get("rules", "") if contest else ""
    own = [statute.variants[name]] if name in statute.variants else []
    return [*own, statute, *(rules for rules in statute.variants.values() if rules not in own)]


@dataclass(frozen=True)
class Figures:
    """The figures of a law by name: their order, and what each is called in a language."""

    language: Language
    laws: Sequence[Rules]

    def label(self, name: str) -> str:
        """What a figure is called; its name where no law knows it."""
        found = next((law.returns.fields[name] for law in self.laws if name in law.returns.fields), None)
        if found is not None:
            return self.language.label(clean(found.label))
        return self.language.label(_DOUBTFUL_LABEL if name == DOUBTFUL else name.replace("_", " "))

    @property
    def names(self) -> frozenset[str]:
        """The names of every figure that a law speaks of."""
        return frozenset(name for law in self.laws for name in law.returns.fields)

    def rows(self, figures: Mapping[str, int]) -> list[dict[str, Any]]:
        """A row a figure; one that must be given and is not, says so."""
        fields = self.laws[0].returns.fields
        due = [name for name, known in fields.items() if known.required or name in figures]
        order = list(dict.fromkeys([*due, *figures]))
        texts = dict(zip(figures, self.language.grouping.column(list(figures.values())), strict=True))
        missing = self.language.say("facts.not_given")
        return [
            {
                "label": self.label(name),
                "figure": texts.get(name, missing),
                "part": any(whole in order[:place] for whole in _WHOLE.get(name, ())),
                "given": name in figures,
            }
            for place, name in enumerate(order)
        ]


def candidate_table(record: Mapping[str, Any], language: Language, laws: Sequence[Rules]) -> dict[str, Any]:
    """The candidates in the order of the ballot paper.

    Where the law has names struck out, also the votes against each: the valid ballots on which the name is not left.
    """
    lines: Sequence[Mapping[str, Any]] = record["votes"]
    outcome = record.get("outcome", {})
    elected, finalists = outcome.get("elected", ()), outcome.get("finalists", ())
    valid = record["figures"].get("valid")
    against = valid is not None and laws[0].ballot.marking.known == "strike-out"
    columns = [[line["votes"] for line in lines]]
    heads = [language.say("headings.votes_for" if against else "headings.votes")]
    if against:
        columns.append([valid - line["votes"] for line in lines])
        heads.append(language.say("headings.votes_against"))
    texts = [language.grouping.column(column) for column in columns]
    rows = []
    for line, *votes in zip(lines, *texts, strict=True):
        stands = "elected" if line["candidate"] in elected else "finalist" if line["candidate"] in finalists else ""
        rows.append(
            {
                "number": str(line["number"]),
                "name": clean(line["name"]),
                "stands": language.say(f"stands.{stands}") if stands else "",
                "votes": votes,
            }
        )
    return {
        "heads": [language.say("headings.number"), language.say("headings.candidate"), *heads],
        "rows": rows,
    }


def outcome_rows(outcomes: Mapping[str, int], language: Language) -> list[dict[str, Any]]:
    """How many contests came to each outcome, in the order of the data file."""
    known = [kind for kind in language.words["outcomes"] if kind in outcomes]
    kinds = [*known, *(kind for kind in outcomes if kind not in known)]
    texts = language.grouping.column([outcomes[kind] for kind in kinds])
    return [
        {
            "label": capital(language.find(f"outcomes.{kind}") or kind),
            "figure": text,
            "part": False,
            "given": True,
        }
        for kind, text in zip(kinds, texts, strict=True)
    ]
