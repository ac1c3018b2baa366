"""Checking returns in bulk: what follows from other figures, what one law reads otherwise than another, what fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from suffrage.count.ballot import DOUBTFUL
from suffrage.count.findings import Severity
from suffrage.law import Rules
from suffrage.law.sums import NAMES
from suffrage.returns.batch import ABSENT, Batch, Ints, Mask


@dataclass(frozen=True, slots=True)
class Breach:
    """The returns of a batch that fail one check: rows, and the two sides (None where there is but one figure)."""

    severity: Severity
    check: str
    article: str
    rows: npt.NDArray[np.intp]
    left: Ints | None
    right: Ints | None


def names_of(batch: Batch) -> Ints:
    """The sum of the votes of all candidates, by return. Exact: figures are limited so that it stays below 2**53."""
    return np.bincount(batch.vote_row, weights=batch.votes, minlength=len(batch)).astype(np.int64)


def completed(figures: Mapping[str, Ints], rules: Rules) -> dict[str, Ints]:
    """The figures with those added that the law says follow from others, where they were not given."""
    whole = dict(figures)
    derived = [(name, field.sum) for name, field in rules.returns.fields.items() if field.sum is not None]
    for _ in derived:
        for name, total in derived:
            if not total.fields <= set(whole):
                continue
            known = np.logical_and.reduce([whole[field] != ABSENT for field in total.fields])
            if name not in whole:
                whole[name] = np.where(known, total.of(whole), ABSENT) if not known.all() else total.of(whole)
            elif (blank := known & (whole[name] == ABSENT)).any():
                whole[name] = np.where(blank, total.of(whole), whole[name])
    return whole


def reread(figures: Mapping[str, Ints], own: Rules, other: Rules) -> dict[str, Ints]:
    """The figures of an election held under one law as another law reads them.

    Only one thing moves: ballots with no name left, where one law holds them valid and the other does not.
    """
    whole = dict(figures)
    before, after = own.ballot.none_left, other.ballot.none_left
    if before == after or None in (before, after) or "all_struck" not in whole:
        return whole
    struck = np.where(whole["all_struck"] == ABSENT, 0, whole["all_struck"])
    if after == "invalid":
        struck = -struck
    for name, change in (("valid", struck), ("invalid", -struck)):
        if name in whole:
            whole[name] = np.where(whole[name] == ABSENT, ABSENT, whole[name] + change)
    if after == "invalid":
        whole["all_struck"] = np.zeros_like(struck)
        if "blank" in whole:  # a part of the invalid ballots: it grows with them
            whole["blank"] = np.where(whole["blank"] == ABSENT, ABSENT, whole["blank"] - struck)
    return whole


def breaches(
    batch: Batch, figures: Mapping[str, Ints], names: Ints, rules: Rules, may_leave: Ints, among: Mask | None
) -> list[Breach]:
    """Every check of the law that some return of the batch fails, and what no law allows.

    `may_leave` is the most names a ballot may hold, by return; `among` limits it to some returns.
    """
    found: list[Breach] = []

    def note(
        severity: Severity, check: str, article: str, failing: Mask, left: Ints | None, right: Ints | None
    ) -> None:
        rows = np.flatnonzero(failing if among is None else failing & among)
        if len(rows):
            taken = None if left is None else left[rows], None if right is None else right[rows]
            found.append(Breach(severity, check, article, rows, *taken))

    for name, column in figures.items():
        if len(column) and int(column.min()) < 0:
            note(Severity.ERROR, f"{name} is negative", "", (column < 0) & (column != ABSENT), column, None)
    if len(batch.votes) and int(batch.votes.min()) < 0:
        negative = np.zeros(len(batch), bool)
        negative[batch.vote_row[batch.votes < 0]] = True
        note(Severity.ERROR, "the votes of a candidate are negative", "", negative, None, None)
    for name, field in rules.returns.fields.items():
        if field.required:
            given = figures.get(name)
            absent = np.ones(len(batch), bool) if given is None else given == ABSENT
            note(Severity.ERROR, f"{name} is not given", field.article, absent, None, None)
    if DOUBTFUL in figures:
        doubtful = figures[DOUBTFUL]
        note(
            Severity.ERROR,
            "doubtful ballots that the committee has yet to decide",
            "",
            doubtful > 0,
            doubtful,
            None,
        )
    known: dict[str, Ints] = {**figures, NAMES: names}
    # A strike-out return that does not give the ballots with every name struck has none of them.
    struck = known.get("all_struck")
    known["all_struck"] = np.zeros_like(names) if struck is None else np.where(struck == ABSENT, 0, struck)
    single = may_leave == 1
    for check in rules.returns.checks:
        equation = check.check
        if not equation.fields <= set(known):
            continue
        left, right = equation.left.of(known, may_leave), equation.right.of(known, may_leave)
        failing: Mask = ~equation.holds(left, right)
        if check.names != "any":
            failing &= single if check.names == "one" else ~single
        if not failing.any():
            continue
        for name in equation.fields:
            failing &= known[name] != ABSENT
        note(Severity(check.otherwise), str(equation), check.article, failing, left, right)
    return found
