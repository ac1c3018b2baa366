"""Makes `tests/vectors/belenios.json`: `python -m tests.vectors.make_belenios`, from the root of the repository.

The file holds inputs and outputs of every hash, proof and record of a sealed election, for programs in any language.
`drawn` is what follows from seeds alone, through the plain model: `tests/belenios/test_vectors.py` makes it again and
compares. `kept` is what a random source went into, through `_core` (key ceremony, decryption, archive): the test checks
it with the model, and this program leaves it as it is unless it is called with `--new`.

Every code, seed and key in the file was made for it, and is secret to nobody.
"""

from __future__ import annotations

import base64
import json
import sys
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from suffrage._core import (
    ArchiveWriter,
    SealedElection,
    election_text,
    new_trustee,
    partial_decryption,
    pedersen_certificate,
    pedersen_combine,
    pedersen_polynomial,
    pedersen_route,
    pedersen_share,
    tally_result,
    trustees_key,
    trustees_text,
)
from tests.belenios.archives import untar
from tests.belenios.ballot_mutants import NON_CANONICAL, OFF_THE_CURVE, SMALL, mutants
from tests.belenios.forge import TORSION, drawing, public, seal, sign
from tests.belenios.made import NAMES, TIMESTAMP, Question, encrypted_tally, every_choice
from tests.belenios.model import (
    G,
    Q,
    Wrong,
    add,
    compact,
    derived,
    digits,
    element,
    hash_group,
    hash_of,
    hash_to_field,
    negative,
    power,
)
from tests.belenios.witness import check_ballot

FILE = Path(__file__).with_name("belenios.json")
SEEDS = ("1111111111111111111111", "ThisSeedwasmadeforthevectorsandsecrettonobody1", "z" * 44)
UUIDS = ("VectorsVectors", "11111111111111", "zzzzzzzzzzzzzzzzzzzz")
CODES = ("VECTS-SECRET-TNBDY-111111", "abcde-fghijk-mnopq-rstuvw", "11111-111111-11111-111111")
TEXTS = (
    *("", "plain", 'a "quote"', "back\\slash", "a/slash", "line\nend", "\r\n\t\b\f", "\x00\x01\x1f\x7f", "</script>"),
    *(
        "Жінка",
        "日本語",
        "😀 beyond the first plane",
        "e\u0301 and \u00e9",
        "\u2028\u2029",
        "\ufeff",
        "\u0080\u009f\u00ad",
    ),
)
MESSAGES = ("", "abc", "q" * 200, "Жінка|😀")
TAGS = ("BELENIOS-V2-derive_credential-SHA256", "BELENIOS-V2-pedersen-polynomial", "x")
ELECTIONS: dict[str, list[Question]] = {
    "0 or 1": [(["Ada"], False, 0, 1, "For Ada?")],
    "one of three": [(["Ada", "Bob", "Cleo"], False, 1, 1, "Whom?")],
    "two or three of four": [(NAMES[:4], False, 2, 3, "Which?")],
    "blank or one": [(["Yes", "No"], True, 1, 1, 'Shall "it" be?')],
    "two seats of five, or none": [(NAMES[:5], True, 1, 2, "Зачеркните")],
    "nobody need be chosen": [(["Ada", "Bob"], False, 0, 2, "Any?")],
    "two questions": [(["Ada", "Bob"], False, 0, 1, "First\nline"), (["Yes", "No"], True, 1, 1, "😀")],
}
WITH_WRONG = ("0 or 1", "blank or one")
WRONG = (
    *("spaces", "line end", "message twice", "escaped digit", "first 10 bytes"),
    *("signature.response: not reduced", "signature.challenge: plus one", "signature.response: leading zero"),
    *("credential: identity (signed anew)", "credential: next element (signed anew)", "credential: upper case"),
    *("election_hash: other hash (signed anew)", "election_uuid: other identifier (signed anew)"),
    "answers.0.choices.0.alpha: of mixed order, 2 (signed anew)",
    "answers.0.choices.0.beta: of mixed order, 8 (signed anew)",
    "answers.0.choices.0.alpha: next element (signed anew)",
    "answers.0.choices.0.beta: identity, y not reduced (signed anew)",
    "answers.0.choices.0.beta: not on the curve (signed anew)",
    "answers.0.individual_proofs.0.0.challenge: plus one (signed anew)",
    "answers.0.individual_proofs.0.1.response: not reduced (signed anew)",
    "answers.0.individual_proofs.0: swapped (signed anew)",
    "answers.0.individual_proofs: one less (signed anew)",
    "answers.0.overall_proof.0.response: plus one (signed anew)",
    "answers.0.overall_proof: the first twice (signed anew)",
    "answers.0.blank_proof.0.response: plus one (signed anew)",
    "answers.0.blank_proof.1.challenge: negated (signed anew)",
    "answers.0.choices: swapped (signed anew)",
    "exchanged: alpha and beta (signed anew)",
)


