"""What the rules of a statute are called, and what their values mean, in plain words."""

from __future__ import annotations

from collections.abc import Mapping

from suffrage.law.rules import Gap

SECTIONS: Mapping[str, str] = {
    "franchise": "Who may vote",
    "chambers": "What is elected",
    "roll": "The roll of electors",
    "nomination": "Who may stand",
    "committees": "The committees",
    "voting": "Polling day",
    "ballot": "What a ballot means",
    "turnout": "How many must take part",
    "majority": "What elects in the first ballot",
    "second_ballot": "The second ballot",
    "new_election": "New elections",
    "returns": "What a return gives, and what has to add up",
    "protocols": "What the committees record",
    "afterwards": "Afterwards",
    "calendar": "The terms of the law",
}
"""The sections, in headings."""

LABELS: Mapping[str, str] = {
    "franchise.minimum_age": "Age on polling day",
    "franchise.excluded": "May not vote",
    "franchise.equal": "One elector, one vote of one weight",
    "franchise.direct": "Electors elect, not delegates",
    "franchise.secret": "The ballot is secret",
    "chambers[].seats": "Seats in all",
    "chambers[].norms[]": "Norm of representation",
    "roll.drawn_up_by": "Drawn up by",
    "roll.complaint_to": "A complaint is heard by",
    "roll.appeal_to": "An appeal is heard by",
    "roll.certificates": "Who moves takes a certificate along",
    "roll.removal": "Somebody is removed",
    "nomination.by": "Candidates are put up by",
    "nomination.consent": "The candidate must consent",
    "nomination.one_district_only": "A candidate stands in one district only",
    "nomination.not_on_committee": "No candidate is on the committee of the district",
    "nomination.requires": "Also required",
    "nomination.appeal_to": "An appeal against a refusal is heard by",
    "nomination.published": "Published of each candidate",
    "committees.made_of": "They are made up of",
    "committees.quorum": "Present must be",
    "committees.chair_breaks_tie": "The chair decides where votes are equal",
    "voting.day": "The day",
    "voting.opens": "The poll opens",
    "voting.closes": "The poll closes",
    "voting.assistance": "Help",
    "ballot.marking": "How it is marked",
    "ballot.seats": "Seats to be filled",
    "ballot.may_leave": "The most names that may be left or marked",
    "ballot.all_struck": "A ballot with every name struck out",
    "ballot.blank": "A ballot without a mark",
    "ballot.unclear": "A doubtful ballot",
    "ballot.invalid": "What makes a ballot invalid",
    "turnout.at_least": "Must take part",
    "turnout.more_than": "Must take part",
    "turnout.counted": "The figure that is compared",
    "turnout.else": "Where too few take part",
    "majority.more_than": "Elected is who has",
    "majority.thresholds[]": "And also",
    "majority.tie": "Equal votes for the last place",
    "second_ballot.finalists": "Who stands in it",
    "second_ballot.also_at_least": "Also whoever has",
    "second_ballot.minimum_candidates": "The fewest candidates in the first ballot",
    "second_ballot.within_days": "When it is held",
    "second_ballot.turnout_applies": "The minimum turnout holds again",
    "second_ballot.won_by": "Elected is who has",
    "second_ballot.withdrawal": "Where a finalist leaves",
    "second_ballot.alone_needs": "Who stands alone needs",
    "second_ballot.tie": "Equal votes",
    "new_election.no_majority": "Where nobody is elected",
    "new_election.vacancy": "Where a seat falls vacant",
    "protocols.precinct": "The protocol of a precinct states",
    "protocols.district": "The protocol of a district states",
    "protocols.signed_by": "Signed by",
    "protocols.copies_within_hours": "Copies go up",
    "afterwards.recall": "Recall",
}
"""What each rule is about; a place in a list is left out of its path."""

_TIES: Mapping[object, str] = {
    "lot": "the lot decides",
    "older": "the older candidate",
    "second-ballot": "a second ballot decides",
    "ballot-again": "the ballot is held again",
    "new-election": "a new election is held",
}

VALUES: Mapping[str, Mapping[object, str]] = {
    "ballot.marking": {
        "strike-out": "names are struck out; those left are voted for",
        "mark": "names are marked",
        "show-of-hands": "by a show of hands",
    },
    "ballot.may_leave": {"seats": "as many as there are seats", "any": "any number"},
    "ballot.all_struck": {"valid": "is valid, and counts for nobody", "invalid": "is invalid"},
    "ballot.blank": {"valid": "is valid, and counts for nobody", "invalid": "is invalid"},
    "ballot.unclear": {"committee": "the committee decides, and records it", "invalid": "is invalid"},
    "majority.tie": _TIES,
    "second_ballot.tie": _TIES,
    "second_ballot.finalists": {
        "second-highest-and-above": "all with at least the second-highest number of votes",
        "two-leaders": "the two leaders",
    },
    "second_ballot.won_by": {"most-votes": "the most votes", "majority": "the majority of the first ballot"},
    "protocols.signed_by": {
        "all-present": "all members present",
        "all": "all members",
        "majority": "more than half of the members",
        "chair-and-secretary": "the chair and the secretary",
    },
}
"""What the values of a rule mean, by its path."""

BASES: Mapping[str, str] = {
    "registered": "the electors on the roll",
    "issued": "the ballots issued",
    "took_part": "the ballots found in the box",
    "valid_ballots": "the valid ballots",
}
"""What a share is a share of."""

FOLLOWS: Mapping[str, str] = {
    "new-election": "a new election",
    "supplementary-election": "a supplementary election",
    "vacant": "the seat stays vacant",
}
"""What follows where something fails."""

LEAVES: Mapping[str, str] = {
    "other-stands-alone": "the other stands alone",
    "the-rest-stand": "the rest stand",
    "next-replaces": "the next candidate takes the place",
}
"""What happens where a finalist leaves."""

FIGURES: Mapping[str, str] = {
    "names": "votes for all names",
    "may_leave": "names that may be left",
    "all_struck": "ballots with every name struck out",
    "registered": "electors on the roll",
    "certificates": "electors on certificates",
    "issued": "ballots issued",
    "took_part": "ballots found in the box",
    "valid": "valid ballots",
    "invalid": "invalid ballots",
    "blank": "blank ballots",
    "void": "void ballots",
}
"""The figures of a return, as a sum or a check names them."""

GAPS: Mapping[Gap, str] = {Gap.SILENT: "the law is silent", Gap.NOT_APPLICABLE: "does not apply"}
"""Rules without a value."""
