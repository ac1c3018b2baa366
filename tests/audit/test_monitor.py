"""Watching an election from outside: what grows holds, and whatever is taken back or changed is an alarm."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from suffrage._core import ArchiveWriter
from suffrage.audit import copies
from suffrage.audit.fetching import Server
from suffrage.audit.monitor import Level, Monitor, Round
from suffrage.audit.watched import Folder, log_holds
from suffrage.errors import AuditError
from suffrage.protocols.canonical import sha256
from tests.audit.served import BOOTH, HOME, Council, Site, serving
from tests.belenios import archives


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as served:
        yield served


@pytest.fixture
def council(site: Site, tmp_path: Path) -> Council:
    return Council(tmp_path, site)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture(autouse=True)
def small_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Archives of a few ballots are smaller than what is asked for again of one."""
    monkeypatch.setattr(copies, "OVERLAP", 1024)


def monitor(site: Site, out: Path, **more: bool) -> Monitor:
    return Monitor(Server(site.url), Folder(out), **more)


def alarms(found: Round) -> list[str]:
    return [str(finding) for finding in found.findings if finding.level is Level.ALARM]


def log(out: Path) -> list[dict[str, Any]]:
    assert log_holds(out / "monitor.log")
    return [json.loads(line) for line in (out / "monitor.log").read_bytes().splitlines()]


def clean(out: Path) -> None:
    """No draft is left behind."""
    assert not [path.name for path in out.iterdir() if path.name.startswith(".")]


# What holds


@pytest.mark.parametrize("ranges", [True, False])
def test_an_archive_that_grows_is_copied_and_holds(ranges: bool, site: Site, council: Council, out: Path) -> None:
    site.ranges = ranges
    watching = monitor(site, out)
    for voters in ((), (0,), (1, 2), (), (0, 3)):
        if voters:
            council.cast(*voters)
        found = watching.round()
        assert found.findings == ()
        assert (out / f"{council.uuid}.bel").read_bytes() == council.path.read_bytes()
        clean(out)
    [urn] = found.urns
    assert (urn.contest, urn.ballots, urn.height, urn.kind) == ("council", 5, 5, "Ballot")
    assert [line["level"] for line in log(out)] == ["grew"] * 4
    # A new process knows what the one before knew.
    council.cast(4)
    assert monitor(site, out).round().findings == ()


def test_only_new_bytes_are_asked_for(site: Site, council: Council, out: Path) -> None:
    watching = monitor(site, out)
    watching.round()
    size = len(council.path.read_bytes())
    council.cast(0)
    watching.round()
    watching.round()
    asked = [wanted for path, wanted in site.requests if path == council.address]
    now = len(council.path.read_bytes())
    assert asked == ["", f"bytes={size - 1024}-", f"bytes={now - 1024}-"]
    monitor(site, out, whole=True).round()
    assert [wanted for path, wanted in site.requests if path == council.address][3:] == [""]


def test_an_event_that_is_being_written_waits_for_the_next_round(site: Site, council: Council, out: Path) -> None:
    watching = monitor(site, out)
    council.cast(0)
    whole = council.path.read_bytes()
    council.cast(1)
    after = council.path.read_bytes()
    site.files[council.address] = after[:-700]
    council.heads.pop()
    council.say()
    assert watching.round().findings == ()
    copy = out / f"{council.uuid}.bel"
    assert copy.read_bytes() == whole
    site.files[council.address] = after
    assert watching.round().findings == ()
    assert copy.read_bytes() == after


def test_an_urn_that_is_closed_is_audited_once_after_each_event(site: Site, council: Council, out: Path) -> None:
    watching = monitor(site, out)
    council.cast(*range(5))
    watching.round()
    council.made.decrypt(council.path)
    council.publish()
    assert watching.round().findings == ()
    assert watching.round().findings == ()
    audited = [line for line in log(out) if line["level"] == "audited"]
    assert [line["message"] for line in audited] == ["everything holds, 5 ballots"]
    assert audited[0]["event"] == council.heads[-1]["event"]


def test_an_urn_that_is_not_there_yet_is_no_alarm(site: Site, council: Council, out: Path) -> None:
    served = site.files.pop(council.address)
    council.heads, heads = [], council.heads
    council.say()
    watching = monitor(site, out)
    found = watching.round()
    assert (found.findings, found.urns) == ((), ())
    site.files[council.address], council.heads = served, heads
    council.say()
    assert watching.round().findings == ()