def hashes() -> list[dict[str, Any]]:
    """`HashToField`, with the whole tag."""
    return [
        {"tag": tag, "message": message, "scalars": [str(found) for found in hash_to_field(tag, message, count)]}
        for tag in TAGS
        for message in MESSAGES
        for count in (1, 3)
    ]


def group_hashes() -> list[dict[str, Any]]:
    """`HashGroup`: the purpose is the tag without `BELENIOS-V2-` in front and the group behind."""
    elements = [public(exponent) for exponent in (1, 2, 77)]
    return [
        {
            "purpose": purpose,
            "message": message,
            "elements": elements[:count],
            "scalar": str(hash_group(purpose, message, elements[:count])),
        }
        for purpose in ("prove", "bproof0", "bproof1", "ballot", "decrypt", "basic_key")
        for message in MESSAGES[:3]
        for count in (0, 1, 3)
    ]


def points() -> list[dict[str, Any]]:
    """Encodings, and whether each is an element of the group (the identity is one, and is no key)."""
    named = {
        "identity": f"{1:064x}",
        **{f"g^{exponent}": public(exponent) for exponent in (1, 2, 3, Q - 1, 2**128)},
        **{f"g^5 and a point of order {order}": digits(add(power(G, 5), point)) for order, point in TORSION.items()},
        **{f"a point {name}": text for name, text in SMALL.items()},
        **NON_CANONICAL,
        "off the curve": OFF_THE_CURVE,
        "upper case": public(77).upper(),
        "a digit less": public(77)[1:],
    }
    return [{"name": name, "hex": text, "element": of_the_group(text)} for name, text in named.items()]


def of_the_group(text: str) -> bool:
    try:
        element(text)
    except Wrong:
        return False
    return True


def arithmetic() -> list[dict[str, str]]:
    """Powers, products and quotients."""
    draw, found = drawing("arithmetic"), []
    for exponent in (1, 2, Q - 1, 2**255 % Q, *(draw() for _ in range(4))):
        other = draw()
        one, two = power(G, exponent), power(G, other)
        found.append(
            {
                "a": str(exponent),
                "b": str(other),
                "g^a": digits(one),
                "g^b": digits(two),
                "(g^a)^b": digits(power(one, other)),
                "product": digits(add(one, two)),
                "quotient": digits(add(one, negative(two))),
                "a+b": str((exponent + other) % Q),
                "a*b": str(exponent * other % Q),
            }
        )
    return found


