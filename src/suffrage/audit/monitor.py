"""Watching an online election from outside: every archive only grows, and is what was published of it.

A round fetches the published heads, the new bytes of every archive, and the booth's code. It holds them against the own
copies and against everything that was published before: whoever keeps a copy can tell a fork or a loss.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from suffrage import _core
from suffrage.audit.archives import audit_archive, failures_of
from suffrage.audit.copies import Fetched, differing_from, parted, places_of, told
from suffrage.audit.fetching import NoAnswer, Server
from suffrage.audit.heads import HEADS, Published, PublishedHead, PublishedUrn, parse_heads
from suffrage.audit.watched import Folder, Remembered
from suffrage.errors import AuditError, shown
from suffrage.protocols.canonical import sha256
from suffrage.words import plural

_LARGEST_HEADS, _LARGEST_CODE = 256 << 20, 64 << 20
_FAILURES_KEPT = 20
_OPEN = ("Setup", "Ballot")

Tell = Callable[[str], None]


class Level(StrEnum):
    """How bad a finding is: something does not hold; something could not be examined; something is to be known."""

    ALARM = "alarm"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a round found, and about what: the heads, the booth or an urn."""

    level: Level
    about: str
    message: str

    def __str__(self) -> str:
        return f"{self.about}: {self.message}"


@dataclass(frozen=True, slots=True)
class Watched:
    """The own copy of an urn's archive: the height and the type of its last event, and the ballots in it."""

    uuid: str
    contest: str
    ballot: int
    height: int
    event: str
    kind: str
    ballots: int


@dataclass(frozen=True)
class Round:
    """What one round found."""

    election: str
    urns: tuple[Watched, ...]
    findings: tuple[Finding, ...]

    def any(self, level: Level) -> bool:
        """Whether something of a level was found."""
        return any(finding.level is level for finding in self.findings)


@dataclass
class _Gathered:
    findings: list[Finding] = field(default_factory=list)

    def add(self, level: Level, about: str, message: str) -> None:
        self.findings.append(Finding(level, shown(about, 100), shown(message, 600)))


