"""What a statute may not say at the same time: each rule is well formed, together they cannot be applied."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from suffrage.law.rules import Deadline, Gap
from suffrage.law.statute import Norm, Returns, Rules, Statute, Turnout
from suffrage.law.sums import NAMES

Contradiction = tuple[tuple[str | int, ...], str, str, str]
"""Location, what is wrong, the value seen, what was expected."""

RESERVED_FIELDS = frozenset({NAMES, "unit", "contest", "ballot", "field", "figure", "candidate"})
"""Names that a return cannot use for a figure: the columns that say which return it is."""


def contradictions(statute: Statute) -> list[Contradiction]:
    """Everything in the statute that cannot hold together."""
    found = list(_of_rules(statute, ()))
    for name, rules in statute.variants.items():
        found += _of_rules(rules, ("variants", name))
    found += _of_calendar(statute)
    for position, chamber in enumerate(statute.chambers):
        for number, norm in enumerate(chamber.norms):
            found += _of_norm(norm, ("chambers", position, "norms", number))
    ids = [chamber.id for chamber in statute.chambers]
    for position, identifier in enumerate(ids):
        if identifier in ids[:position]:
            found.append((("chambers", position, "id"), "two chambers have one identifier", identifier, "another one"))
    for position, level in enumerate(statute.committees.levels):
        if level.least > level.most:
            where = ("committees", "levels", position)
            found.append(
                (
                    where,
                    "a committee of fewer than no members",
                    f"{level.least} to {level.most}",
                    "least <= most",
                )
            )
    return found


def _of_rules(rules: Rules, at: tuple[str | int, ...]) -> Iterator[Contradiction]:
    ballot, second = rules.ballot, rules.second_ballot
    if ballot.marking.known == "mark" and ballot.all_struck.known is not None:
        yield (
            (*at, "ballot", "all_struck"),
            "nothing is struck out on a ballot that is marked",
            str(ballot.all_struck.known),
            '"not_applicable", and the rule on blank ballots',
        )
    if ballot.marking.known == "strike-out" and isinstance(ballot.all_struck.value, Gap):
        yield (
            (*at, "ballot", "all_struck"),
            "a strike-out ballot with every name struck must mean something",
            str(ballot.all_struck.value),
            '"valid" or "invalid"',
        )
    if ballot.marking.known == "mark" and isinstance(ballot.blank.value, Gap):
        yield (
            (*at, "ballot", "blank"),
            "a ballot without a mark must mean something",
            str(ballot.blank.value),
            '"valid" or "invalid"',
        )
    yield from _of_turnout(rules.turnout, (*at, "turnout"))
    yield from _shares_have_bases(rules, at)
    if rules.majority.more_than.known is None and rules.majority.thresholds:
        yield (
            (*at, "majority", "thresholds"),
            "a threshold where the most votes elect",
            f"{len(rules.majority.thresholds)} thresholds",
            "a majority, or no thresholds",
        )
    if second.finalists.known is None:
        for name in ("within_days", "minimum_candidates", "won_by"):
            rule = getattr(second, name)
            if rule.known is not None:
                yield (
                    (*at, "second_ballot", name),
                    "a rule of a second ballot that is never held",
                    str(rule.known),
                    '"not_applicable", or finalists',
                )
    elif second.won_by.known is None:
        yield (
            (*at, "second_ballot", "won_by"),
            "a second ballot that nothing decides",
            str(second.won_by.value),
            '"most-votes" or "majority"',
        )
    if rules.majority.tie.known == "second-ballot" and second.finalists.known is None:
        yield (
            (*at, "majority", "tie"),
            "a tie goes to a second ballot that is never held",
            "second-ballot",
            "another rule",
        )
    yield from _of_returns(rules.returns, (*at, "returns"), _needed_fields(rules))


def _of_turnout(turnout: Turnout, at: tuple[str | int, ...]) -> Iterator[Contradiction]:
    given = [name for name in ("at_least", "more_than") if getattr(turnout, name) is not None]
    if len(given) != 1:
        seen = " and ".join(given) or "neither"
        yield (
            at,
            "the turnout needs one measure",
            seen,
            '"at_least" or "more_than"; it may be "not_applicable"',
        )
    elif turnout.rule.known is not None and isinstance(turnout.otherwise.value, Gap):
        yield (
            (*at, "else"),
            "a turnout that nothing follows from",
            str(turnout.otherwise.value),
            '"new-election"',
        )


def _shares_have_bases(rules: Rules, at: tuple[str | int, ...]) -> Iterator[Contradiction]:
    shares = {
        ("turnout", "at_least"): rules.turnout.at_least,
        ("turnout", "more_than"): rules.turnout.more_than,
        ("majority", "more_than"): rules.majority.more_than,
        ("second_ballot", "also_at_least"): rules.second_ballot.also_at_least,
        ("second_ballot", "alone_needs"): rules.second_ballot.alone_needs,
    }
    named = [(key, rule) for key, rule in shares.items() if rule is not None]
    named += [(("majority", "thresholds", n), rule) for n, rule in enumerate(rules.majority.thresholds)]  # type: ignore[misc]
    for key, rule in named:
        if not isinstance(rule.value, Gap) and rule.base is None:
            yield (
                (*at, *key),
                "a share of what?",
                str(rule.value),
                'a base: "registered", "took_part", "valid_ballots"',
            )
        if key[-1] in ("more_than", "alone_needs") and rule.value == 1:
            yield ((*at, *key), "nobody can have more than the whole", "1", "a share below 1")


def _needed_fields(rules: Rules) -> dict[str, tuple[str, ...]]:
    """The figures that the rules compare, with the rule that wants them."""
    needed: dict[str, tuple[str, ...]] = {"valid": ("ballot",), "invalid": ("ballot",)}
    if rules.turnout.rule.known is not None:
        if rules.turnout.counted.known is not None:
            needed[_field_of(rules.turnout.counted.known)] = ("turnout", "counted")
        needed[_field_of(rules.turnout.rule.known[1])] = ("turnout",)
    for rule in (rules.majority.more_than, *rules.majority.thresholds, rules.second_ballot.also_at_least):
        if rule.known is not None:
            needed[_field_of(rule.known[1])] = ("majority",)
    if rules.second_ballot.alone_needs.known is not None:
        needed[_field_of(rules.second_ballot.alone_needs.known[1])] = ("second_ballot", "alone_needs")
    if rules.ballot.all_struck.known is not None:
        needed["all_struck"] = ("ballot", "all_struck")
    return needed


def _field_of(base: str) -> str:
    return "valid" if base == "valid_ballots" else base


def _of_returns(
    returns: Returns, at: tuple[str | int, ...], needed: dict[str, tuple[str, ...]]
) -> Iterator[Contradiction]:
    fields = returns.fields
    for name in sorted(RESERVED_FIELDS & set(fields)):
        yield ((*at, "fields", name), "this name has another use in a return", name, "another name")
    for name, rule in needed.items():
        if name not in fields:
            yield (
                (*at, "fields"),
                f"the rule {'.'.join(rule)} compares a figure that no return has",
                "",
                f"a field {name}",
            )
    for name, figure in fields.items():
        for other in sorted(figure.sum.fields - set(fields)) if figure.sum else ():
            yield (
                (*at, "fields", name, "sum"),
                "a sum of a figure that no return has",
                other,
                f"one of {', '.join(fields)}",
            )
        if _follows_from_itself(name, returns):
            yield (
                (*at, "fields", name, "sum"),
                "a figure that follows from itself",
                str(figure.sum),
                "another sum",
            )
    for position, check in enumerate(returns.checks):
        for other in sorted(check.check.fields - set(fields) - {NAMES}):
            where = (*at, "checks", position, "check")
            yield (where, "a check of a figure that no return has", other, f"names, {', '.join(fields)}")


def _follows_from_itself(name: str, returns: Returns) -> bool:
    reached: set[str] = set()
    ahead = [name]
    while ahead:
        figure = returns.fields.get(ahead.pop())
        for other in figure.sum.fields if figure and figure.sum else ():
            if other == name:
                return True
            if other not in reached:
                reached.add(other)
                ahead.append(other)
    return False


def _of_calendar(statute: Statute) -> Iterator[Contradiction]:
    for name, deadline in statute.calendar.items():
        given = [key for key in ("before", "after", "within") if getattr(deadline, key) is not None]
        if len(given) != 1 and not (deadline.value is not None and not given):
            seen = " and ".join(given) or "none"
            yield (("calendar", name), "a deadline needs one measure", seen, '"before", "after" or "within"')
    order = ("nominations_close", "candidates_published", "ballots_printed")
    known = [(name, day) for name in order if (day := _days_before(statute.calendar.get(name))) is not None]
    for (earlier, first), (later, second) in pairwise(known):
        if first < second:
            yield (
                ("calendar", later),
                f"comes before {earlier}",
                f"{second} days before",
                f"at most {first} days before",
            )


def _days_before(deadline: Deadline | None) -> int | None:
    return None if deadline is None else deadline.before


def _of_norm(norm: Norm, at: tuple[str | int, ...]) -> Iterator[Contradiction]:
    by_number = norm.one_per is not None and norm.of is not None
    by_unit = norm.each is not None and bool(norm.unit)
    if by_number == by_unit:
        yield (at, "not a norm of representation", "", '"one_per" with "of", or "each" with "unit"')
