"""The log in sentences: who did what, with the names of people, places and contests in place of their short names.

What was written down stays as it is, and is shown beside its sentence. An act that has no sentence here is shown by
its own words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from suffrage.service.models import Election, Role
from suffrage.service.templatetags.office import moment
from suffrage.words import grouped, listed, plural

# What somebody did, after their name. Of several, the first for which the entry says everything.
_DONE: Mapping[str, tuple[str, ...]] = {
    "begin the election": ("began the election {title}", "began this election, which repeats {repeats}"),
    "change the election": ("changed the head of the election {title}",),
    "set the hours": ("set the hours of the poll: {opens} to {closes}",),
    "add a place": ("added the place {name}",),
    "add a contest": ("added the contest {name}",),
    "add a candidate": ("put {candidate} on the ballot paper of {contest}",),
    "remove a place": ("removed the place {unit}",),
    "remove a contest": ("removed the contest {contest}",),
    "remove a candidate": ("removed the candidate {candidate}",),
    "keep the roll": ("kept the lines of a file; {electors} on the roll now",),
    "keep the roll anew": ("replaced the whole roll; {electors} on it now",),
    "invite": ("invited {name} as {role}",),
    "withdraw an invitation": ("withdrew the invitation of {name}",),
    "take up a role": ("took up the role of {role}",),
    "register a key": ("registered a signing key",),
    "draw the roster": ("drew the roster of the committee: {members}",),
    "sign the roster": ("signed the roster of the committee",),
    "begin the key ceremony": ("began the key ceremony of {trustees}; {needed} of them open an urn",),
    "begin the key ceremony anew": ("began the key ceremony anew",),
    "key ceremony": ("gave their {step} to the key ceremony",),
    "fix roll and ballot papers": ("fixed the roll and the ballot papers, with {electors}",),
    "hand the roll to the credential authority": ("took the roll of {electors} for the credential authority",),
    "take the public lists of the authority": ("took the public lists of the credential authority",),
    "begin a rehearsal of the opening": ("began a rehearsal of the opening",),
    "decrypt in the rehearsal": ("turned their key in the rehearsal",),
    "make the urns": ("made the urns of {urns}", "prepared the poll: everybody votes on paper"),
    "extend the poll": ("extended the poll of the {ballot} from {before} to {closes}",),
    "close the poll": ("closed the poll of the {ballot}",),
    "close an urn": ("closed the urn of {urn}: {ballots} by {electors}",),
    "decrypt": ("turned their key in the urn of {urn}",),
    "open an urn of few ballots": ("had the urn of {urn} opened, though it has few ballots",),
    "propose": ("proposed: {act}",),
    "confirm": ("confirmed as the second person: {act}",),
    "withdraw a proposal": ("withdrew what was proposed: {act}",),
    "draw the protocols": ("drew {protocols}",),
    "sign protocols": ("signed {protocols}",),
    "sign the manifest": ("signed the manifest of the {ballot}",),
    "prepare the publication": ("prepared the publication of the {ballot}",),
    "publish the results": ("published the results of the {ballot}",),
    "call the second ballot": ("called the second ballot in {finalists}: {opens} to {closes}",),
    "call a new election": ("called a new election in {contests}: {opens} to {closes}",),
    "move the clock": ("moved the clock by {seconds}",),
    "send a mail again": ("had a mail sent again",),
    "erase the table of electors and credentials": ("erased the table of electors and credentials",),
    "enter a return from paper": ("entered the return of {unit}: {contest}, {ballot}",),
    "two entries of a return differ": ("entered a return of {unit} that differs from the first entry",),
    "decide a return from paper": ("decided the return of {unit}, where two entries differed: {contest}, {ballot}",),
    "correct a return from paper": ("corrected the return of {unit}: {contest}, {ballot}",),
    "decide: elect": ("decided the tie for {candidate}: {contest}, {ballot}",),
    "decide: accept": ("let the figures of {unit} stand: {contest}, {ballot}", "let the figures of {contest} stand"),
    "decide: withdraw": ("noted that {candidate} leaves before the second ballot: {contest}",),
    "decide: annul": ("annulled the ballots of {unit}: {contest}, {ballot}", "annulled the {ballot} of {contest}"),
    "print the parcels of the stations": ("printed the parcels of the stations for the {ballot}",),
    "print the server's keys": ("printed the server's keys of {urns}",),
    "enter the server's key": ("entered the server's key of the urn of {urn} again",),
}

# What came about, told without whoever did the last thing for it.
_HAPPENED: Mapping[str, str] = {
    "the rehearsal has succeeded": "The rehearsal of the opening has succeeded",
    "an urn has its result": "The urn of {urn} has its result",
    "send a part of the key ceremony back": "A part of the key ceremony went back to {trustee}: {step}",
    "accept a return from paper": "The return of {unit} is accepted: {contest}, {ballot}",
}


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of the log as it is told. `who` is empty where the sentence begins with what happened.

    `facts` are what the entry says, a name and its values each, as they were written down.
    """

    number: int
    at: datetime
    who: str
    said: str
    reason: str
    facts: list[tuple[str, list[str]]]
    sha256: str
    previous: str