# What does not hold: an alarm, in this round and in every later one, also of a new process

Attack = Callable[[Council], None]


def rewritten(council: Council, change: Callable[[list[archives.Event]], list[archives.Event]]) -> None:
    council.site.files[council.address] = archives.relinked(council.path.read_bytes(), change)


def fork(council: Council) -> None:
    """The last ballot is another one, with everything behind it, and the heads are those of the fork."""
    rewritten(council, lambda found: [*found[:-1], archives.Event("Ballot", (council.made.ballot(5, [[0, 1, 0]]),))])


def dropped(council: Council) -> None:
    rewritten(council, lambda found: [*found[:2], *found[3:]])


def exchanged(council: Council) -> None:
    rewritten(council, lambda found: [*found[:2], found[3], found[2], *found[4:]])


def shrunk(council: Council) -> None:
    rewritten(council, lambda found: found[:-2])


def shrunk_within_an_event(council: Council) -> None:
    council.site.files[council.address] = council.path.read_bytes()[:-700]


def shrunk_to_nothing(council: Council) -> None:
    council.site.files[council.address] = b""


def begun_anew(council: Council) -> None:
    council.site.files[council.address] = archives.archive(archives.events(council.path.read_bytes()), 1_700_000_001)


def one_bit(council: Council) -> None:
    data = bytearray(council.path.read_bytes())
    data[len(data) - 600] ^= 1
    council.site.files[council.address] = bytes(data)


def garbage_behind(council: Council) -> None:
    council.site.files[council.address] = council.path.read_bytes() + b"\1" * 512


def gone(council: Council) -> None:
    del council.site.files[council.address]


def another_page(council: Council) -> None:
    council.site.files[council.address] = b"<!doctype html><title>Not here</title>"


def head_taken_back(council: Council) -> None:
    council.heads = council.heads[:-1]
    council.say()


def head_rewritten(council: Council) -> None:
    council.heads = [*council.heads[:-1], {**council.heads[-1], "event": "0" * 64}]
    council.say()


def head_of_nothing(council: Council) -> None:
    council.heads = [*council.heads, {**council.heads[-1], "height": 99, "length": 10**9, "ballots": 99}]
    council.say()


def head_with_other_figures(council: Council) -> None:
    council.heads = [*council.heads, {**council.heads[-1], "ballots": council.heads[-1]["ballots"] + 1}]
    council.say()


def heads_back(council: Council) -> None:
    council.heads = list(reversed(council.heads))
    council.say()


def urn_gone(council: Council) -> None:
    council.say(urns=[])


def other_election(council: Council) -> None:
    council.say(election="another")


def heads_gone(council: Council) -> None:
    council.site.files[f"{HOME}heads.json"] = 404


def heads_that_are_none(council: Council) -> None:
    council.site.files[f"{HOME}heads.json"] = b"<html>"


def other_code(council: Council) -> None:
    council.site.files[BOOTH] = council.code + b"steal();"


def archive_elsewhere(council: Council) -> None:
    urn = json.loads(council.site.files[f"{HOME}heads.json"])["urns"][0]  # type: ignore[arg-type]
    council.say(urns=[{**urn, "archive": f"http://localhost:1{council.address}"}])


ATTACKS: dict[Attack, str] = {
    fork: "FORK or LOSS: it parts from the own copy at height 4",
    dropped: "FORK or LOSS: the archive shrank",
    exchanged: "FORK or LOSS: it parts from the own copy at height 2",
    shrunk: "it parts from the own copy at height 3",
    shrunk_within_an_event: "it parts from the own copy at height 4",
    shrunk_to_nothing: "is no archive that holds together",
    begun_anew: "it parts from the own copy at height 0",
    one_bit: "is no archive that holds together",
    garbage_behind: "is no archive that holds together",
    gone: "the archive answers 404",
    another_page: "is no archive that holds together",
    head_taken_back: "a published head vanished: height 4",
    head_rewritten: "does not match the archive",
    head_of_nothing: "is not there: the archive ends at height 4",
    head_with_other_figures: "does not match the archive",
    heads_back: "a published head goes back",
    urn_gone: "vanished from the published heads",
    other_election: "is now of another, was of council",
    heads_gone: "heads.json: answers 404",
    heads_that_are_none: "heads.json: is not JSON",
    other_code: "booth: the code that is served has the hash",
    archive_elsewhere: "names an address on another server",
}


