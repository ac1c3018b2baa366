"""`suffrage ballot`: the ballot papers of an election folder, as proofs until the committee has signed them off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import click

from suffrage.cli import console
from suffrage.cli.keys import opened, passphrase_file
from suffrage.count.folder import count_folder, law_of
from suffrage.count.outcome import OutcomeKind
from suffrage.election import Election, read_folder
from suffrage.election.translations import Translations, read_translations
from suffrage.errors import WRONG_USE, PaperError, Problem, shown
from suffrage.law import Statute
from suffrage.outputs import whole_folder
from suffrage.paper import Form, Missing, Paper, PaperPress, Size, Style, form_of
from suffrage.protocols.folder import roster_of
from suffrage.protocols.roster import ROSTER, Roster
from suffrage.protocols.signoff import (
    PAPERS,
    SignedPapers,
    read_signed_papers,
    signed_off,
    unsigned,
    write_signed_papers,
)
from suffrage.words import plural

_SHOWN = 20


@dataclass(frozen=True)
class _Job:
    """Everything that a paper depends on but its contest."""

    election: Election
    statute: Statute
    translations: Translations
    languages: tuple[str, ...]
    style: Style
    press: PaperPress

    def paper(self, form: Form, *, proof: bool) -> Paper:
        return self.press.paper(form, self.languages, self.style, self.translations, proof=proof)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--contest", metavar="ID", help="One contest only.")
@click.option("--lang", "languages", metavar="LANGS", help="One language or two side by side, such as uk,ru.")
@click.option("--size", type=click.Choice(get_args(Size)), help="Of the paper: a5 where nothing is said.")
@click.option("--up", type=click.Choice(["1", "2", "4"]), default="1", help="Papers a sheet of A4, with cut marks.")
@click.option("--large", is_flag=True, help="Large print: 18 points and more.")
@click.option("--ballot", "number", type=click.Choice(["1", "2"]), default="1", help="The first ballot or the second.")
@click.option(
    "--signed-off", "wanted", metavar="HASH", help="Only the clean paper: it must have this hash and be signed off."
)
@click.option("--sign-off", "key", type=click.Path(path_type=Path), help="Sign the papers with this member's key file.")
@click.option("--collect", type=click.Path(path_type=Path), help=f"Take signatures from another {PAPERS} too.")
@passphrase_file
@click.option("--out", type=click.Path(path_type=Path), help="Write PDF and geometry of each paper into this folder.")
def ballot(
    folder: Path,
    contest: str | None,
    languages: str | None,
    size: Size | None,
    up: str,
    large: bool,
    number: str,
    wanted: str | None,
    key: Path | None,
    collect: Path | None,
    passphrase_file: Path | None,
    out: Path | None,
) -> None:
    """Set the ballot papers of the election in FOLDER.

    Every page bears PROOF until the committee has signed off the hash that is printed here. Members sign with
    --sign-off; what was signed is kept in papers.jsonl. With a roster and enough signatures the clean papers are
    written. Beside each PDF lies a JSON file with the place of everything on the page.
    """
    if out is None and key is None and collect is None:
        raise PaperError(Problem("--out", "is missing", "", "a folder for the papers"), exit_code=WRONG_USE)
    election = read_folder(folder)
    job = _Job(
        election,
        law_of(election, folder),
        read_translations(folder, election),
        tuple(tag.strip() for tag in (languages or election.language).split(",")),
        Style.chosen(size, int(up), large=large),
        PaperPress(),
    )
    with console.working("Setting") as tell:
        forms = _forms(folder, job, contest, int(number))
        if wanted is not None and len(forms) != 1:
            raise PaperError(
                Problem("--signed-off", "is about one paper", plural(len(forms), "contest"), "--contest as well"),
                exit_code=WRONG_USE,
            )
        clean: dict[str, Paper] = {}
        for form in forms:
            tell(form.contest.id)
            clean[form.contest.id] = job.paper(form, proof=False)
        if wanted is not None:
            _same_hash(forms[0], clean[forms[0].contest.id], wanted)
        roster = roster_of(folder)[0] if (folder / ROSTER).exists() or key or collect else None
        signed = read_signed_papers(folder / PAPERS)
        if collect is not None:
            for paper, more in read_signed_papers(collect).items():
                signed[paper] = list(dict.fromkeys([*signed.get(paper, ()), *more]))
        if key is not None and roster is not None:
            signed = _signed(forms, clean, signed, key, passphrase_file, roster)
        if key is not None or collect is not None:
            write_signed_papers(signed, folder)
        lacks = {form.contest.id: _lacks(job, form, clean[form.contest.id], signed, roster) for form in forms}
        if wanted is not None and lacks[forms[0].contest.id]:
            raise PaperError(
                Problem(
                    f"contest {forms[0].contest.id}", "is not signed off", lacks[forms[0].contest.id], "a signed paper"
                )
            )
        if out is not None:
            _write(out, job, forms, clean, lacks, tell)
    _show(forms, clean, lacks)


def _forms(folder: Path, job: _Job, contest: str | None, number: int) -> list[Form]:
    """The forms of one contest, or of all; of those that have a second ballot."""
    election, statute = job.election, job.statute
    chosen = [contest] if contest is not None else [item.id for item in election.contests]
    if number == 1:
        return [form_of(election, statute, one) for one in chosen]
    counted = {item.contest.id: item.first.outcome for item in count_folder(folder).contests}
    forms = []
    for one in chosen:
        outcome = counted.get(one)
        if outcome is not None and outcome.kind is OutcomeKind.SECOND_BALLOT:
            forms.append(form_of(election, statute, one, 2, finalists=outcome.finalists, seats=outcome.seats_left))
        elif contest is not None:
            forms.append(form_of(election, statute, one, 2))
    if not forms:
        raise PaperError(
            Problem("--ballot 2", "no contest has a second ballot", "", "a count of the first that leads to one")
        )
    return forms


def _same_hash(form: Form, paper: Paper, wanted: str) -> None:
    if paper.sha256 != wanted.replace(" ", "").lower():
        raise PaperError(
            Problem(
                f"contest {form.contest.id}", "is not the paper that was signed off", paper.sha256, shown(wanted, 80)
            )
        )


def _signed(
    forms: list[Form],
    clean: dict[str, Paper],
    signed: dict[str, list[tuple[str, str]]],
    key: Path,
    passphrase: Path | None,
    roster: Roster,
) -> dict[str, list[tuple[str, str]]]:
    member = opened(key, passphrase)
    for form in forms:
        paper = clean[form.contest.id]
        signed = signed_off(paper.geometry, form.contest, signed, member, roster, form.election)
    return signed


def _lacks(job: _Job, form: Form, paper: Paper, signed: SignedPapers, roster: Roster | None) -> str:
    if roster is None:
        return "the folder has no roster"
    return unsigned(paper.geometry, form.contest, signed, roster, job.election, job.statute)


def _write(
    out: Path, job: _Job, forms: list[Form], clean: dict[str, Paper], lacks: dict[str, str], tell: Callable[[str], None]
) -> None:
    names = {f"{item.id}{ending}" for item in job.election.contests for ending in (".pdf", ".json")}
    with whole_folder(out, names) as made:
        for form in forms:
            name = form.contest.id
            tell(name)
            paper = job.paper(form, proof=True) if lacks[name] else clean[name]
            (made / f"{name}.pdf").write_bytes(paper.pdf)
            (made / f"{name}.json").write_bytes(paper.geometry)


def _show(forms: list[Form], clean: dict[str, Paper], lacks: dict[str, str]) -> None:
    screen = console.out()
    screen.print("Hash of the clean paper, contest, and whether it is signed off:\n")
    for form in forms[:_SHOWN]:
        name = form.contest.id
        # A hash is copied and compared: its line is never folded.
        said = f"{clean[name].sha256}  {name}  " + (f"no: {lacks[name]}" if lacks[name] else "yes")
        screen.print(said, markup=False, soft_wrap=True)
    if len(forms) > _SHOWN:
        screen.print(f"and {console.figure(len(forms) - _SHOWN)} more", style="dim")
    missing: dict[Missing, None] = {}
    for form in forms:
        missing |= dict.fromkeys(clean[form.contest.id].missing)
    for note in list(missing)[:_SHOWN]:
        console.paragraph(screen, str(note))
    if len(missing) > _SHOWN:
        screen.print(f"and {console.figure(len(missing) - _SHOWN)} more texts without a translation", style="dim")
