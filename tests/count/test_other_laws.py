"""One ballot under the other laws: what each of them asks for that the law of 1937 does not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from suffrage.count import OutcomeKind
from suffrage.count.decide import first_ballot, second_ballot
from suffrage.law import built_in
from tests.elections import case, figures_of, tally

ELECTED, SECOND, NEW, UNDECIDED = OutcomeKind
A_WEEK, TWO_WEEKS, FOUR_WEEKS = date(1937, 12, 19), date(1937, 12, 26), date(1938, 1, 9)


class TestFranceAssembly:
    """More than half of the votes cast and a quarter of the registered; else all with an eighth of the registered."""

    law = "france-assembly"

    @pytest.mark.parametrize(
        ("votes", "registered", "kind", "who"),
        [
            ((501, 499), 2000, ELECTED, "a"),
            ((501, 499), 2004, ELECTED, "a"),  # a quarter exactly
            ((501, 499), 2005, SECOND, "ab"),
            ((500, 500), 1000, SECOND, "ab"),
            ((400, 350, 250), 2000, SECOND, "abc"),  # an eighth exactly
            ((400, 350, 250), 2001, SECOND, "ab"),
            ((300, 280, 260, 160), 1280, SECOND, "abcd"),
            ((300, 280, 260, 160), 1281, SECOND, "abc"),
            ((10, 9, 8), 1000, SECOND, "ab"),  # nobody has an eighth: the two leaders
            ((250, 10, 9), 1000, ELECTED, "a"),
            ((249, 10, 9), 1000, SECOND, "ab"),
            ((10, 9, 9), 1000, UNDECIDED, ""),  # who of the two is second, the code does not say
            ((140, 130, 130), 1000, SECOND, "abc"),  # both have an eighth: no need to say
        ],
    )
    def test_the_first_ballot(self, votes: Sequence[int], registered: int, kind: OutcomeKind, who: str) -> None:
        outcome = first_ballot(case(self.law, len(votes)), tally(votes, registered=registered))
        assert outcome.kind is kind
        assert "".join(outcome.elected or outcome.finalists) == who
        assert outcome.by == (A_WEEK if kind is SECOND else None)

    def test_nobody_has_the_majority_in_the_third_district_of_ain_in_2007(self) -> None:
        votes = (23_722, 9_018, 5_198, 2_366, 2_229, 1_636, 1_137, 796, 555, 481, 309, 2)
        totals = tally(votes, invalid=803, registered=86_694)
        assert totals.figures["valid"] == 47_449
        outcome = first_ballot(case(self.law, len(votes)), totals)
        assert (outcome.kind, outcome.finalists) == (SECOND, ("a", "b"))
        assert figures_of(outcome, "majority.more_than") == [
            {"votes": 23_722, "base": 47_449, "needed": 23_725, "short": 3}
        ]
        assert figures_of(outcome, "majority.thresholds[1]") == [
            {"votes": 23_722, "base": 86_694, "needed": 21_674, "short": 0}
        ]

    def test_who_comes_in_by_an_eighth_is_explained(self) -> None:
        outcome = first_ballot(case(self.law, 3), tally((400, 350, 250), registered=2000))
        assert figures_of(outcome, "second_ballot.also_at_least") == [
            {"votes": 250, "base": 2000, "needed": 250, "short": 0}
        ]

    def test_those_who_do_not_withdraw_stand(self) -> None:
        assert first_ballot(case(self.law, 3, withdrawn="b"), tally((400, 350, 250), registered=2000)).finalists == (
            "a",
            "c",
        )

    def test_blank_ballots_are_no_part_of_the_base(self) -> None:
        assert first_ballot(case(self.law, 2), tally((51, 49), invalid=90)).elected == ("a",)

    @pytest.mark.parametrize(
        ("born", "kind", "who"),
        [
            ({"a": date(1950, 5, 2), "b": date(1950, 5, 1)}, ELECTED, "b"),
            ({"a": date(1950, 5, 1), "b": date(1950, 5, 1)}, UNDECIDED, ""),
            ({"a": date(1950, 5, 1)}, UNDECIDED, ""),
            ({}, UNDECIDED, ""),
        ],
    )
    def test_the_older_wins_a_tie(self, born: dict[str, date], kind: OutcomeKind, who: str) -> None:
        outcome = second_ballot(case(self.law, 3, born=born), tally((40, 40, 20)))
        assert (outcome.kind, "".join(outcome.elected)) == (kind, who)
        assert bool(outcome.missing) == (kind is UNDECIDED)
        assert outcome.seats_left == (kind is UNDECIDED)
        if kind is UNDECIDED:
            assert outcome.missing == ("the birth dates of A and B",)

    def test_a_decision_takes_the_place_of_birth_dates(self) -> None:
        assert second_ballot(case(self.law, 2, chosen="b"), tally((40, 40))).elected == ("b",)

    def test_the_most_votes_win_the_second_ballot_without_any_minimum(self) -> None:
        assert second_ballot(case(self.law, 3), tally((3, 2, 2), registered=1000)).elected == ("a",)


class TestPolandPresident:
    law = "poland-president"

    def test_a_second_ballot_is_held_in_two_weeks(self) -> None:
        outcome = first_ballot(case(self.law, 3), tally((40, 35, 25), registered=1000))
        assert (outcome.kind, outcome.finalists, outcome.by) == (SECOND, ("a", "b"), TWO_WEEKS)

    def test_who_withdraws_is_replaced_and_the_day_moves_by_two_weeks(self) -> None:
        outcome = first_ballot(case(self.law, 4, withdrawn="b"), tally((40, 30, 20, 10)))
        assert (outcome.finalists, outcome.by) == (("a", "c"), FOUR_WEEKS)
        assert "B withdrew; C stands instead and the day moves by 14 days" in outcome.reasoning

    def test_both_finalists_can_be_replaced(self) -> None:
        outcome = first_ballot(case(self.law, 4, withdrawn="ab"), tally((40, 30, 20, 10)))
        assert (outcome.finalists, outcome.by) == (("c", "d"), FOUR_WEEKS)

    def test_who_left_as_well_does_not_replace(self) -> None:
        assert first_ballot(case(self.law, 4, withdrawn="bc"), tally((40, 30, 20, 10))).finalists == ("a", "d")

    def test_with_nobody_to_replace_the_day_stays(self) -> None:
        outcome = first_ballot(case(self.law, 2, withdrawn="b"), tally((50, 50)))
        assert (outcome.finalists, outcome.by) == (("a",), TWO_WEEKS)

    def test_it_is_not_said_who_of_two_equals_replaces(self) -> None:
        outcome = first_ballot(case(self.law, 4, withdrawn="b"), tally((40, 30, 15, 15)))
        assert outcome.kind is UNDECIDED
        assert outcome.missing == ("who of C and D replaces B",)
        assert outcome.seats_left == 1

    def test_the_law_is_silent_on_a_tie_for_the_second_place(self) -> None:
        outcome = first_ballot(case(self.law, 3), tally((40, 30, 30)))
        assert (outcome.kind, outcome.elected, outcome.finalists) == (UNDECIDED, (), ())
        assert outcome.missing == ("a decision between B and C: the law is silent on this tie",)

    def test_such_a_tie_can_be_decided(self) -> None:
        assert first_ballot(case(self.law, 3, chosen="c"), tally((40, 30, 30))).finalists == ("a", "c")

    def test_the_law_is_silent_on_a_tie_in_the_second_ballot(self) -> None:
        assert second_ballot(case(self.law, 2), tally((40, 40))).kind is UNDECIDED

    def test_who_stands_alone_needs_more_than_half_of_the_valid_ballots(self) -> None:
        assert second_ballot(case(self.law, 1), tally((51,), valid=100)).elected == ("a",)
        assert second_ballot(case(self.law, 1), tally((50,), valid=100)).kind is UNDECIDED


class TestPoland1989:
    """Strike-out ballots; the national list is a variant: every name needs more than half, and no second ballot."""

    law = "poland-1989"
    country = built_in("poland-1989").rules_for("national-list")

    def test_a_district_has_a_second_ballot_of_the_two_leaders(self) -> None:
        outcome = first_ballot(case(self.law, 3), tally((50, 30, 20), registered=1000))
        assert (outcome.kind, outcome.finalists, outcome.by) == (SECOND, ("a", "b"), TWO_WEEKS)

    def test_of_the_national_list_two_were_elected(self) -> None:
        # 35 names for 35 seats, about half of the ballots cross all of them out.
        votes = (51, 51, *range(50, 17, -1))
        outcome = first_ballot(case(self.country, 35, seats=35), tally(votes, valid=100))
        assert (outcome.kind, outcome.elected, outcome.follows) == (ELECTED, ("a", "b"), "vacant")
        assert outcome.seats_left == 33
        assert "33 seats stay vacant" in outcome.reasoning

    def test_of_the_national_list_all_can_be_elected(self) -> None:
        outcome = first_ballot(case(self.country, 35, seats=35), tally(tuple(range(60, 95)), valid=100))
        assert (outcome.kind, len(outcome.elected), outcome.seats_left) == (ELECTED, 35, 0)
        assert outcome.elected[0] == "n34"  # the most votes first

    def test_of_the_national_list_nobody_need_be_elected(self) -> None:
        outcome = first_ballot(case(self.country, 2, seats=2), tally((50, 50), valid=100))
        assert (outcome.elected, outcome.follows, outcome.seats_left) == ((), "vacant", 2)


class TestUssr1989:
    law = "ussr-1989"

    @pytest.mark.parametrize(
        ("votes", "struck", "invalid", "kind", "who"),
        [
            ((51, 29), 20, 0, ELECTED, "a"),
            ((50, 30), 20, 0, NEW, ""),  # two stood: no second ballot
            ((50,), 50, 0, NEW, ""),
            ((50, 49), 0, 1, NEW, ""),  # half of who took part, invalid ballots among them
            ((51, 48), 0, 1, ELECTED, "a"),
            ((40, 30, 20), 10, 0, SECOND, "ab"),
            ((40, 30, 30), 0, 0, UNDECIDED, ""),
        ],
    )
    def test_the_first_ballot(
        self, votes: Sequence[int], struck: int, invalid: int, kind: OutcomeKind, who: str
    ) -> None:
        outcome = first_ballot(case(self.law, len(votes)), tally(votes, struck=struck, invalid=invalid))
        assert (outcome.kind, "".join(outcome.elected or outcome.finalists)) == (kind, who)
        assert outcome.by == {NEW: date(1938, 2, 10), SECOND: TWO_WEEKS}.get(kind)

    def test_the_turnout_is_at_least_half(self) -> None:
        assert first_ballot(case(self.law, 1), tally((50,), registered=100)).kind is ELECTED
        assert first_ballot(case(self.law, 1), tally((50,), registered=101)).kind is NEW


class TestUkraine1994:
    law = "ukraine-1994"

    def test_the_second_ballot_asks_for_a_majority_and_a_turnout(self) -> None:
        assert second_ballot(case(self.law, 2), tally((51, 40), struck=9)).elected == ("a",)
        assert second_ballot(case(self.law, 2), tally((50, 40), struck=10)).kind is NEW
        assert second_ballot(case(self.law, 2), tally((51, 40), registered=200)).kind is NEW

    def test_the_new_election_has_no_last_day(self) -> None:
        outcome = first_ballot(case(self.law, 2), tally((50, 50)))
        assert (outcome.kind, outcome.follows, outcome.by) == (NEW, "new-election", None)


class TestVietnam2015:
    """Several seats; more than half of the valid ballots, most votes first; no second ballot."""

    law = "vietnam-2015"

    @pytest.mark.parametrize(
        ("votes", "kind", "who", "left"),
        [
            ((80, 70, 40), ELECTED, "ab", 0),
            ((40, 70, 80), ELECTED, "cb", 0),
            ((80, 75, 70), ELECTED, "ab", 0),  # three have the majority, two seats
            ((80, 50, 49), NEW, "a", 1),  # half is no majority
            ((50, 50, 50), NEW, "", 2),
            ((80, 60, 60), UNDECIDED, "a", 1),  # a tie for the last seat, and no birth dates
            ((70, 70, 60), ELECTED, "ab", 0),  # a tie for nothing
            ((50, 49, 49), NEW, "", 2),
        ],
    )
    def test_two_seats(self, votes: Sequence[int], kind: OutcomeKind, who: str, left: int) -> None:
        outcome = first_ballot(case(self.law, len(votes), seats=2), tally(votes, valid=100))
        assert (outcome.kind, "".join(outcome.elected), outcome.seats_left) == (kind, who, left)
        if kind is NEW:
            assert outcome.follows == "supplementary-election"
            assert outcome.by == date(1937, 12, 27)
            assert [step.article for step in outcome.steps if step.rule == "new_election.no_majority"] == ["79"]

    def test_the_older_takes_the_last_seat(self) -> None:
        born = {"b": date(1970, 1, 2), "c": date(1970, 1, 1)}
        outcome = first_ballot(case(self.law, 3, seats=2, born=born), tally((80, 60, 60), valid=100))
        assert outcome.elected == ("a", "c")

    def test_the_turnout_is_more_than_half(self) -> None:
        for registered, kind in ((200, NEW), (199, ELECTED)):
            outcome = first_ballot(case(self.law, 2), tally((80, 20), valid=100, registered=registered))
            assert outcome.kind is kind
            assert figures_of(outcome, "turnout.more_than")[0]["needed"] == registered // 2 + 1

    def test_a_failed_turnout_leaves_every_seat(self) -> None:
        outcome = first_ballot(case(self.law, 3, seats=2), tally((80, 20, 10), valid=100, registered=300))
        assert (outcome.kind, outcome.elected, outcome.seats_left) == (NEW, (), 2)
        assert outcome.follows == "new-election"

    def test_a_ballot_with_every_name_struck_is_invalid(self) -> None:
        assert built_in(self.law).ballot.none_left == "invalid"


class TestCubaMunicipal:
    law = "cuba-municipal"

    @pytest.mark.parametrize(
        ("votes", "kind", "who"),
        [
            ((51, 49), ELECTED, "a"),
            ((50, 50), SECOND, "ab"),
            ((40, 30, 30), SECOND, "abc"),
            ((40, 40, 10), SECOND, "ab"),
            ((50,), ELECTED, "a"),
        ],
    )
    def test_the_first_ballot(self, votes: Sequence[int], kind: OutcomeKind, who: str) -> None:
        outcome = first_ballot(case(self.law, len(votes)), tally(votes, invalid=500, registered=9000))
        assert (outcome.kind, "".join(outcome.elected or outcome.finalists)) == (kind, who)
        assert outcome.by == (date(1937, 12, 22) if kind is SECOND else None)

    def test_those_who_tie_are_voted_on_again(self) -> None:
        outcome = second_ballot(case(self.law, 3), tally((40, 40, 20)))
        assert (outcome.kind, outcome.finalists, outcome.seats_left) == (SECOND, ("a", "b"), 1)
        assert outcome.by == date(1937, 12, 22)

    def test_of_several_seats_only_the_last_is_voted_on_again(self) -> None:
        outcome = second_ballot(case(self.law, 3, seats=2), tally((50, 40, 40), valid=100))
        assert (outcome.kind, outcome.elected, outcome.finalists) == (SECOND, ("a",), ("b", "c"))
        assert outcome.seats_left == 1

    def test_the_most_votes_win_the_second_ballot(self) -> None:
        assert second_ballot(case(self.law, 3), tally((35, 33, 32))).elected == ("a",)

    def test_the_law_is_silent_on_withdrawals(self) -> None:
        outcome = first_ballot(case(self.law, 3, withdrawn="b"), tally((40, 30, 20)))
        assert outcome.missing == ("the law is silent on the withdrawal of B",)


class TestPlurality:
    law = "plurality"

    @pytest.mark.parametrize(
        ("votes", "seats", "kind", "who"),
        [
            ((3, 2, 2), 1, ELECTED, "a"),
            ((1, 0), 1, ELECTED, "a"),
            ((3, 2, 1), 2, ELECTED, "ab"),
            ((3, 3, 1), 2, ELECTED, "ab"),
            ((3, 3), 1, UNDECIDED, ""),
            ((3, 2, 2), 2, UNDECIDED, "a"),
            ((0, 0), 1, NEW, ""),
            ((3, 0), 2, NEW, "a"),
            ((), 1, NEW, ""),
        ],
    )
    def test_the_most_votes_elect(self, votes: Sequence[int], seats: int, kind: OutcomeKind, who: str) -> None:
        outcome = first_ballot(case(self.law, len(votes), seats=seats), tally(votes, valid=10, registered=1000))
        assert (outcome.kind, "".join(outcome.elected)) == (kind, who)
        assert outcome.seats_left == seats - len(who)
        assert outcome.by == (date(1938, 2, 10) if kind is NEW else None)

    def test_the_lot_is_a_recorded_decision(self) -> None:
        waiting = first_ballot(case(self.law, 3), tally((3, 3, 1)))
        assert waiting.missing == ("the lot between A and B",)
        assert [(step.rule, step.holds) for step in waiting.steps] == [
            ("majority.more_than", True),
            ("majority.tie", False),
            ("undecided", False),
        ]
        assert first_ballot(case(self.law, 3, chosen="b"), tally((3, 3, 1))).elected == ("b",)

    @pytest.mark.parametrize("chosen", ["c", "ab", "abc"])
    def test_a_lot_for_others_or_for_too_many_decides_nothing(self, chosen: str) -> None:
        assert first_ballot(case(self.law, 3, chosen=chosen), tally((3, 3, 1))).kind is UNDECIDED

    def test_the_lot_cannot_unseat_the_leader(self) -> None:
        assert first_ballot(case(self.law, 3, chosen="b"), tally((4, 3, 1))).elected == ("a",)

    def test_without_any_vote_no_rule_holds(self) -> None:
        steps = first_ballot(case(self.law, 2), tally((0, 0))).steps
        assert [(step.rule, step.holds) for step in steps][:1] == [("majority.more_than", False)]
        nobody = first_ballot(case(self.law, 0), tally(())).steps[0]
        assert (nobody.rule, nobody.holds) == ("candidates", False)

    def test_the_lead_is_told(self) -> None:
        outcome = first_ballot(case(self.law, 3), tally((3, 9, 4)))
        assert figures_of(outcome, "majority.more_than") == [{"votes": 9, "next": 4, "lead": 5}]


class TestApprovalMajority:
    """An elector marks any number of names: several can have more than half, and the most votes elect."""

    law = "approval-majority"

    @pytest.mark.parametrize(
        ("votes", "kind", "who"),
        [
            ((70, 60, 55), ELECTED, "a"),
            ((60, 70, 10), ELECTED, "b"),
            ((60, 60, 10), UNDECIDED, ""),
            ((50, 50, 40), SECOND, "ab"),
            ((50, 40, 40), UNDECIDED, ""),
        ],
    )
    def test_the_first_ballot(self, votes: Sequence[int], kind: OutcomeKind, who: str) -> None:
        outcome = first_ballot(case(self.law, len(votes)), tally(votes, valid=100, registered=1000))
        assert (outcome.kind, "".join(outcome.elected or outcome.finalists)) == (kind, who)

    def test_everybody_with_more_than_half_is_explained(self) -> None:
        outcome = first_ballot(case(self.law, 3), tally((70, 60, 40), valid=100))
        assert [figures["votes"] for figures in figures_of(outcome, "majority.more_than")] == [70, 60]

    def test_the_lot_decides_a_tie_for_the_second_place(self) -> None:
        assert first_ballot(case(self.law, 3, chosen="c"), tally((50, 40, 40), valid=100)).finalists == ("a", "c")


def test_a_law_that_does_not_say_what_elects_decides_nothing() -> None:
    outcome = first_ballot(case("ussr-1924", 2), tally((60, 40)))
    assert outcome.missing == ("the law does not say what elects",)
    assert outcome.seats_left == 1


@pytest.mark.parametrize("law", ["france-president", "poland-president"])
def test_presidents_need_more_than_half_of_the_valid_votes(law: str) -> None:
    assert first_ballot(case(law, 2), tally((51, 50), invalid=100)).elected == ("a",)
    assert first_ballot(case(law, 2), tally((50, 50))).finalists == ("a", "b")