def scalars() -> list[dict[str, Any]]:
    """Texts, and whether each is a scalar."""
    good = ["0", "1", "10", str(Q - 1), str(2**251)]
    bad = ["", "00", "01", str(Q), str(Q + 1), str(2**256), "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "ff", "١"]
    return [{"text": text, "scalar": text in good} for text in good + bad]


def credentials() -> list[dict[str, str]]:
    """The secret exponent and the public credential of codes."""
    found = []
    for uuid in UUIDS:
        for code in CODES:
            secret = derived("derive_credential", f"{uuid}|{code}")
            found.append({"uuid": uuid, "code": code, "secret": str(secret), "public": public(secret)})
    return found


def seeds() -> list[dict[str, Any]]:
    """What a trustee's seed gives."""
    found = []
    for seed in SEEDS:
        signing, decryption = derived("derive_sk", seed), derived("derive_dk", seed)
        basic, polynomial = hash_group("basic_key", seed), hash_to_field("BELENIOS-V2-pedersen-polynomial", seed, 3)
        found.append(
            {
                "seed": seed,
                "signing_key": str(signing),
                "verification": public(signing),
                "decryption_key": str(decryption),
                "encryption": public(decryption),
                "basic_key": str(basic),
                "basic_public_key": public(basic),
                "basic_id": hash_of(public(signing))[:8].upper(),
                "polynomial": [str(item) for item in polynomial],
                "coefexps": [public(item) for item in polynomial],
            }
        )
    return found


def signatures() -> list[dict[str, Any]]:
    """Section "Signing", with the nonce."""
    found = []
    for purpose in ("ballot", "verification_key", "pedersen-cert"):
        for message in ("text", {"a": [1, "é"], "b": None}):
            draw = drawing(f"signature {purpose} {message}")
            secret, nonce = draw(), draw()
            signature = sign(purpose, secret, message, iter([nonce]).__next__)
            found.append(
                {
                    "purpose": purpose,
                    "secret": str(secret),
                    "key": public(secret),
                    "nonce": str(nonce),
                    "message": compact(message),
                    **signature,
                }
            )
    return found


def told(ballot: bytes) -> dict[str, str]:
    """A ballot with its hash and the tracking number that voters see."""
    hashed = sha256(ballot)
    tracking = base64.b64encode(hashed.digest()).decode().rstrip("=")
    return {"text": ballot.decode(), "sha256": hashed.hexdigest(), "tracking_number": tracking}


def judged(election: bytes, ballot: bytes) -> dict[str, Any]:
    """A sound ballot with every string that is hashed on the way and every hash that comes of it."""
    checked = check_ballot(election, ballot)
    return {
        **told(ballot),
        "verdict": True,
        "S0": checked.start,
        "S": list(checked.strings),
        "challenges": [str(challenge) for challenge in checked.challenges],
    }


def elections() -> Iterator[dict[str, Any]]:
    """Elections of each kind, with sound ballots and wrong ones."""
    for name, questions in ELECTIONS.items():
        draw = drawing(f"election {name}")
        secret, uuid, code = draw(), UUIDS[0], CODES[0]
        text = election_text(uuid, name, TEXTS[9], questions, TEXTS[2], TEXTS[3], public(secret))
        exponent = derived("derive_credential", f"{uuid}|{code}")
        votes = [list(every_choice(question)) for question in questions]
        cast = [[rows[0] for rows in votes], [rows[-1] for rows in votes]]
        sound = [seal(text, exponent, choices, draw) for choices in cast]
        wrong = {}
        if name in WITH_WRONG:
            wrong = {what: ballot for what, ballot in mutants(sound[0], exponent) if what in WRONG}
        yield {
            "name": name,
            "text": text.decode(),
            "fingerprint": hash_of(text),
            "uuid": uuid,
            "code": code,
            "credential": public(exponent),
            "private_key": str(secret),
            "public_key": public(secret),
            "questions": [
                {"answers": answers, "blank": blank, "min": low, "max": high, "question": asked}
                for answers, blank, low, high, asked in questions
            ],
            "ballots": [
                {"choices": choices, **judged(text, ballot)} for choices, ballot in zip(cast, sound, strict=True)
            ],
            # A text that is no UTF-8, or none, cannot be written here.
            "wrong": [{"name": what, "text": ballot.decode(), "verdict": False} for what, ballot in wrong.items()],
        }


def drawn() -> dict[str, Any]:
    """Everything that follows from seeds alone."""
    return {
        "hash_to_field": hashes(),
        "hash_group": group_hashes(),
        "points": points(),
        "arithmetic": arithmetic(),
        "scalars": scalars(),
        "strings": [{"value": text, "json": written(text)} for text in TEXTS],
        "credentials": credentials(),
        "seeds": seeds(),
        "signatures": signatures(),
        "elections": list(elections()),
    }


def written(text: str) -> str:
    """A string as `_core` writes it, in the description of an election."""
    election = election_text(UUIDS[0], "", text, ELECTIONS["0 or 1"], "", "", public(1)).decode()
    start = election.index('"description":') + len('"description":')
    return election[start : election.index(',"name":""', start)]


def ceremony(needed: int, names: list[str]) -> dict[str, Any]:
    """All the files of a threshold group."""
    context = compact({"algorithm": "AES-GCM", "group": "Ed25519", "names": names, "threshold": needed}).encode()
    made = [pedersen_certificate(context, index) for index in range(1, len(names) + 1)]
    seeds, certificates = [seed for seed, _ in made], [certificate for _, certificate in made]
    polynomials = [pedersen_polynomial(context, certificates, seed) for seed in seeds]
    inputs = pedersen_route(context, certificates, polynomials)
    outputs = [pedersen_share(context, certificates, seed, item) for seed, item in zip(seeds, inputs, strict=True)]
    parameters, shares = pedersen_combine(context, certificates, polynomials, outputs)

    def texts(items: list[bytes]) -> list[str]:
        return [item.decode() for item in items]

    return {
        "context": context.decode(),
        "seeds": seeds,
        "certificates": texts(certificates),
        "polynomials": texts(polynomials),
        "vinputs": texts(inputs),
        "voutputs": texts(outputs),
        "threshold_parameters": parameters.decode(),
        "shares": texts(shares),
    }


def whole(kind: str) -> dict[str, Any]:
    """An election from its keys to its result, with its archive. `kind`: single, or threshold."""
    seed, basic = new_trustee("server")
    group = ceremony(2, ["Ada", "Бъорн", "Cleo"]) if kind == "threshold" else None
    keepers = trustees_text([basic], [group["threshold_parameters"].encode()] if group else [])
    questions = ELECTIONS["two questions"]
    text = election_text(UUIDS[0], kind, "", questions, "office", "authority", trustees_key(keepers))
    weights = [1, 1, 1] if kind == "single" else [1, 20, 300]
    exponents = [derived("derive_credential", f"{UUIDS[0]}|{code}") for code in CODES]
    rows = [
        {"credential": public(exponent), **({} if kind == "single" else {"weight": weight})}
        for exponent, weight in zip(exponents, weights, strict=True)
    ]
    cast = [(0, [[1, 0], [0, 1, 0]]), (1, [[0, 1], [1, 0, 0]]), (0, [[0, 0], [0, 0, 1]]), (2, [[0, 1], [0, 1, 0]])]
    sealed = SealedElection(text)
    ballots = [sealed.seal(CODES[voter], choices) for voter, choices in cast]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{UUIDS[0]}.bel"
        with ArchiveWriter.create(path, TIMESTAMP, text, keepers, compact(rows).encode()) as writer:
            writer.append_ballots(ballots)
            tally, count, weight = encrypted_tally(path)
            secrets = [(seed, None)]
            if group:
                secrets += [(group["seeds"][at], group["shares"][at].encode()) for at in (0, 2)]
            partials = [partial_decryption(text, keepers, tally, *secret) for secret in secrets]
            result = tally_result(text, keepers, tally, weight, partials)
            writer.end_ballots()
            writer.append_encrypted_tally(tally, count, weight)
            for owner, partial in partials:
                writer.append_partial_decryption(owner, partial)
            writer.append_result(result)
        data = path.read_bytes()
    return {
        "kind": kind,
        "basic": {"seed": seed, "parameters": basic.decode()},
        "group": group,
        "trustees": keepers.decode(),
        "public_key": trustees_key(keepers),
        "codes": list(CODES),
        "cast": [{"voter": voter, "choices": choices} for voter, choices in cast],
        "num_tallied": count,
        "total_weight": weight,
        "result": json.loads(result)["result"],
        "partials": [{"owner": owner, "text": partial.decode()} for owner, partial in partials],
        "timestamp": TIMESTAMP,
        "archive_sha256": sha256(data).hexdigest(),
        "first_header": data[:512].hex(),
        "records": [{"name": record.name, "text": record.body.decode()} for record in untar(data)],
    }


def kept() -> dict[str, Any]:
    """What a random source went into."""
    return {"elections": [whole("single"), whole("threshold")]}


def main() -> None:
    """Write the file."""
    before = json.loads(FILE.read_text("utf-8")) if FILE.is_file() and "--new" not in sys.argv[1:] else None
    about = "Made by tests/vectors/make_belenios.py. Its codes, seeds and keys were made for it; none is a secret."
    content = {"about": about, "drawn": drawn(), "kept": before["kept"] if before else kept()}
    FILE.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
