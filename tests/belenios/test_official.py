"""The archives of the official tool: each is judged as it must be, and ours go on where they stop."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from suffrage._core import (
    ArchiveWriter,
    SealedElection,
    archive_partials,
    archive_prefix,
    archive_setup,
    archive_tally,
    audit_archive,
    check_partial_decryption,
    partial_decryption,
    pedersen_check,
    pedersen_combine,
    pedersen_id,
    pedersen_route,
    pedersen_share,
    public_credential,
    tally_result,
    trustee_id,
    trustees_key,
    trustees_text,
)
from tests.belenios import witness
from tests.belenios.archives import Event, archive, ballots, events, relinked, tar, timestamp, untar
from tests.belenios.made import encrypted_tally
from tests.belenios.model import G, Q, compact, digits, power

ELECTIONS = ("a", "b2")
# The first height at which something does not hold, in `a` and `b2`; without one, the archive holds.
TAMPERED: dict[str, tuple[int, int] | None] = {
    "t00-untampered": None,
    "t01-proof-response": (9, 6),
    "t05-ballot-removed": (101, 61),
    "t06-result-plus-one": (104, 66),
    "t08-pd-factor": (103, 63),
    "t10-reorder-different-voters-relinked": None,
    "t13-replayed-ballot": (101, 61),
    "t16-num-tallied-plus-one": (102, 62),
    "t18-response-not-reduced": (9, 6),
    "t19-truncated-no-result": None,
    "t20-resigned-control": None,
    "t21-proof-response-resigned": (9, 6),
}
RESULTS = {"a": [[26, 21, 18, 25]], "b2": [[12, 17, 13, 18]]}
VOTERS = {"a": (100, 90, 90), "b2": (60, 60, 70)}
"""Ballots, voters, credentials."""


def one(folder: Path) -> Path:
    """The archive of a folder."""
    (found,) = folder.glob("*.bel")
    return found


def secrets(folder: Path) -> Iterator[tuple[int, str, bytes | None]]:
    """The trustees' numbers, seeds and shares: a single key first, then the group in the order of its certificates."""
    (single,) = folder.glob("*.privkey")
    yield 1, json.loads(text) if (text := single.read_text().strip()).startswith('"') else text, None
    certificates = folder / "certs.jsons"
    if certificates.is_file():
        for owner, certificate in enumerate(certificates.read_bytes().splitlines(), 2):
            name = pedersen_id(certificate)
            yield owner, (folder / f"{name}.key").read_text().strip(), (folder / f"{name}.dkey").read_bytes().strip()


@pytest.mark.parametrize("election", ELECTIONS)
def test_a_complete_archive_holds(official: Path, election: str) -> None:
    path = one(official / election)
    report = audit_archive(path)
    assert report.failures == []
    assert (report.phase, report.result) == ("decrypted", RESULTS[election])
    assert (report.ballots, report.voters, report.credentials) == VOTERS[election]
    assert (report.revotes, report.total_weight) == (report.ballots - report.voters, report.voters)
    data = path.read_bytes()
    assert (report.length, report.height) == (len(data), len(events(data)) - 1)
    assert report.head == untar(data)[-1].name.split(".")[0]
    assert (report.uuid, report.weighted) == (path.stem, False)
    assert all(count > 0 for _, count in report.checks)


@pytest.mark.parametrize("election", ELECTIONS)
def test_an_open_archive_holds(official: Path, election: str) -> None:
    report = audit_archive(one(official / election / "open"))
    assert report.failures == []
    assert (report.phase, report.result) == ("open", None)
    assert (report.ballots, report.voters, report.credentials) == VOTERS[election]


@pytest.mark.parametrize("election", ELECTIONS)
@pytest.mark.parametrize("name", TAMPERED)
def test_a_tampered_archive_is_judged(official: Path, election: str, name: str) -> None:
    report = audit_archive(one(official / election / "tampered" / name))
    height = TAMPERED[name]
    if height is None:
        assert report.failures == []
    else:
        first, reason = report.failures[0]
        assert first == height[ELECTIONS.index(election)], report.failures
        assert reason


@pytest.mark.parametrize("election", ELECTIONS)
def test_every_tampered_archive_is_known(official: Path, election: str) -> None:
    assert sorted(path.name for path in (official / election / "tampered").iterdir()) == sorted(TAMPERED)


