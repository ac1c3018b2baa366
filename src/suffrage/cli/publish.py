"""`suffrage publish`: an election's results as papers, a site, data and a bundle that anyone can count again."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from suffrage.audit import verify_bundle
from suffrage.cli import console
from suffrage.cli.keys import opened, passphrase_file
from suffrage.errors import DOES_NOT_HOLD
from suffrage.outputs import whole_folder
from suffrage.protocols.publish import BUNDLE, OUTPUTS, SITE, Papers
from suffrage.protocols.publish import publish as published
from suffrage.words import in_fours


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--key", required=True, type=click.Path(path_type=Path), help="The root key, or the replayer's key.")
@passphrase_file
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder to publish into.")
@click.option(
    "--papers",
    type=click.Choice(["districts", "all", "none"]),
    default="districts",
    show_default=True,
    help="Which protocols to set on paper: those of districts and above, all, or none.",
)
def publish(folder: Path, key: Path, passphrase_file: Path | None, out: Path, papers: Papers) -> None:
    """Publish the election in FOLDER: its signed protocols, papers, a site, data and a bundle.

    The figures are counted again first. An election is published only when its protocols are signed as its law says; a
    replay (an election that others held) is signed here, by its replayer alone. The bundle is verified before anything
    is put in place.
    """
    root = opened(key, passphrase_file)
    with console.working("Publishing") as tell, whole_folder(out, OUTPUTS) as made:
        result = published(folder, made, root, papers, tell)
        tell("verifying the bundle")
        report = verify_bundle(made / BUNDLE, root.public.fingerprint)
        if not report.holds:
            for failure in report.failures[:20]:
                print(f"suffrage: {failure}", file=sys.stderr)
            sys.exit(DOES_NOT_HOLD)
    screen = console.out()
    table = console.table("", "", numbers=("",))
    for name in ("protocols", "signatures", "papers", "pages"):
        table.add_row(name, console.figure(getattr(result, name)))
    screen.print(table)
    screen.print("\nThe bundle was counted again, and everything in it holds.")
    screen.print(f"Fingerprint of the root key:\n{in_fours(result.root)}", markup=False)
    screen.print(f"\nSite:    {out / SITE}\nBundle:  {out / BUNDLE}", markup=False, soft_wrap=True)