class Monitor:
    """Watches the election of a server into a folder. `whole` asks for whole archives in the first round."""

    def __init__(self, server: Server, folder: Folder, whole: bool = False) -> None:
        self._server = server
        self._folder = folder
        self._whole = whole
        self._state = folder.state(server.base)
        self._done: dict[str, tuple[object, ...]] = {}
        self._shown: dict[str, Watched] = {}

    def round(self, tell: Tell = lambda now: None) -> Round:
        """Examine everything once. What is found anew is in the log and remembered before this returns."""
        found = _Gathered()
        published = self._published(found, tell)
        urns: list[Watched] = []
        if published is not None:
            for urn in published.urns:
                watched = self._urn(urn, found, tell)
                if watched is not None:
                    urns.append(watched)
            self._booth(published, found, tell)
            self._whole = False
        self._note(found.findings)
        return Round(self._state.election, tuple(urns), tuple(found.findings))

    def _note(self, findings: Sequence[Finding]) -> None:
        """Log what was not found in the round before, and remember."""
        for finding in findings:
            if str(finding) not in self._state.told:
                self._folder.log(finding.level.value, finding.about, finding.message)
        self._state.told = [str(finding) for finding in findings]
        self._folder.remember(self._state)

    # The heads

    def _published(self, found: _Gathered, tell: Tell) -> Published | None:
        tell("the published heads")
        known = self._state.urns
        try:
            data = self._server.get(HEADS, _LARGEST_HEADS)
        except NoAnswer as error:
            lost = error.gone and bool(known)
            found.add(Level.ALARM if lost else Level.WARNING, HEADS, str(error))
            return None
        except AuditError as error:
            found.add(Level.ALARM, HEADS, str(error))
            return None
        try:
            published = parse_heads(data, HEADS)
        except AuditError as error:
            kept = self._folder.evidence_of(data, HEADS)
            found.add(Level.ALARM, HEADS, f"{error.problems[0]} (kept as {kept.name})")
            return None
        if self._state.election not in ("", published.election):
            found.add(Level.ALARM, HEADS, f"is now of {published.election}, was of {self._state.election}")
            return None
        self._state.election = published.election
        there = {urn.uuid for urn in published.urns}
        for uuid in known:
            if uuid not in there:
                found.add(Level.ALARM, f"urn {uuid}", "vanished from the published heads")
        for urn in published.urns:
            self._heads(urn, known.setdefault(urn.uuid, Remembered()), data, found)
        return published

    def _heads(self, urn: PublishedUrn, seen: Remembered, data: bytes, found: _Gathered) -> None:
        """Nothing that was published vanishes; all that is published is remembered."""
        about = _name(urn)
        now = {head.essence for head in urn.heads}
        gone = [head for head in seen.heads if head.essence not in now]
        if gone:
            kept = self._folder.evidence_of(data, HEADS)
            message = f"a published head vanished: {told(gone[0])}"
            more = f", and {len(gone) - 1} more" if len(gone) > 1 else ""
            found.add(Level.ALARM, about, f"{message}{more} (kept as {kept.name})")
        for before, after in zip(urn.heads, urn.heads[1:], strict=False):
            if (after.height, after.length, after.ballots) < (before.height, before.length, before.ballots):
                found.add(Level.ALARM, about, f"a published head goes back: {told(after)} after {told(before)}")
                break
        before_that = {head.essence for head in seen.heads}
        seen.heads += [head for head in urn.heads if head.essence not in before_that]

    # The archives

    def _urn(self, urn: PublishedUrn, found: _Gathered, tell: Tell) -> Watched | None:
        about, seen = _name(urn), self._state.urns[urn.uuid]
        copy = self._folder.copy(urn.uuid)
        try:
            with self._folder.draft(urn.uuid) as draft:
                watched = self._archive(urn, seen, draft, found, tell)
        except NoAnswer as error:
            lost = error.gone and (copy.exists() or bool(seen.heads))
            if error.gone and not lost:
                return None
            found.add(Level.ALARM if lost else Level.WARNING, about, f"the archive {error}")
            return self._shown.get(urn.uuid)
        except AuditError as error:
            found.add(Level.ALARM, about, str(error.problems[0]))
            return self._shown.get(urn.uuid)
        if watched is not None:
            self._shown[urn.uuid] = watched
            self._audit(watched, about, seen, found, tell)
        return watched

    def _archive(
        self, urn: PublishedUrn, seen: Remembered, draft: Path, found: _Gathered, tell: Tell
    ) -> Watched | None:
        """Fetch what is new of an archive, hold it against the copy and the heads, and keep it if it continues it."""
        about, copy = _name(urn), self._folder.copy(urn.uuid)
        fetched = Fetched(self._server, urn.archive, copy, draft, lambda size: tell(f"{about}: {size:,} bytes"))
        given = fetched.fetch(self._whole)
        done = (fetched.size, tuple(head.essence for head in seen.heads))
        if given == copy and self._done.get(urn.uuid) == done:
            return self._shown[urn.uuid]
        tell(f"{about}: holding it together")
        places = places_of(given, seen.heads)
        if not fetched.whole and (isinstance(places, str) or _to_audit(places[0], seen)):
            # Whether it is the copy or the server that is damaged, the whole tells; so too what others will audit.
            given = fetched.fetch(whole=True)
            places = places_of(given, seen.heads)
        if isinstance(places, str):
            kept = self._folder.evidence(draft, copy.name)
            found.add(Level.ALARM, about, f"is no archive that holds together: {places} (kept as {kept.name})")
            return self._shown.get(urn.uuid)
        last, at = places
        wrong = differing_from(seen.heads, at, last)
        for message in wrong:
            found.add(Level.ALARM, about, message)
        length = last[3]
        if given == draft:
            # What stood behind that was still being written.
            os.truncate(draft, length)
            if fetched.size and (why := parted(copy, draft, fetched.size, length)):
                kept = self._folder.evidence(draft, copy.name)
                found.add(Level.ALARM, about, f"{why} (what was served is kept as {kept.name})")
                return self._shown.get(urn.uuid)
            if length > fetched.size:
                self._folder.keep(draft, urn.uuid)
                self._folder.log("grew", about, told(PublishedHead(last[0], last[1], length, last[4])))
        if not wrong:
            self._done[urn.uuid] = (length, done[1])
        return Watched(urn.uuid, urn.contest, urn.ballot, last[0], last[1], last[2], last[4])

    def _audit(self, watched: Watched, about: str, seen: Remembered, found: _Gathered, tell: Tell) -> None:
        """Audit an archive that is closed, once after each of its last events."""
        if watched.kind in _OPEN:
            return
        if seen.audited != watched.event:
            path = self._folder.copy(watched.uuid)
            report = audit_archive(path, lambda done, _: tell(f"{about}: auditing, {done:,} ballots"))
            seen.failures = [shown(failure, 300) for failure in failures_of(path, report)[:_FAILURES_KEPT]]
            seen.audited = watched.event
            verdict = "does not hold" if seen.failures else "everything holds"
            self._folder.log("audited", about, f"{verdict}, {plural(report.ballots, 'ballot')}", event=watched.event)
        for failure in seen.failures:
            found.add(Level.ALARM, about, f"the audit: {failure}")

    # The booth

    def _booth(self, published: Published, found: _Gathered, tell: Tell) -> None:
        if not published.booth_path:
            return
        tell("the booth's code")
        try:
            code = self._server.get(published.booth_path, _LARGEST_CODE)
        except NoAnswer as error:
            found.add(Level.WARNING, "booth", f"the code {error}")
            return
        except AuditError as error:
            found.add(Level.ALARM, "booth", str(error.problems[0]))
            return
        sha = sha256(code)
        kept = self._folder.evidence_of(code, "booth.js")
        if sha != published.booth_sha256:
            message = f"the code that is served has the hash {sha}, published is {published.booth_sha256}"
            found.add(Level.ALARM, "booth", f"{message} (kept as {kept.name})")
        if self._state.booth not in ("", sha):
            message = f"the code changed: its hash is {sha}, was {self._state.booth}"
            found.add(Level.NOTICE, "booth", f"{message} (both are kept in {kept.parent.name})")
        self._state.booth = sha


def _to_audit(last: _core.Place, seen: Remembered) -> bool:
    """Whether an archive is closed, and has not been audited since its last event."""
    return last[2] not in _OPEN and last[1] != seen.audited


def _name(urn: PublishedUrn) -> str:
    ballot = {1: "first ballot", 2: "second ballot", 3: "new election"}.get(urn.ballot, f"ballot {urn.ballot}")
    return f"urn {urn.uuid} ({shown(urn.contest, 40)}, {ballot})"