@pytest.mark.parametrize("election", ELECTIONS)
def test_the_plain_writer_gives_the_same_bytes(official: Path, election: str) -> None:
    data = one(official / election).read_bytes()
    assert relinked(data, lambda found: found) == data
    assert tar(untar(data), timestamp(data)) == data


@pytest.mark.parametrize("election", ELECTIONS)
def test_the_open_archive_is_the_beginning(official: Path, election: str) -> None:
    old, new = one(official / election / "open"), one(official / election)
    last = len(events(old.read_bytes())) - 1
    assert archive_prefix(old, new) == archive_prefix(old, old) == (last, None)
    height, reason = archive_prefix(one(official / election / "tampered" / "t20-resigned-control"), new)
    assert (height, bool(reason)) == ((9, 6)[ELECTIONS.index(election)], True)
    height, reason = archive_prefix(new, old)
    assert (height, bool(reason)) == (last + 1, True)


@pytest.mark.parametrize("election", ELECTIONS)
def test_the_witness_agrees_on_the_tally_and_the_result(official: Path, election: str) -> None:
    path = one(official / election)
    text, trustees, credentials = archive_setup(path)
    data = path.read_bytes()
    weights = {row["credential"]: row.get("weight", 1) for row in json.loads(credentials)}
    tally = witness.tally(text, ballots(data), weights)
    assert tally == archive_tally(path) == encrypted_tally(one(official / election / "open"))
    partials = archive_partials(path)
    assert witness.result(text, trustees, tally[0], partials, tally[2]) == RESULTS[election]
    assert witness.election_key(witness.check_trustees(trustees)) == trustees_key(trustees)
    assert trustees_key(trustees) == SealedElection(text).public_key
    for owner, partial in partials:
        check_partial_decryption(text, trustees, tally[0], owner, partial)
    made = tally_result(text, trustees, tally[0], tally[2], partials)
    assert made == compact({"result": RESULTS[election]}).encode()


@pytest.mark.parametrize("election", ELECTIONS)
def test_codes_give_the_credentials_of_the_list(official: Path, election: str) -> None:
    folder = official / election
    text, _, credentials = archive_setup(one(folder))
    codes = json.loads((folder / "private_creds.json").read_text())
    public = {public_credential(SealedElection(text).uuid, code) for code in codes.values()}
    assert public == {row["credential"] for row in json.loads(credentials)}


@pytest.mark.parametrize("election", ELECTIONS)
def test_the_files_of_the_key_ceremony_are_read(official: Path, election: str) -> None:
    folder = official / election
    (single,) = folder.glob("*.pubkey")
    assert trustee_id(single.read_bytes().strip()) == single.stem
    basics, thresholds = [single.read_bytes().strip()], []
    if (folder / "certs.jsons").is_file():
        context = (folder / "threshold_context.json").read_bytes().strip()
        certificates = (folder / "certs.jsons").read_bytes().splitlines()
        polynomials = (folder / "polynomials.jsons").read_bytes().splitlines()
        names = [pedersen_id(certificate) for certificate in certificates]
        pedersen_check(context, certificates)

        def files(suffix: str) -> list[bytes]:
            return [(folder / f"{name}.{suffix}").read_bytes().strip() for name in names]

        assert pedersen_route(context, certificates, polynomials) == files("vinput")
        parameters, shares = pedersen_combine(context, certificates, polynomials, files("voutput"))
        assert (parameters, shares) == ((folder / "threshold.json").read_bytes().strip(), files("dkey"))
        thresholds.append(parameters)
        for seed, given in zip(files("key"), files("vinput"), strict=True):
            pedersen_share(context, certificates, seed.decode(), given)
    assert trustees_text(basics, thresholds) == (folder / "trustees.json").read_bytes().strip()


