"""The reasoning of an outcome as sentences in the language of a paper, built anew from its steps.

English papers have the sentences of the record itself. In another language a step whose data do not tell all of the
sentence, or that no template is known for, stands in the English of the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from suffrage.count.sentences import needed
from suffrage.law import Rules, ShareRule, TermRule
from suffrage.protocols.typeset.known import Known
from suffrage.typeset.clean import clean
from suffrage.typeset.grouping import NO_BREAK
from suffrage.typeset.language import ENGLISH, Language

_ANNULLED = re.compile(r"The ballot was annulled by decision (?P<decision>.+?)(?:: (?P<reason>.+))?\.", re.DOTALL)
_THRESHOLD = re.compile(r"majority\.thresholds\[(\d+)\]")

Step = Mapping[str, Any]


class _Untold(Exception):
    """The data of a step do not tell all of its sentence."""


@dataclass(frozen=True)
class Reasoning:
    """What the sentences of one protocol's outcome are made of.

    `laws` are the rules that the contest may have been decided by, the likeliest first (a statute and its variants):
    those count whose shares give the figures of the step.
    """

    language: Language
    laws: Sequence[Rules]
    record: Mapping[str, Any]
    known: Known
    _names: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_names", {line["candidate"]: clean(line["name"]) for line in self.record["votes"]})

    def sentences(self) -> list[str]:
        """A sentence a step, in the order of the law."""
        steps: Sequence[Step] = self.record["outcome"]["reasoning"]
        if self.language.code == ENGLISH:
            return [self._as_it_stands(step) for step in steps]
        return [self.sentence(step) for step in steps]

    def sentence(self, step: Step) -> str:
        """One step; in the English of the record where it cannot be told otherwise."""
        try:
            return self._told(step)
        except (_Untold, KeyError, TypeError, ValueError, IndexError):
            return self._as_it_stands(step)

    @staticmethod
    def _as_it_stands(step: Step) -> str:
        """The sentence of the record, the name of its article on one line."""
        article = step["article"]
        return clean(step["text"].replace(f"article {article}", f"article {article.replace(' ', NO_BREAK)}"))

    def _told(self, step: Step) -> str:
        match step["rule"]:
            case "candidates":
                return self._say(step, "no_candidate")
            case "elected":
                return self._say(step, "elected", names=self._listed(step["candidates"]))
            case "undecided":
                return self._say(step, "undecided", missing="; ".join(map(self.missing, self._outcome["missing"])))
            case "certain":
                return self._certain(step)
            case "decisions":
                return self._annulled(step)
            case "turnout.at_least" | "turnout.more_than":
                return self._turnout(step)
            case "turnout.else" | "new_election.no_majority":
                return self._unfilled(step)
            case "majority.tie" | "second_ballot.tie":
                return self._tie(step)
            case "second_ballot.finalists":
                return self._finalists(step)
            case "second_ballot.minimum_candidates":
                return self._minimum(step)
            case "second_ballot.withdrawal":
                return self._withdrawn(step)
        figures = step["figures"]
        if "base" in figures:
            return self._majority(step)
        if step["rule"] in ("majority.more_than", "second_ballot.won_by"):
            return self._most_votes(step)
        raise _Untold

    @property
    def _outcome(self) -> Mapping[str, Any]:
        outcome: Mapping[str, Any] = self.record["outcome"]
        return outcome

    def missing(self, text: str) -> str:
        """What an undecided contest waits for."""
        return clean(self.known.said(text))

    def _say(self, step: Step, path: str, **values: str) -> str:
        return self.language.say(f"steps.{path}", article=self.language.article(clean(step["article"])), **values)

    def _listed(self, candidates: Sequence[str]) -> str:
        return self.language.listed([self._names[candidate] for candidate in candidates])

    def _share(self, step: Step) -> tuple[ShareRule, str]:
        """The rule whose share gives what the step says was needed, and the name of its base."""
        more = not step["rule"].startswith(("turnout.at_least", "majority.thresholds", "second_ballot.also_at_least"))
        for rule in self._rules(step["rule"]):
            if rule is not None and rule.known is not None:
                share, base = rule.known
                if needed(share, step["figures"]["base"], more=more) == step["figures"]["needed"]:
                    return rule, base
        raise _Untold

    def _rules(self, path: str) -> Iterator[ShareRule | None]:
        threshold = _THRESHOLD.fullmatch(path)
        for law in self.laws:
            if path == "majority.more_than":
                yield law.majority.more_than
            elif path.startswith("turnout."):
                yield law.turnout.rule
            elif path == "second_ballot.alone_needs":
                yield law.second_ballot.alone_needs
            elif path == "second_ballot.also_at_least":
                yield law.second_ballot.also_at_least
            elif threshold is not None and int(threshold[1]) <= len(law.majority.thresholds):
                yield law.majority.thresholds[int(threshold[1]) - 1]

    def _turnout(self, step: Step) -> str:
        figures, language = step["figures"], self.language
        rule, base = self._share(step)
        counted = next(law.turnout.counted.known for law in self.laws if law.turnout.rule == rule)
        if rule.known is None or counted is None:
            raise _Untold
        return self._say(
            step,
            f"turnout_{'more' if step['rule'] == 'turnout.more_than' else 'least'}.{_holds(step)}",
            counted=language.noun(counted, figures["counted"]),
            base=language.noun(base, figures["base"]),
            share=language.share(rule.known[0]),
            short=language.number(figures["short"]),
            needed=language.number(figures["needed"]),
        )

    def _majority(self, step: Step) -> str:
        figures, language = step["figures"], self.language
        rule, base = self._share(step)
        if rule.known is None:
            raise _Untold
        more = step["rule"] in ("majority.more_than", "second_ballot.alone_needs")
        return self._say(
            step,
            f"majority_{'more' if more else 'least'}.{_holds(step)}",
            share=language.share(rule.known[0]),
            base=language.noun(base, figures["base"]),
            needed=language.number(figures["needed"]),
            name=self._listed(step["candidates"]),
            votes=language.noun("has_votes", figures["votes"]),
            short=language.number(figures["short"]),
        )

    def _most_votes(self, step: Step) -> str:
        figures, language = step["figures"], self.language
        first, *others = step["candidates"]
        votes = language.noun("votes", figures["votes"])
        if not others:
            return self._say(step, "most_votes.one", name=self._listed([first]), votes=votes)
        return self._say(
            step,
            "most_votes.two",
            name=self._listed([first]),
            votes=votes,
            next=self._listed(others),
            next_votes=language.number(figures["next"]),
        )

    def _tie(self, step: Step) -> str:
        votes = step["figures"]["votes"]
        tied = [line["candidate"] for line in self.record["votes"] if line["votes"] == votes]
        section = "majority" if step["rule"] == "majority.tie" else "second_ballot"
        rule = getattr(self.laws[0], section).tie.known or "silent"
        values = {"names": self._listed(tied), "votes": self.language.noun("votes", votes)}
        if not step["holds"]:
            return self._say(step, f"tie.{rule}", **values)
        return self._say(step, f"tie.{rule}_decided", chosen=self._listed(step["candidates"]), **values)

    def _unfilled(self, step: Step) -> str:
        follows = self._outcome["follows"]
        if follows == "vacant":
            left = self._outcome["seats_left"]
            return self._say(step, "unfilled.vacant", seats=self.language.noun("vacant", left))
        law = self.laws[0]
        rule: TermRule = law.turnout.otherwise if step["rule"] == "turnout.else" else law.new_election.no_majority
        return self._say(step, f"unfilled.{follows}", by=self._by(rule.within_days))

    def _finalists(self, step: Step) -> str:
        candidates = step["candidates"]
        by = self._by(self.laws[0].second_ballot.within_days.known)
        path = "second_ballot.between" if len(candidates) > 1 else "second_ballot.alone"
        return self._say(step, path, names=self._listed(candidates), by=by)

    def _minimum(self, step: Step) -> str:
        minimum = self.laws[0].second_ballot.minimum_candidates.known
        if minimum is None:
            raise _Untold
        candidates = self.language.noun("candidates", len(self.record["votes"]))
        return self._say(step, "second_ballot.minimum", candidates=candidates, minimum=self.language.number(minimum))

    def _withdrawn(self, step: Step) -> str:
        if self.laws[0].second_ballot.withdrawal.value == "next-replaces":
            raise _Untold  # who stands instead is told by the text alone
        return self._say(step, "second_ballot.withdrew", names=self._listed(step["candidates"]))

    def _certain(self, step: Step) -> str:
        units, outstanding = self.record["units"], self.record["electors_outstanding"]
        electors = ""
        if outstanding:
            electors = self.language.say("steps.certain_electors", electors=self.language.noun("electors", outstanding))
        out = self.language.noun("units_out", units["expected"] - units["reported"])
        return self._say(step, "certain", units=out, electors=electors)

    def _annulled(self, step: Step) -> str:
        match = _ANNULLED.fullmatch(step["text"])
        if match is None:
            raise _Untold
        reason = clean(match["reason"] or "")
        reason = self.language.say("steps.annulled_reason", reason=reason) if reason else ""
        return self._say(step, "annulled", decision=clean(match["decision"]), reason=reason)

    def _by(self, within: int | None) -> str:
        by = self._outcome["by"]
        if by:
            return self.language.say("steps.by_day", day=self.language.day(by))
        return "" if within is None else self.language.say("steps.by_days", days=self.language.noun("days", within))


def _holds(step: Step) -> str:
    return "holds" if step["holds"] else "fails"
