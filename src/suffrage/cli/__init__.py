"""The `suffrage` command: one file a verb; errors become one clear message and an exit code."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping

import click

from suffrage.cli.console import complain
from suffrage.errors import WRONG_USE, SuffrageError

COMMANDS: Mapping[str, str] = {
    "serve": "suffrage.cli.serve:serve",
    "official": "suffrage.cli.serve:official",
    "backup": "suffrage.cli.backup:backup",
    "restore": "suffrage.cli.restore:restore",
    "doctor": "suffrage.cli.doctor:doctor",
    "server-keys": "suffrage.cli.server_keys:server_keys",
    "demo": "suffrage.cli.demo:demo",
    "ballot": "suffrage.cli.ballot:ballot",
    "parcel": "suffrage.cli.parcel:parcel",
    "count": "suffrage.cli.count:count",
    "compare": "suffrage.cli.compare:compare",
    "keys": "suffrage.cli.keys:keys",
    "protocols": "suffrage.cli.protocols:protocols",
    "publish": "suffrage.cli.publish:publish",
    "verify": "suffrage.cli.verify:verify",
    "audit-ballot": "suffrage.cli.audit_ballot:audit_ballot",
    "monitor": "suffrage.cli.monitor:monitor",
    "belenios": "suffrage.cli.belenios:belenios",
    "authority": "suffrage.cli.authority:authority",
    "law": "suffrage.cli.law:law",
    "import": "suffrage.cli.importing:import_",
    "simulate": "suffrage.cli.simulate:simulate",
}
"""Where each verb lives. A verb is loaded only when it is used, since counting needs libraries that reading a law
does not."""

INTERRUPTED = 130
"""What a shell expects of a program that was stopped by Ctrl-C."""


class _Verbs(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.command(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="suffrage")
def suffrage() -> None:
    """Elections run from their law: statutes as data, returns counted, every figure with its article.

    Exit codes: 0 it holds or is done; 1 what was checked does not hold; 2 wrong use or unreadable input.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command and leave with its exit code; a user never sees a traceback."""
    try:
        suffrage.main(arguments, standalone_mode=False)
    except SuffrageError as error:
        complain(error)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(WRONG_USE)
    except (click.Abort, KeyboardInterrupt):
        print("suffrage: interrupted; nothing was written", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has closed it (as `| head` does); Python would complain again when it flushes.
        sys.stdout = None
        sys.exit(0)
    except MemoryError:
        print("suffrage: out of memory; nothing was written", file=sys.stderr)
        sys.exit(WRONG_USE)
    except OSError as error:
        print(f"suffrage: {error.filename or 'output'}: {error.strerror or error}", file=sys.stderr)
        sys.exit(WRONG_USE)
