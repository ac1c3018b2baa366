"""What an election asks next, step by step in the order of the law: read from what is stored, and never stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from suffrage.service.acts import fixing, trustees, urn_making
from suffrage.service.counting import follows
from suffrage.service.models import Credential, Election, Poll, Role, Stage
from suffrage.service.paper_places import has_paper
from suffrage.words import listed, plural


class State(StrEnum):
    """How a step stands. `waiting`: for another step, for other people, or for the clock."""

    DONE = "done"
    NOW = "now"
    WAITING = "waiting"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `link` is the page where it is done, `when` the moment by which, or at which, it happens."""

    title: str
    sentence: str
    state: State
    link: str = ""
    when: datetime | None = None


def steps(election: Election, at: datetime) -> list[Step]:
    """Every step of an election as it stands at a moment, in order."""
    polls = {poll.ballot: poll for poll in election.polls.all()}
    first = polls.get(1)
    found = [*_setting_up(election, first), *_preparing(election, first)]
    if first is not None and first.stage == Stage.PREPARED and at >= first.opens:
        found = [_late(step) for step in found]
    for poll in polls.values():
        found += _polling(election, poll, at)
    if first is not None:
        found += _afterwards(election, list(polls.values()))
    return found


def _late(step: Step) -> Step:
    if step.state is State.DONE:
        return step
    return Step(step.title, step.sentence, State.LATE, step.link, step.when)


def _state(done: bool, ready: bool = True) -> State:
    return State.DONE if done else State.NOW if ready else State.WAITING


def _setting_up(election: Election, poll: Poll | None) -> Iterator[Step]:
    said = "The hours are set." if poll else "Everything that the law counts from polling day hangs on it."
    yield Step("Set the hours of the poll", said, _state(poll is not None), "setup")
    contests = list(election.contests.prefetch_related("candidates"))
    bare = [contest.name for contest in contests if not contest.candidates.all()]
    people = sum(len(contest.candidates.all()) for contest in contests)
    if not contests:
        said = "There is no contest yet."
    elif bare:
        said = f"Nobody stands yet in {listed(bare)}."
    else:
        said = f"{plural(people, 'candidate')} in {plural(len(contests), 'contest')}."
    yield Step("Put the candidates on the ballot papers", said, _state(bool(contests) and not bare), "setup")
    yield _roll(election)
    yield _committee(election)


def _roll(election: Election) -> Step:
    number = election.electors.count()
    fewest = fixing.FEWEST_ELECTORS
    thin = [
        contest.name
        for contest in election.contests.select_related("election", "unit")
        if not election.frozen and fixing.thin(contest) is not None
    ]
    said = f"{plural(number, 'elector')} on the roll."
    if number and thin:
        said += f" An urn needs at least {fewest}: too few in {listed(thin)}."
    return Step("Put the electors on the roll", said, _state(bool(number) and not thin), "roll")


def _committee(election: Election) -> Step:
    title = "Bring the committee together"
    if election.roster_signature:
        return Step(title, "Its roster is signed by the chair.", State.DONE, "people")
    members = list(election.memberships.filter(role=Role.COMMITTEE))
    keyless = [member.name for member in members if not member.key]
    if not any(member.office == "chair" for member in members):
        return Step(title, "Invite its members; one of them is the chair.", State.NOW, "people")
    if keyless:
        return Step(title, f"No signing key yet: {listed(keyless)}.", State.NOW, "people")
    if not election.roster:
        return Step(title, "All have their keys: draw the roster.", State.NOW, "people")
    return Step(title, "The chair has to sign the roster that was drawn.", State.NOW, "people")


def _rehearsing(election: Election, phase: str) -> Iterator[Step]:
    yield _ceremony(election, phase)
    said = "An urn with known ballots is opened as the real ones will be: a lost key shows now, not afterwards."
    if election.rehearsed:
        said = "The trustees have opened an urn whose result was known."
    yield Step("Rehearse the opening", said, _state(election.rehearsed, phase == "ready"), "trustees")


def _preparing(election: Election, poll: Poll | None) -> Iterator[Step]:
    phase = trustees.phase(election)
    online = fixing.votes_online(election)
    if online:
        yield from _rehearsing(election, phase)
    lacks = [] if election.frozen else fixing.lacks(election)
    said = "Fixed: from here on nothing of them changes." if election.frozen else " ".join(lacks[:3])
    said = said or "Everything is there. It takes two persons, and cannot be undone."
    yield Step("Fix the roll and the ballot papers", said, _state(election.frozen, not lacks), "codes")
    if online:
        yield _codes(election)
    made = poll is not None and poll.stage != Stage.PREPARED
    lacks = [] if made else urn_making.lacks(election)
    if not online:
        said = "Everybody votes on paper: the poll is prepared." if made else " ".join(lacks[:3])
        said = said or "Everything is there. It takes two persons."
        yield Step("Prepare the poll", said, _state(made, not lacks), "poll", poll.opens if poll else None)
        return
    said = "The urns are made, each with its own key." if made else " ".join(lacks[:3])
    said = said or "Everything is there. It takes two persons."
    yield Step("Make the urns", said, _state(made, not lacks), "poll", poll.opens if poll else None)