@pytest.mark.parametrize("ranges", [True, False], ids=["parts", "whole"])
@pytest.mark.parametrize("attack", list(ATTACKS), ids=lambda attack: attack.__name__)
def test_an_alarm_that_does_not_stop(attack: Attack, ranges: bool, site: Site, council: Council, out: Path) -> None:
    site.ranges = ranges
    council.cast(0)
    watching = monitor(site, out)
    council.cast(1, 2, 3)
    assert watching.round().findings == ()
    copy = out / f"{council.uuid}.bel"
    before = copy.read_bytes()
    attack(council)
    first = alarms(watching.round())
    assert any(ATTACKS[attack] in alarm for alarm in first), first
    assert copy.read_bytes() == before, "the own copy is never given up"
    for again in (watching, watching, monitor(site, out), monitor(site, out, whole=True)):
        assert alarms(again.round()) == first
    assert [line["message"] for line in log(out) if line["level"] == "alarm"] == [
        alarm.partition(": ")[2] for alarm in first
    ]
    clean(out)


def test_the_evidence_is_what_was_served(site: Site, council: Council, out: Path) -> None:
    council.cast(0, 1)
    watching = monitor(site, out)
    watching.round()
    fork(council)
    served = site.files[council.address]
    [alarm, *_] = [alarm for alarm in alarms(watching.round()) if "FORK" in alarm]
    [kept] = (out / "evidence").glob(f"{council.uuid}-*.bel")
    assert kept.read_bytes() == served
    assert kept.name in alarm


def test_a_fork_that_grows_with_its_own_heads_is_found(site: Site, council: Council, out: Path, tmp_path: Path) -> None:
    """The server serves another history from the first ballot on, and new heads that are true of it."""
    council.cast(0, 1)
    watching = monitor(site, out)
    watching.round()
    (tmp_path / "other").mkdir()
    other = Council(tmp_path / "other", Site(), made=council.made)
    other.cast(2, 3)
    other.cast(4, 5)
    site.files[council.address] = other.path.read_bytes()
    council.heads = other.heads
    council.say()
    found = alarms(watching.round())
    assert any("a published head vanished: height 2" in alarm for alarm in found)
    assert any("parts from the own copy at height 1" in alarm for alarm in found)
    # Whoever begins to watch now cannot know.
    assert monitor(site, out.with_name("later")).round().findings == ()


def test_a_ballot_that_does_not_hold_is_found_when_the_urn_closes(site: Site, council: Council, out: Path) -> None:
    council.cast(0, 1)
    with ArchiveWriter.open(council.path) as writer:
        writer.append_ballots([council.made.ballot(2, [[0, 0, 1]]).replace(b'"response":"', b'"response":"1', 1)])
    council.publish()
    watching = monitor(site, out)
    assert watching.round().findings == (), "the audit is for a closed urn"
    with ArchiveWriter.open(council.path) as writer:
        writer.end_ballots()
    council.publish()
    for new in (False, False, True):
        [alarm] = alarms((monitor(site, out) if new else watching).round())
        assert "the audit: height 3" in alarm
    assert len([line for line in log(out) if line["level"] == "audited"]) == 1


