"""A decision that changes nothing is said, so that nobody takes it for applied."""

from pathlib import Path

import pytest

from suffrage.count import Finding, count_folder


def counted(folder: Path, law: str, votes: str, decision: str) -> tuple[Finding, ...]:
    (folder / "election.toml").write_text(
        f'id = "e"\ntitle = "E"\nlaw = "{law}"\nkind = "demo"\n[[contests]]\nunit = "d"\n'
    )
    (folder / "units.csv").write_text("id,registered\nd,100\n")
    (folder / "candidates.csv").write_text("id,surname\na,A\nb,B\nc,C\n")
    (folder / "returns.csv").write_text(f"unit,invalid,valid,a,b,c\nd,0,{sum(map(int, votes.split(',')))},{votes}\n")
    (folder / "decisions.csv").write_text(f"id,kind,ballot,candidate\n{decision}\n")
    return count_folder(folder).findings


@pytest.mark.parametrize(
    ("law", "votes", "decision", "said"),
    [
        ("ussr-1937", "40,30,10", "w1,withdraw,2,c", "decision w1: the withdrawal of a candidate who is no finalist"),
        ("ussr-1937", "60,30,10", "w2,withdraw,2,b", "decision w2: the withdrawal of a candidate who is no finalist"),
        ("plurality", "40,30,10", "l1,elect,1,a", "decision l1: the choice of a candidate who is in no tie"),
        ("plurality", "40,40,10", "l2,elect,1,c", ""),
    ],
)
def test_an_idle_decision_is_a_remark(tmp_path: Path, law: str, votes: str, decision: str, said: str) -> None:
    remarks = [str(finding) for finding in counted(tmp_path, law, votes, decision)]
    assert [said in remark for remark in remarks] == [True] * bool(said)


@pytest.mark.parametrize(
    ("law", "votes", "decision"),
    [("ussr-1937", "40,30,10", "w,withdraw,2,b"), ("plurality", "40,40,10", "l,elect,1,b")],
)
def test_a_decision_that_is_applied_is_no_remark(tmp_path: Path, law: str, votes: str, decision: str) -> None:
    assert counted(tmp_path, law, votes, decision) == ()
