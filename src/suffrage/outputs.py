"""Writing a folder of results whole: all of its files or none of them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from suffrage.errors import WRONG_USE, Problem, SuffrageError


class OutputError(SuffrageError):
    """A place where results cannot be written."""


@contextmanager
def whole_folder(out: Path, names: Collection[str] = (), *, private: bool = False) -> Iterator[Path]:
    """Yield a temporary folder that takes the place of `out` when the block ends without an error.

    A private one can be entered by its owner alone.
    A folder that exists is replaced only where everything in it is an earlier result, by its names in `names`.
    OutputError (exit code 2) where it holds anything else, or where the disk refuses; `out` is then as it was.
    """
    made: Path | None = None
    try:
        _refuse_strangers(out, names)
        out.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        yield made
        if not private:
            made.chmod(0o777 & ~_umask())
        _swap(made, out)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(Problem(str(out), f"cannot be written: {reason}"), exit_code=WRONG_USE) from None
    finally:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)


def written(files: Mapping[Path, bytes], private: Collection[Path] = ()) -> None:
    """Write some small files, each whole; OutputError (exit code 2) where the disk refuses, with nothing changed.

    Those that are `private` can be read by their owner alone. Files take their places in the order that is given.
    """
    made: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
            made[path] = Path(name)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if path not in private:
                made[path].chmod(0o666 & ~_umask())
        for path, temporary in made.items():
            temporary.replace(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        place = str(error.filename or next(iter(files)))
        raise OutputError(Problem(place, f"cannot be written: {reason}"), exit_code=WRONG_USE) from None
    finally:
        for temporary in made.values():
            temporary.unlink(missing_ok=True)


def _refuse_strangers(out: Path, names: Collection[str]) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise OutputError(Problem(str(out), "is no folder", "a file", "a folder, or nothing yet"), exit_code=WRONG_USE)
    strangers = sorted(entry.name for entry in out.iterdir() if entry.name not in names)
    if strangers:
        raise OutputError(
            Problem(str(out), "holds other files, which are left alone", ", ".join(strangers[:3]), "an empty folder"),
            exit_code=WRONG_USE,
        )


def _swap(made: Path, out: Path) -> None:
    if not out.exists():
        made.rename(out)
        return
    before = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    kept = before / "before"
    try:
        out.rename(kept)
        made.rename(out)
    except BaseException:
        # Ctrl-C between the two renames must not lose the old folder either.
        if kept.exists() and not out.exists():
            kept.rename(out)
        raise
    finally:
        shutil.rmtree(before, ignore_errors=True)


def _umask() -> int:
    """The process's umask; the system tells it only by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