def test_a_bit_far_from_the_end_is_found_in_the_whole(site: Site, council: Council, out: Path) -> None:
    council.cast(0, 1, 2)
    watching = monitor(site, out)
    watching.round()

    def spoil() -> None:
        data = bytearray(council.path.read_bytes())
        data[len(data) // 2] ^= 1
        site.files[council.address] = bytes(data)

    spoil()
    assert watching.round().findings == (), "only the end is asked for again"
    assert "is no archive that holds together" in str(alarms(monitor(site, out, whole=True).round()))
    # What is audited is what the server gives, not what was kept of it earlier.
    site.files[council.address] = council.path.read_bytes()
    with ArchiveWriter.open(council.path) as writer:
        writer.end_ballots()
    council.publish()
    spoil()
    assert "is no archive that holds together" in str(alarms(watching.round()))


def test_a_damaged_copy_of_ones_own_is_said_to_be_that(site: Site, council: Council, out: Path) -> None:
    council.cast(0, 1, 2)
    monitor(site, out).round()
    copy = out / f"{council.uuid}.bel"
    data = bytearray(copy.read_bytes())
    data[len(data) // 2] ^= 1
    copy.write_bytes(data)
    found = alarms(monitor(site, out).round())
    assert any(f"the own copy {copy.name} is damaged" in alarm for alarm in found)
    assert not any("FORK" in alarm for alarm in found)


# What could not be examined, and what is only to be known


@pytest.mark.parametrize("status", [500, 503, 403, 302])
@pytest.mark.parametrize("what", ["heads", "archive", "booth"])
def test_no_answer_is_a_warning(status: int, what: str, site: Site, council: Council, out: Path) -> None:
    watching = monitor(site, out)
    watching.round()
    path = {"heads": f"{HOME}heads.json", "archive": council.address, "booth": BOOTH}[what]
    served, site.files[path] = site.files[path], status
    found = watching.round()
    assert [finding.level for finding in found.findings] == [Level.WARNING]
    assert str(status) in found.findings[0].message
    site.files[path] = served
    assert watching.round().findings == ()


def test_a_connection_that_breaks_leaves_the_copy_as_it_was(site: Site, council: Council, out: Path) -> None:
    watching = monitor(site, out)
    watching.round()
    before = (out / f"{council.uuid}.bel").read_bytes()
    council.cast(0)
    for path in (council.address, f"{HOME}heads.json", BOOTH):
        site.cut = {path: 10}
        found = watching.round()
        assert [finding.level for finding in found.findings] == [Level.WARNING]
        assert "the connection broke" in str(found.findings[0])
        if path == council.address:
            assert (out / f"{council.uuid}.bel").read_bytes() == before
        clean(out)
    site.cut = {}
    assert watching.round().findings == ()


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with serving(Site()) as site:
        url = site.url
    found = Monitor(Server(url), Folder(tmp_path / "out")).round()
    [finding] = found.findings
    assert (finding.level, "does not answer" in finding.message) == (Level.WARNING, True)


def test_other_code_that_is_published_is_told_once(site: Site, council: Council, out: Path) -> None:
    watching = monitor(site, out)
    watching.round()
    before, council.code = council.code, b"export const booth = 2;\n"
    council.publish()
    [finding] = watching.round().findings
    assert finding.level is Level.NOTICE
    assert sha256(before) in finding.message
    assert sha256(council.code) in finding.message
    assert watching.round().findings == ()
    kept = {path.read_bytes() for path in (out / "evidence").glob("booth-*.js")}
    assert kept == {before, council.code}


# The folder


def test_a_changed_line_of_the_log_is_found(site: Site, council: Council, out: Path) -> None:
    watching = monitor(site, out)
    for voter in range(3):
        council.cast(voter)
        watching.round()
    path = out / "monitor.log"
    lines = path.read_bytes().splitlines(keepends=True)
    assert log_holds(path)
    for wrong in (lines[1:], [lines[0], lines[2]], [lines[0].replace(b"grew", b"GREW"), *lines[1:]], [b"{}\n"]):
        path.write_bytes(b"".join(wrong))
        assert not log_holds(path)
    # What a crash has left of a line is cut when the next one is written.
    path.write_bytes(b"".join(lines) + lines[0][:20])
    council.cast(4)
    watching.round()
    assert len(log(out)) == 4


def test_a_folder_is_of_one_election(site: Site, council: Council, out: Path) -> None:
    monitor(site, out).round()
    with pytest.raises(AuditError, match="holds copies from another address"):
        Monitor(Server(f"{site.url}other/"), Folder(out))
    for text in (b"", b"{", b"[]", b'{"format":"suffrage-monitor/1"}'):
        (out / "state.json").write_bytes(text)
        with pytest.raises(AuditError, match="is not what a monitor remembers") as error:
            monitor(site, out)
        assert error.value.exit_code == 2


@pytest.mark.parametrize(
    "url", ["", "council", "ftp://host/", "file:///etc/passwd", "https:///e/", "http://h/?a=1", "http://h/#a"]
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(AuditError, match="is no address of an election") as error:
        Server(url)
    assert error.value.exit_code == 2
