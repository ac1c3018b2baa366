"""`tests/vectors/belenios.json`: made again from its seeds, checked by the plain model, and accepted by `_core`."""

from __future__ import annotations

import base64
import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from suffrage._core import (
    BeleniosError,
    SealedElection,
    audit_archive,
    check_partial_decryption,
    hash_to_field,
    pedersen_check,
    pedersen_combine,
    pedersen_route,
    pedersen_share,
    public_credential,
    tally_result,
    trustee_id,
    trustees_key,
    trustees_text,
)
from tests.belenios import witness
from tests.belenios.archives import Record, ballots, header, relinked, tar
from tests.belenios.model import (
    PREFIX,
    G,
    Q,
    Wrong,
    add,
    compact,
    derived,
    digits,
    element,
    hash_of,
    negative,
    power,
    product,
    scalar,
)
from tests.belenios.model import (
    hash_to_field as plain_hash,
)
from tests.vectors.make_belenios import FILE, WRONG, drawn


@cache
def vectors() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return found


KEPT = vectors()["kept"]["elections"]
DRAWN = vectors()["drawn"]["elections"]
BY_KIND = {item["kind"]: item for item in KEPT}


@pytest.mark.slow
def test_what_follows_from_seeds_is_made_again() -> None:
    made = drawn()
    assert set(made) == set(vectors()["drawn"])
    for name, part in made.items():
        assert part == vectors()["drawn"][name], name


def test_core_hashes_so() -> None:
    for item in vectors()["drawn"]["hash_to_field"]:
        found = hash_to_field(item["tag"].encode(), item["message"].encode(), len(item["scalars"]))
        assert found == item["scalars"]
    for item in vectors()["drawn"]["hash_group"]:
        tag = f"BELENIOS-V2-{item['purpose']}-group_hash-Ed25519-SHA256"
        message = item["message"] + ",".join(item["elements"])
        assert hash_to_field(tag.encode(), message.encode(), 1) == [item["scalar"]]


def test_core_derives_credentials_so() -> None:
    for item in vectors()["drawn"]["credentials"]:
        assert public_credential(item["uuid"], item["code"]) == item["public"]


def test_core_writes_strings_so_and_reads_them_again() -> None:
    election = DRAWN[0]["text"]
    start = election.index('"description":') + len('"description":')
    end = election.index(',"name":', start)
    for item in vectors()["drawn"]["strings"]:
        assert json.loads(item["json"]) == item["value"]
        text = election[:start] + item["json"] + election[end:]
        assert SealedElection(text.encode()).description == item["value"]


def test_core_takes_scalars_so() -> None:
    election = DRAWN[0]
    sealed, ballot = SealedElection(election["text"].encode()), election["ballots"][0]["text"]
    response = json.loads(ballot)["signature"]["response"]
    for item in vectors()["drawn"]["scalars"]:
        with pytest.raises(BeleniosError) as error:
            sealed.check(ballot.replace(response, item["text"]).encode())
        # A scalar is read, and the signature then does not hold; what is none is not even read.
        assert ("signature" in str(error.value)) == item["scalar"], item


@pytest.mark.parametrize("election", DRAWN, ids=lambda item: item["name"])
def test_core_judges_ballots_so(election: dict[str, Any]) -> None:
    sealed = SealedElection(election["text"].encode())
    assert sealed.fingerprint == election["fingerprint"]
    assert sealed.public_key == election["public_key"]
    assert [list(question) for question in sealed.questions] == [list(item.values()) for item in election["questions"]]
    for ballot in election["ballots"]:
        assert sealed.check(ballot["text"].encode()) == election["credential"]
        hashed = sha256(ballot["text"].encode())
        assert hashed.hexdigest() == ballot["sha256"]
        assert base64.b64decode(ballot["tracking_number"] + "=") == hashed.digest()
    for ballot in election["wrong"]:
        with pytest.raises(BeleniosError):
            sealed.check(ballot["text"].encode())
        with pytest.raises(Wrong):
            witness.check_ballot(election["text"].encode(), ballot["text"].encode())


def test_every_wrong_ballot_that_was_asked_for_is_there() -> None:
    assert {item["name"] for election in DRAWN for item in election["wrong"]} == set(WRONG)


@pytest.mark.parametrize("election", DRAWN, ids=lambda item: item["name"])
def test_the_private_key_opens_the_ballots(election: dict[str, Any]) -> None:
    """What a ballot says it encrypts, it does: beta / alpha^x = g^m."""
    secret = int(election["private_key"])
    for ballot in election["ballots"]:
        for answer, row in zip(json.loads(ballot["text"])["message"]["answers"], ballot["choices"], strict=True):
            for choice, value in zip(answer["choices"], row, strict=True):
                opened = add(element(choice["beta"]), negative(power(element(choice["alpha"]), secret)))
                assert digits(opened) == digits(power(G, value))