def _codes(election: Election) -> Step:
    urns = list(election.urns.filter(ballot=1))
    missing = [urn for urn in urns if not urn.credentials.exists()] if not all(urn.made for urn in urns) else []
    said = "The credential authority makes one code an elector, and gives back the public lists alone."
    done = bool(urns) and not missing
    return Step("Have the codes made", "The public lists are here." if done else said, _state(done, election.frozen),
               "codes")  # fmt: skip


def _ceremony(election: Election, phase: str) -> Step:
    title = "Let the trustees make their key"
    if phase == "ready":
        return Step(title, "The key of the trustees is whole.", State.DONE, "trustees")
    number = election.memberships.filter(role=Role.TRUSTEE).count()
    if phase == "none":
        said = f"{plural(number, 'trustee')} so far, {election.threshold} of them open an urn."
        return Step(title, said, State.NOW, "trustees")
    members = trustees.trustees_of(election)
    field = {"single": "single", "certificates": "certificate", "polynomials": "polynomial", "shares": "voutput"}[phase]
    waits = [trustee.name for trustee in members if not getattr(trustee, field)]
    return Step(title, f"It waits for {listed(waits)}.", State.NOW, "trustees")


def _named(poll: Poll) -> str:
    return "the poll" if poll.ballot == 1 else "the second ballot"


def _polling(election: Election, poll: Poll, at: datetime) -> Iterator[Step]:
    name, order = _named(poll), [Stage.PREPARED, Stage.READY, Stage.CLOSED, Stage.DECRYPTED, Stage.PUBLISHED]
    come = order.index(Stage(poll.stage))
    made, closed, decrypted, published = (come >= place for place in range(1, 5))
    is_open = made and not closed and poll.opens <= at < poll.closes
    said = "It opens and closes by the clock." if not is_open else "Ballots are taken."
    if made and not closed and at >= poll.closes:
        said = "Its time is over; the clock closes its urns."
    state = State.DONE if closed else State.NOW if is_open else State.WAITING
    yield Step(f"Hold {name}", "It is closed." if closed else said, state, "poll",
               poll.closes if is_open or closed else poll.opens)  # fmt: skip
    said = "The server and enough trustees turn their keys, each on their own page."
    if election.urns.filter(ballot=poll.ballot).exists() or not election.frozen:
        yield Step(f"Open the urns of {name}", "Every urn has its result." if decrypted else said,
                   _state(decrypted, closed), "poll")  # fmt: skip
    if made and has_paper(election):
        yield _paper(election, poll, at)
    missing = unsigned(election) if decrypted and not published else []
    said = "The committees sign what was counted." if not decrypted else " ".join(missing)
    yield Step(f"Draw and sign the protocols of {name}", said or "Signed.",
               _state(published or (decrypted and not missing), decrypted), "results")  # fmt: skip
    ready = decrypted and not missing
    said = "What is published is verified from the sealed ballots up before anybody sees it."
    if poll.manifest and not poll.manifest_signature:
        said = "Prepared: the chair has to sign the manifest."
    elif poll.manifest_signature and not published:
        said = "The chair has signed: publish."
    yield Step(f"Publish the results of {name}", "They are published." if published else said,
               _state(published, ready), "results")  # fmt: skip


def _paper(election: Election, poll: Poll, at: datetime) -> Step:
    from suffrage.service.acts.paper_returns import awaited, in_force

    due, there = len(awaited(election, poll.ballot)), len(in_force(election, poll.ballot))
    said = f"{there} of {plural(due, 'return')} accepted. Each is entered by two persons apart."
    return Step("Enter the returns from paper", said, _state(there >= due, at >= poll.closes), "paper-returns")


def unsigned(election: Election) -> list[str]:
    """What the protocols lack: of one in full, of several how many they are."""
    from suffrage.service.acts.results import missing_signatures

    missing = missing_signatures(election)
    return missing if len(missing) < 2 else [f"{len(missing)} protocols lack signatures."]


def _afterwards(election: Election, polls: list[Poll]) -> Iterator[Step]:
    over = all(poll.stage == Stage.PUBLISHED for poll in polls)
    waits = follows(election) if over else []
    if waits:
        said = "; ".join(f"{item.contest.name}: {item.kind.value}" for item in waits) + "."
        days = [item.by for item in waits if item.by is not None]
        said += f" By {min(days):%Y-%m-%d} at the latest." if days else ""
        yield Step("Call what the law asks for next", said, State.NOW, "results")
    kept = Credential.objects.filter(urn__election=election).exists()
    if election.frozen and (kept or over):
        said = "Who has which public credential is erased after the time for appeals, by two persons."
        state = _state(not kept, over and not waits)
        yield Step("Erase the table of electors and credentials", "Erased." if not kept else said, state, "codes")