def test_the_witness_opens_what_the_trustees_sent_each_other(official: Path) -> None:
    folder = official / "b2"
    certificates = [json.loads(text) for text in (folder / "certs.jsons").read_text().splitlines()]
    names = [pedersen_id(text) for text in (folder / "certs.jsons").read_bytes().splitlines()]
    senders = [certificate["message"]["verification"] for certificate in certificates]
    verification_keys = json.loads((folder / "threshold.json").read_text())["verification_keys"]
    for name, own, key in zip(names, senders, verification_keys, strict=True):
        seed = (folder / f"{name}.key").read_text().strip()
        received = json.loads((folder / f"{name}.vinput").read_text())["secrets"]
        secrets = [
            int(witness.opened("secret", message, seed, sender)["secret"])
            for message, sender in zip(received, senders, strict=True)
        ]
        kept = json.loads((folder / f"{name}.dkey").read_text())
        share = int(witness.opened("pedersen-decryption_key", kept, seed, own)["decryption_key"])
        assert share == sum(secrets) % Q
        assert key["message"]["message"]["public_key"] == digits(power(G, share))


@pytest.mark.parametrize("election", ELECTIONS)
def test_our_ballots_go_into_an_official_archive(official: Path, election: str, tmp_path: Path) -> None:
    folder = official / election
    path = Path(shutil.copy(one(folder / "open"), tmp_path))
    text, trustees, _ = archive_setup(path)
    sealed = SealedElection(text)
    codes = list(json.loads((folder / "private_creds.json").read_text()).items())
    # What the official voters chose, by the number of the voter; then some of them vote anew, and a new one.
    cast = dict(json.loads((folder / "choices_cast.json").read_text()))
    size = len(next(iter(cast.values()))[0])
    new = {
        voter: [[int(at == place) for at in range(size)]]
        for place, voter in enumerate([0, 5, 7, max(cast) + 1 if max(cast) + 1 < len(codes) else 9])
        if place < size
    }
    with ArchiveWriter.open(path) as writer:
        assert writer.cut == 0
        places = writer.append_ballots([sealed.seal(codes[voter][1], choices) for voter, choices in new.items()])
        assert [height for height, _ in places] == list(range(len(events(one(folder / "open").read_bytes())), 999))[
            : len(new)
        ]
        writer.end_ballots()
    cast |= new
    tally, count, weight = encrypted_tally(path)
    assert (count, weight) == (len(cast), len(cast))
    partials = [partial_decryption(text, trustees, tally, seed, share) for _, seed, share in secrets(folder)]
    assert [owner for owner, _ in partials] == [owner for owner, *_ in secrets(folder)]
    found = tally_result(text, trustees, tally, weight, partials)
    expected = [[sum(choices[0][at] for choices in cast.values()) for at in range(size)]]
    assert json.loads(found)["result"] == expected
    with ArchiveWriter.open(path) as writer:
        writer.append_encrypted_tally(tally, count, weight)
        for owner, partial in partials:
            writer.append_partial_decryption(owner, partial)
        writer.append_result(found)
    report = audit_archive(path)
    assert (report.failures, report.result, report.phase) == ([], expected, "decrypted")
    assert witness.result(text, trustees, tally, partials, weight) == expected
    assert relinked(path.read_bytes(), lambda events: events) == path.read_bytes()


@pytest.mark.parametrize("election", ELECTIONS)
def test_every_voter_chose_what_was_cast(official: Path, election: str) -> None:
    """The result is that of `choices_cast.json`, the last of each voter counting."""
    last = dict(json.loads((official / election / "choices_cast.json").read_text()))
    assert [[sum(row[0][at] for row in last.values()) for at in range(4)]] == RESULTS[election]


@pytest.mark.parametrize("election", ELECTIONS)
def test_faults_in_the_order_of_events_are_seen(official: Path, election: str, tmp_path: Path) -> None:
    data = one(official / election).read_bytes()
    found = events(data)
    cases: dict[str, list[Event]] = {
        "no result, but decryptions twice": [*found[:-1], found[-2]],
        "two results": [*found, found[-1]],
        "a ballot after the end": [*found[:-1], found[1]],
        "no end of the ballots": [event for event in found if event.kind != "EndBallots"],
        "no tally": [event for event in found if event.kind != "EncryptedTally"],
        "two set up": [found[0], *found],
        "no setup": found[1:],
        "ends twice": [*found[:-4], Event("EndBallots"), Event("EndBallots")],
    }
    for name, changed in cases.items():
        path = tmp_path / f"{name}.bel"
        path.write_bytes(archive(changed, timestamp(data)))
        assert audit_archive(path).failures, name
