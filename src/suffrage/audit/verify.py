"""`verify_bundle`: every figure of a published election counted again, on a machine that has nothing but the bundle."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import orjson

from suffrage.audit.archives import check_urns
from suffrage.audit.container import Container, check_root_signature, unpack
from suffrage.audit.protocols import compare, read_lines, replaced_protocols
from suffrage.audit.report import Failure, Findings, Report, Stage
from suffrage.audit.signatures import SignatureCheck, Signed, check_signatures
from suffrage.audit.sums import Sums
from suffrage.count import ElectionCount
from suffrage.count.folder import count_folder
from suffrage.election import Kind
from suffrage.errors import ProtocolError, SuffrageError, shown
from suffrage.law import Statute, built_in, built_in_ids, differences, extended_file, parse_statute
from suffrage.protocols.bundle import LAW, MANIFEST
from suffrage.protocols.canonical import sha256
from suffrage.protocols.draw import draw
from suffrage.protocols.keys import fingerprint
from suffrage.protocols.published import Identity
from suffrage.protocols.roster import REPLAYER, ROSTER, ROSTER_SIGNATURE, Roster, parse_roster
from suffrage.protocols.statements import read_statements
from suffrage.protocols.store import PROTOCOLS, REPLACED
from suffrage.words import plural

_NO_RULE = "no rule differs, but title, notes or articles do"

Tell = Callable[[str], None]


def verify_bundle(bundle: Path, root: str = "", law: str = "", tell: Tell = lambda now: None) -> Report:
    """Count a bundle again from the bottom up, and hold everything in it against the count.

    `root` is the fingerprint of the root key, as it was published elsewhere: with it, a bundle that somebody signed
    anew as a whole does not hold. `law` is the id of the built-in law that the one in the bundle must equal. `tell`
    hears what is being done. AuditError (exit code 2) where the file is no zip archive, LawError where `law` is
    unknown.
    """
    findings = Findings()
    with tempfile.TemporaryDirectory(prefix="suffrage-") as folder, _without_collector():
        tell("unpacking")
        container = unpack(bundle, Path(folder), findings)
        if container is None:
            return Report("", "", "", "", (), findings.in_order())
        # The arithmetic of signatures runs without the GIL, so that the count goes on beside it.
        with ThreadPoolExecutor(1) as beside:
            signed = beside.submit(check_signatures, container.folder / "protocols")
            return _Examination(container, findings, tell, signed).report(root, law)


@contextmanager
def _without_collector() -> Iterator[None]:
    """No search for cycles: among millions of small values that have none it takes a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Examination:
    def __init__(self, container: Container, findings: Findings, tell: Tell, signed: Future[Signed]) -> None:
        self.container = container
        self.folder = container.folder
        self.findings = findings
        self.tell = tell
        self.signed = signed
        self._places = count()
        self.checked = [("files", container.files)]

    def report(self, root: str, law: str) -> Report:
        own = fingerprint(self.container.root)
        if root and root != own:
            self.findings.add(Stage.ROOT, 0, "root key", f"its fingerprint is {own}, not the one that was asked for")
        statute = self._statute()
        roster = self._roster()
        judged = self._law(statute, law) if statute is not None else "cannot be read"
        counted = None
        if statute is not None:
            self.checked += check_urns(self.folder / "election", statute, self.findings, self.tell)
            counted = self._counted(statute)
        if counted is not None and roster is not None:
            self._agrees(counted, roster)
            self._protocols(counted, roster)
        failures: tuple[Failure, ...] = self.findings.in_order()
        return Report(self.container.title, self.container.kind, own, judged, tuple(self.checked), failures)

    def _input(self, record: str, reason: str) -> None:
        # In the order in which they are found.
        self.findings.add(Stage.INPUTS, next(self._places), record, reason)

    def _problems(self, error: SuffrageError, folder: str = "") -> None:
        """Note what reading a file of the bundle found; never where the bundle was unpacked."""
        home = str(self.folder / folder)
        for problem in error.problems:
            place = problem.place.removeprefix(home).removeprefix("/")
            said = str(replace(problem, place="")).replace(f"{home}/", "")
            self._input("/".join(part for part in (folder, place) if part), said)

    def _statute(self) -> Statute | None:
        try:
            text = self.container.read(LAW).decode("utf-8-sig")
            if base := extended_file(text):
                self._input(LAW, f"extends the law in another file, {shown(base)}, which no bundle holds")
                return None
            return parse_statute(text, LAW)
        except UnicodeDecodeError:
            self._input(LAW, "is not UTF-8 text")
        except SuffrageError as error:
            self._problems(error)
        return None

    def _law(self, statute: Statute, wanted: str) -> str:
        """Whether the law of the bundle is one that comes with suffrage, in words."""
        name = wanted or statute.id
        if not wanted and name not in built_in_ids():
            return f"{statute.id}: none of the laws that come with suffrage"
        if built_in(name) == statute:
            return f"{statute.id}: equal to the law that comes with suffrage"
        number = len(differences(statute, built_in(name)))
        how = plural(number, "rule differs", "rules differ") if number else _NO_RULE
        if wanted:
            self._input(LAW, f"is not the law {wanted} that comes with suffrage: {how}")
        return f"{statute.id}: not equal to the law {name} that comes with suffrage ({how})"

    def _roster(self) -> Roster | None:
        check_root_signature(self.container.root, self.folder, ROSTER, ROSTER_SIGNATURE, self.findings)
        try:
            roster = parse_roster(self.container.read(ROSTER))
        except ProtocolError as error:
            self._problems(error)
            return None
        if roster.root != self.container.root:
            self._input(ROSTER, "names another root key than the manifest")
        return roster

    def _counted(self, statute: Statute) -> ElectionCount | None:
        self.tell("counting")
        try:
            return count_folder(
                self.folder / "election",
                None,
                lambda rows: self.tell(f"counting, {rows:,} rows"),
                own=statute,
                every_return=True,
            )
        except SuffrageError as error:
            self._problems(error, "election")
        return None

    def _agrees(self, counted: ElectionCount, roster: Roster) -> None:
        """Whether manifest, roster and election speak of the same."""
        election = counted.election
        head = election.id, election.title, election.kind.value
        if head != (self.container.id, self.container.title, self.container.kind):
            self._input(MANIFEST, "names another election or kind than election.toml")
        if not election.law.endswith(".toml") and election.law != counted.statute.id:
            self._input(LAW, f"is {counted.statute.id}, but election.toml names {election.law}")
        if (roster.election, roster.kind) != (election.id, election.kind.value):
            self._input(ROSTER, "is of another election or kind than election.toml")
        if unknown := [unit for unit in roster.committees if unit and unit not in election.index.unit]:
            self._input(ROSTER, f"has a committee of an unknown unit: {unknown[0]}")
        roles = [signer.role for committee in roster.committees.values() for signer in committee.values()]
        if election.kind is Kind.REPLAY and roles != [REPLAYER]:
            self._input(ROSTER, "is of a replay, which its replayer alone signs")
        elif election.kind is not Kind.REPLAY and REPLAYER in roles:
            self._input(ROSTER, f"has a replayer, but the election is a {election.kind.value} one")

    def _protocols(self, counted: ElectionCount, roster: Roster) -> None:
        home = self.folder / "protocols"
        try:
            statements = read_statements(self.folder / "election", counted.election)
        except SuffrageError as error:
            self._problems(error, "election")
            return
        self.tell("drawing the protocols again")
        law = self.container.read(LAW)
        before = replaced_protocols(read_lines(home / REPLACED), counted.election, self.findings)
        identities = compare(draw(counted, law, statements, before), home / PROTOCOLS, before, self.findings)
        returns = sum(int(sums.reported.sum()) for sums in counted.gathered.sums.values())
        self.checked.append(("returns counted", returns))
        self.checked.append(("protocols", len(identities)))
        self._add_up(home / PROTOCOLS, identities)
        self.tell("checking the signatures")
        check = SignatureCheck(counted.election, counted.statute, roster, self.findings)
        holding = check.check(self.signed.result(), home / REPLACED, identities)
        self.checked.append(("signatures", holding))

    def _add_up(self, path: Path, identities: Mapping[str, tuple[int, Identity]]) -> None:
        """Add up what the protocols themselves say, where each is one that the count draws."""
        if self.findings.any_in([Stage.REPLACED, Stage.PROTOCOLS]):
            return
        sums = Sums(self.findings)
        for text in read_lines(path):
            sha = sha256(text)
            place, identity = identities[sha]
            sums.add(place, str(identity), sha, orjson.loads(text))