class Teller:
    """Tells the entries of one election."""

    def __init__(self, election: Election) -> None:
        self._zone = election.time_zone
        self._contests: dict[str, str] = dict(election.contests.values_list("slug", "name"))
        self._units: dict[str, str] = dict(election.units.values_list("slug", "name"))
        self._candidates = {
            (contest.slug, person.slug): str(person)
            for contest in election.contests.prefetch_related("candidates")
            for person in contest.candidates.all()
        }
        self._urns = {
            urn.uuid: urn.contest.name if urn.ballot == 1 else f"{urn.contest.name} (second ballot)"
            for urn in election.urns.select_related("contest")
        }

    def tell(self, entry: Mapping[str, Any]) -> Told:
        """An entry in a sentence."""
        about, act, who = entry["about"], entry["act"], entry["by"]
        # What is empty is left out, and another sentence taken.
        words = {name: self._words(name, value, about) for name, value in about.items() if value not in ([], {})}
        if act in _HAPPENED:
            said, who = _filled([_HAPPENED[act]], words), ""
        else:
            said = _filled(_DONE.get(act, ()), words)
        return Told(
            entry["number"],
            datetime.fromisoformat(entry["at"]),
            (who[:1].upper() + who[1:]) if said else f"{who}:",
            said or act,
            entry["reason"],
            [
                (name.strip("_").replace("_", " "), list(_plainly(value)))
                for name, value in (("by", entry["by"]), ("done", act), *about.items())
            ],
            entry["sha256"],
            entry["previous"],
        )

    def _words(self, name: str, value: Any, about: Mapping[str, Any]) -> str:
        """A value as it stands in a sentence."""
        if isinstance(value, Mapping):
            return listed([self._contests.get(str(key), str(key)) for key in value])
        if isinstance(value, list):
            if name == "protocols":
                return plural(len(value), "protocol")
            return listed([self._named(name.removesuffix("s"), str(item), about) for item in value])
        if name == "ballot":
            return "first ballot" if value == 1 else "second ballot"
        if name in ("electors", "ballots", "seconds"):
            return plural(int(value), name.removesuffix("s"))
        if name in ("opens", "closes", "before"):
            return moment(datetime.fromisoformat(value), self._zone)
        return grouped(value) if isinstance(value, int) else self._named(name, str(value), about)

    def _named(self, name: str, value: str, about: Mapping[str, Any]) -> str:
        """What a short name stands for; the short name itself where it is gone."""
        if name == "candidate":
            return self._candidates.get((str(about.get("contest", "")), value), value)
        if name == "role" and value in Role.values:
            office = about.get("office", "")
            return f"{Role(value).label}, {office}" if office not in ("", "member") else str(Role(value).label)
        places: Mapping[str, Mapping[str, str]] = {
            "contest": self._contests,
            "unit": self._units,
            "urn": self._urns,
        }
        return places.get(name, {}).get(value, value)


def _filled(templates: Iterable[str], words: Mapping[str, str]) -> str:
    for template in templates:
        try:
            return template.format_map(words)
        except KeyError:
            continue
    return ""


def _plainly(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        yield from (f"{name}: {', '.join(_plainly(one))}" for name, one in value.items())
    elif isinstance(value, list):
        yield from (str(one) for one in value)
    else:
        yield str(value)