@pytest.mark.parametrize("kind", list(BY_KIND))
def test_the_archive_holds(kind: str, tmp_path: Path) -> None:
    item = BY_KIND[kind]
    data = tar([Record(record["name"], record["text"].encode()) for record in item["records"]], item["timestamp"])
    assert sha256(data).hexdigest() == item["archive_sha256"]
    assert data[:512].hex() == item["first_header"]
    assert data[:512] == header("BELENIOS", len(item["records"][0]["text"]), item["timestamp"])
    assert relinked(data, lambda found: found) == data
    path = tmp_path / "a.bel"
    path.write_bytes(data)
    report = audit_archive(path)
    assert (report.failures, report.result, report.phase) == ([], item["result"], "decrypted")
    assert (report.voters, report.total_weight) == (item["num_tallied"], item["total_weight"])
    election, keepers, rows = (item["records"][at]["text"].encode() for at in (1, 2, 3))
    weights = {row["credential"]: row.get("weight", 1) for row in json.loads(rows)}
    for ballot in ballots(data):
        witness.check_ballot(election, ballot)
    tally, count, weight = witness.tally(election, ballots(data), weights)
    assert (count, weight) == (item["num_tallied"], item["total_weight"])
    partials = [(partial["owner"], partial["text"].encode()) for partial in item["partials"]]
    assert witness.result(election, keepers, tally, partials, weight) == item["result"]
    assert witness.election_key(witness.check_trustees(keepers)) == item["public_key"] == trustees_key(keepers)
    for owner, partial in partials:
        check_partial_decryption(election, keepers, tally, owner, partial)
    made = tally_result(election, keepers, tally, weight, partials)
    assert made == compact({"result": item["result"]}).encode()


def test_the_key_ceremony_holds() -> None:
    item = BY_KIND["threshold"]
    group = item["group"]
    context, seeds = group["context"].encode(), group["seeds"]
    certificates = [text.encode() for text in group["certificates"]]
    polynomials = [text.encode() for text in group["polynomials"]]
    inputs = [text.encode() for text in group["vinputs"]]
    pedersen_check(context, certificates)
    assert pedersen_route(context, certificates, polynomials) == inputs
    outputs = [text.encode() for text in group["voutputs"]]
    made = pedersen_combine(context, certificates, polynomials, outputs)
    assert made == (group["threshold_parameters"].encode(), [text.encode() for text in group["shares"]])
    assert trustees_text([item["basic"]["parameters"].encode()], [made[0]]).decode() == item["trustees"]
    verifications = [digits(power(G, derived("derive_sk", seed))) for seed in seeds]
    needed = json.loads(context)["threshold"]
    secrets = [plain_hash(f"{PREFIX}pedersen-polynomial", seed, needed) for seed in seeds]
    for index, seed in enumerate(seeds, 1):
        pedersen_share(context, certificates, seed, inputs[index - 1])
        received = 0
        for at, (message, sender) in enumerate(
            zip(json.loads(inputs[index - 1])["secrets"], verifications, strict=True)
        ):
            secret = scalar(witness.opened("secret", message, seed, sender)["secret"])
            assert secret == sum(item * index**k for k, item in enumerate(secrets[at])) % Q
            received += secret
        share = witness.opened(
            "pedersen-decryption_key", json.loads(group["shares"][index - 1]), seed, verifications[index - 1]
        )
        assert scalar(share["decryption_key"]) == received % Q
        public = json.loads(group["voutputs"][index - 1])["public_key"]["message"]["message"]["public_key"]
        assert public == digits(power(G, received % Q))
    # The key that nobody holds is that of the sum of all polynomials at nought.
    whole = sum(polynomial[0] for polynomial in secrets) % Q
    basic = next(item for item in witness.check_trustees(item["trustees"].encode()) if item.kind == "Single")
    assert digits(product([basic.key, power(G, whole)])) == item["public_key"]


@pytest.mark.parametrize("kind", list(BY_KIND))
def test_the_single_key_is_that_of_its_seed(kind: str) -> None:
    basic = BY_KIND[kind]["basic"]
    parameters = json.loads(basic["parameters"])
    seed = basic["seed"]
    public = parameters["verification_key"]["message"]["message"]["public_key"]
    tag = f"{PREFIX}basic_key-group_hash-Ed25519-SHA256"
    assert public == digits(power(G, plain_hash(tag, seed)[0]))
    assert parameters["cert"]["message"]["verification"] == digits(power(G, derived("derive_sk", seed)))
    assert parameters["cert"]["message"]["encryption"] == digits(power(G, derived("derive_dk", seed)))
    verification = parameters["cert"]["message"]["verification"]
    assert trustee_id(basic["parameters"].encode()) == hash_of(verification)[:8].upper()
