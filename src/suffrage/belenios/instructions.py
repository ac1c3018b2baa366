"""What each role types, in order, and which file goes to whom: the README.txt of each folder."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from suffrage.words import plural

if TYPE_CHECKING:
    from suffrage.belenios.plan import Plan

WIDTH = 100
_COMMAND = "suffrage belenios"
_IN = " " * 3
_CEREMONY = "--context threshold_context.json --certificates certs.jsons"


def administrator(plan: Plan) -> str:
    """The administrator: gathers what the others make, holds the archive, and publishes it."""
    archive = f"{plan.uuid}.bel"
    steps = [
        f"Give each role its folder. The election's identifier is {plan.uuid}.\nRead questions.toml once more: after "
        "the election is set up nothing in it can be changed."
    ]
    if plan.group:
        steps += [
            _step(
                f"Put the files ID.cert of the {len(plan.group)} trustees of the group here. Check them:",
                "trustee check --context threshold_context.json *.cert",
                "Send certs.jsons to each of them.",
            ),
            _step(
                "Put their files ID.polynomial here, then:",
                f"trustee route {_CEREMONY} *.polynomial",
                "Send each trustee the file .vinput that has the name of their certificate.",
            ),
            _step(
                "Put their files ID.voutput here, then:",
                f"trustee combine {_CEREMONY} --polynomials polynomials.jsons *.voutput",
                "Send each trustee the file .dkey that has the name of their certificate.",
            ),
        ]
    keys = ""
    if plan.alone:
        keys = " --trustee public_keys.jsons"
        who = "the trustee's file ID.pubkey" if len(plan.alone) == 1 else f"the {len(plan.alone)} files ID.pubkey"
        steps.append(f"Put {who} here, then:\n\n$ cat *.pubkey > public_keys.jsons")
    if plan.group:
        keys += " --threshold threshold.json"
    steps += [
        _step(
            "Put the authority's file public_creds.json here. Set the election up:",
            f"setup --uuid {plan.uuid} --question questions.toml{keys} --credentials public_creds.json",
            f"Publish {archive}, and apart from it the two fingerprints that the command printed. Wait until the "
            "authority and every trustee have checked the archive.",
        ),
        _step(
            "While the voting goes on, put the electors' ballots here as they come, and cast them:",
            f"cast {archive} ballot.json",
            f"Publish {archive} again after each cast. It only grows; anybody can prove that nothing has vanished.",
        ),
        _step(
            "When the voting is over:",
            f"close {archive}",
            f"Send {archive} to the trustees.",
        ),
        _step(
            "Put the trustees' files here. As soon as there are enough of them, name those that are there:",
            f"result {archive} {_partials(plan)}",
            f"Publish {archive}. Anyone checks it with: suffrage verify {archive}",
        ),
    ]
    return _text(plan, "ADMINISTRATOR", steps)


def authority(plan: Plan) -> str:
    """The credential authority: makes the codes and hands them out."""
    archive = f"{plan.uuid}.bel"
    who = f"--count {len(plan.electors)}" if plan.numbered else "--electors electors.csv"
    steps = [
        _step(
            f"Make a code for each of the {plural(len(plan.electors), 'elector')}:",
            f"credentials --uuid {plan.uuid} {who}",
            "SECRET: private_creds.json stays with you, on a machine that nobody else uses.\nSend public_creds.json to "
            "the administrator. Write down the fingerprint of the list.",
        ),
        _step(
            f"Get {archive} from where the administrator publishes it, and check that the list in it is yours:",
            f"check-credentials {archive} --codes private_creds.json",
            "Only then hand out the codes: each elector gets their own from private_creds.json, sealed, and nobody "
            "else's.",
        ),
        "When the result is published and can no longer be challenged, destroy private_creds.json.",
    ]
    return _text(plan, "CREDENTIAL AUTHORITY", steps)


def trustee(plan: Plan, number: int) -> str:
    """A trustee, numbered from 0, those who hold a key alone before those of the group."""
    archive = f"{plan.uuid}.bel"
    alone = number < len(plan.alone)
    name = plan.alone[number] if alone else plan.group[number - len(plan.alone)]
    partial = f"partial-{number + 1}.json"
    if alone:
        steps = [
            _step(
                "Make your key:",
                f"trustee single --name {_quoted(name)}",
                "SECRET: ID.privkey stays with you, and nobody else sees it. Make a copy on paper: without it the "
                "election cannot be decrypted.\nSend ID.pubkey to the administrator.",
            )
        ]
        key = "--key *.privkey"
    else:
        steps = [
            _step(
                "Make your certificate:",
                f"trustee certificate --context threshold_context.json --index {number - len(plan.alone) + 1}",
                "SECRET: ID.key stays with you, and nobody else sees it. Send ID.cert to the administrator.",
            ),
            _step(
                "Put certs.jsons from the administrator here, then:",
                f"trustee polynomial {_CEREMONY} --key *.key",
                "Send ID.polynomial to the administrator.",
            ),
            _step(
                "Put ID.vinput from the administrator here, then:",
                f"trustee share {_CEREMONY} --key *.key --vinput *.vinput",
                "Send ID.voutput to the administrator.",
            ),
            "Put ID.dkey from the administrator here, and keep it with ID.key. Make a copy of both.",
        ]
        key = "--key *.key --share *.dkey"
    steps += [
        _step(
            f"Get {archive} from where the administrator publishes it. Is your key in it?",
            f"trustee check {archive}",
            "The name of your files stands beside your own name. If not, tell everybody.",
        ),
        _step(
            f"After the voting get the closed {archive} there. Decrypt your part:",
            f"decrypt {archive} {key} --out {partial}",
            f"The command checks the whole archive before. Send {partial} to the administrator.",
        ),
        "When the result is published and can no longer be challenged, destroy the secret files.",
    ]
    return _text(plan, f"TRUSTEE {name}", steps)


def electors(plan: Plan) -> str:
    """What an elector needs to know who seals a ballot with this program."""
    archive = f"{plan.uuid}.bel"
    steps = [
        _step(
            f"Get {archive} from where it is published. Seal your ballot on your own machine; the command asks "
            "for your code and your choice:",
            f"ballot {archive} --out ballot.json",
            "Compare the fingerprint of the election with the one that was published apart. Write down the tracking "
            "number.",
        ),
        "Send ballot.json to the administrator. Nobody can read your choice in it.",
        f"Later get {archive} again: your ballot is in it under the tracking number. If you change your mind, seal and "
        "send a new ballot: the last one counts.",
    ]
    return _text(plan, "ELECTOR", steps)


def _partials(plan: Plan) -> str:
    numbers = [*range(1, len(plan.alone) + 1), *range(len(plan.alone) + 1, len(plan.alone) + plan.threshold + 1)]
    return " ".join(f"--partial partial-{number}.json" for number in numbers)


def _step(before: str, command: str, after: str) -> str:
    return f"{before}\n\n{_COMMAND} {command}\n\n{after}"


def _text(plan: Plan, role: str, steps: Sequence[str]) -> str:
    head = f"{plan.template.title}\n{role}\n\nType the commands in this folder."
    if "ID." in "".join(steps):
        head += " ID stands for the name that a command gives to its files."
    body = "\n".join(f"\n{number}. {_wrapped(step).lstrip()}" for number, step in enumerate(steps, 1))
    return f"{head}\n{body}\n"


def _wrapped(step: str) -> str:
    """Sentences at a readable width; a command stays on its line."""
    lines = (
        f"       {line.removeprefix('$ ')}"
        if line.startswith(("$ ", _COMMAND))
        else textwrap.fill(line, WIDTH, initial_indent=_IN, subsequent_indent=_IN)
        for line in step.split("\n")
    )
    return "\n".join(lines)


def _quoted(name: str) -> str:
    """A name as a shell takes it, and as people read it."""
    plain = name.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace("`", "\\`")
    return f'"{plain}"'
