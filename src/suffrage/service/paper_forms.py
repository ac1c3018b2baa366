"""What a return from paper asks: its figures by the law, its candidates, and the law's checks between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from suffrage.count.checks import breaches, completed, names_of
from suffrage.count.findings import Finding
from suffrage.law import Sum
from suffrage.law.statute import ReturnField
from suffrage.returns.batch import Batch
from suffrage.service.export import candidates_as_model, contest_as_model, rules_of
from suffrage.service.models import Candidate, Contest, Election, Unit, Urn


def fields(contest: Contest) -> Mapping[str, ReturnField]:
    """The figures of a return in the order of the law."""
    return rules_of(contest).returns.fields


def finalists_of(contest: Contest) -> list[str]:
    """Who stands in the second ballot of a contest, once it is called; nobody where it is not held."""
    return held_again(contest)[0]


def held_again(contest: Contest) -> tuple[list[str], int]:
    """Who stands in the second ballot of a contest, once it is called, and for how many seats; nobody for none else."""
    urn = Urn.objects.filter(contest=contest, ballot=2).first()
    if urn is not None:
        return list(urn.finalists), urn.seats
    if not contest.election.polls.filter(ballot=2).exists():
        return [], 0
    from suffrage.service.counting import count_of

    counted = count_of(contest.election)
    found = next((one for one in counted.contests if one.contest.id == contest.slug), None) if counted else None
    return (list(found.first.outcome.finalists), found.first.outcome.seats_left) if found else ([], 0)


def people(contest: Contest, ballot: int) -> list[Candidate]:
    """The candidates of a ballot, in the order of the ballot paper."""
    standing = list(contest.candidates.all())
    if ballot == 1:
        return standing
    finalists = finalists_of(contest)
    return [person for person in standing if person.slug in finalists]


def most_names(contest: Contest) -> int:
    """The most names that a ballot may hold; 1 where the law is silent."""
    most = rules_of(contest).ballot.most_names(contest.seats, len(candidates_as_model(contest)))
    return 1 if most is None else most


def findings(
    election: Election,
    contest: Contest,
    unit: Unit,
    ballot: int,
    figures: Mapping[str, int],
    votes: Mapping[str, int],
) -> list[Finding]:
    """What the law's checks find in one return: those of the count, on a batch of one."""
    rules = rules_of(contest)
    given = {name: figures[name] for name in rules.returns.fields if name in figures}
    if "registered" in rules.returns.fields and "registered" not in given and (number := unit.electors.count()):
        # As the count does: the roll says it where the return does not.
        given["registered"] = number
    zero = np.zeros(1, np.int32)
    batch = Batch(
        zero,
        zero,
        zero,
        np.array([ballot], np.int8),
        np.ones(1, np.int64),
        {name: np.array([figure], np.int64) for name, figure in given.items()},
        np.zeros(len(votes), np.int32),
        np.arange(len(votes), dtype=np.int32),
        np.array(list(votes.values()), np.int64),
    )
    found = breaches(
        batch,
        completed(batch.figures, rules),
        names_of(batch),
        rules,
        np.array([most_names(contest)], np.int64),
        None,
    )
    return [
        Finding(
            breach.severity,
            contest_as_model(contest).id,
            ballot,
            unit.slug,
            breach.check,
            None if breach.left is None else int(breach.left[0]),
            None if breach.right is None else int(breach.right[0]),
            breach.article,
        )
        for breach in found
    ]


def checks_data(contest: Contest) -> dict[str, Any]:
    """The law's checks as data, for a page that evaluates them while somebody types."""
    rules = rules_of(contest)
    most = most_names(contest)

    def terms(total: Sum) -> list[list[Any]]:
        return [[term.sign * (most if term.factor is None else term.factor), term.field] for term in total.terms]

    return {
        "required": [name for name, field in rules.returns.fields.items() if field.required],
        "sums": {name: terms(field.sum) for name, field in rules.returns.fields.items() if field.sum is not None},
        "checks": [
            {
                "left": terms(check.check.left),
                "relation": check.check.relation,
                "right": terms(check.check.right),
                "otherwise": check.otherwise,
            }
            for check in rules.returns.checks
            if check.names == "any" or (check.names == "one") == (most == 1)
        ],
    }


def checks_text(contest: Contest) -> list[str]:
    """The same checks as the law writes them, with the labels of its figures, in the same order."""
    rules = rules_of(contest)
    most = most_names(contest)
    shown = []
    for check in rules.returns.checks:
        if check.names != "any" and (check.names == "one") != (most == 1):
            continue
        article = f", article {check.article}" if check.article else ""
        remark = " (a remark)" if check.otherwise == "remark" else ""
        shown.append(str(check.check).replace("_", " ") + article + remark)
    return shown
