"""The count of an election, remembered as long as nothing that it is made of has changed."""

from __future__ import annotations

from functools import lru_cache

from suffrage.count import ElectionCount
from suffrage.count.outcome import OutcomeKind
from suffrage.service.acts import again, results
from suffrage.service.models import Election, Stage

Key = tuple[object, ...]


@lru_cache(maxsize=8)
def _remembered(pk: int, key: Key) -> ElectionCount:
    return results.counted(Election.objects.get(pk=pk))


def count_of(election: Election) -> ElectionCount | None:
    """The count of the urns that are opened; None where none are."""
    if not election.polls.filter(stage__in=[Stage.DECRYPTED, Stage.PUBLISHED]).exists():
        return None
    urns = tuple(election.urns.filter(decrypted=True).values_list("uuid", flat=True))
    decisions = tuple(election.decisions.values_list("pk", "kind", "candidate"))
    papers = tuple(election.paper_returns.values_list("pk", flat=True))
    polls = tuple(election.polls.values_list("ballot", "closes", "stage"))
    return _remembered(election.pk, (urns, papers, decisions, polls))


def follows(election: Election) -> list[again.Due]:
    """What the law asks for after the last count, and has not been called yet."""
    counted = count_of(election)
    if counted is None or not any(
        item.outcome.kind in (OutcomeKind.SECOND_BALLOT, OutcomeKind.NEW_ELECTION) for item in counted.contests
    ):
        return []
    called = set(election.repeated_by.values_list("contests__slug", flat=True))
    second = set(election.urns.filter(ballot=2, made=True).values_list("contest__slug", flat=True))
    if election.polls.filter(ballot=2).exists():
        # Where everybody votes on paper there is no urn: the second ballots are called all at once.
        second |= set(election.contests.filter(urns=None).values_list("slug", flat=True))
    return [
        item
        for item in again.due(election)
        if item.contest.slug not in (second if item.kind is OutcomeKind.SECOND_BALLOT else called)
    ]
