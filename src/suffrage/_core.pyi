"""The Rust core: statutes with their lines, and tables read fast. No electoral rule is in here."""

from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any, Final, Literal, Self, TypeAlias, final

import numpy as np
import numpy.typing as npt

Kind: TypeAlias = Literal["text", "code", "figure", "mark", "skip"]

ABSENT: Final[int]
"""The figure of a blank field: the smallest integer of 64 bits."""

LARGEST_FIGURE: Final[int]
"""No figure is larger, so that the sum of nine million of them still fits 64 bits."""

class TomlSyntaxError(ValueError):
    """A text is no TOML; `str()` of it names the place."""

    line: int
    """Line, from 1."""
    column: int
    """Column in characters, from 1."""
    message: str
    """What is wrong there, in one line."""

class CsvError(ValueError):
    """A table cannot be read as declared; `str()` of it tells the first problem and counts the others."""

    problems: list[tuple[int, str | None, str, str]]
    """Up to twenty of (line, column, seen, expected); column is None where the whole line is meant."""

def parse_toml(text: str) -> tuple[dict[str, Any], dict[tuple[str | int, ...], int]]:
    """Parse TOML into plain values, and tell the line, from 1, of every key and array element by its path.

    A table has the line of its header; one without a header has that of its first child. Values are those
    of `tomllib`: TOML 1.0, and beyond it what TOML 1.1 adds (line breaks in inline tables, times without
    seconds). Integers have 64 bits.

    Raises TomlSyntaxError.
    """

@final
class CsvReader:
    """Streams a delimited text file in batches of typed columns; memory stays flat, other threads go on.

    The file is UTF-8, with or without a byte order mark; one whose name ends in `.gz` is decompressed on the
    way. The delimiter (comma, semicolon or tab) is the one that stands most often in the header. Lines end
    in LF or CRLF, blank lines are passed over, quotes are those of RFC 4180. A record may have up to 1 MiB.
    """

    def __new__(cls, path: str | PathLike[str]) -> CsvReader:
        """Open a file and read its header.

        Raises OSError where the file cannot be read, CsvError where it has no header or the names in it are
        blank or not different.
        """

    @property
    def header(self) -> list[str]:
        """The names of the columns, as they stand in the file, blanks around them included."""

    @property
    def delimiter(self) -> str:
        """What separates the fields."""

    def declare(self, kinds: Sequence[Kind]) -> None:
        """Say what each column of the header is, before the first batch.

        - `text`: text, without the blanks around it;
        - `code`: the same, as a number into `dictionary`;
        - `figure`: a whole number of at most `LARGEST_FIGURE`, or blank;
        - `mark`: 1, 0, or blank (also written `?`);
        - `skip`: not looked at.
        """

    def seed(self, column: int, values: Sequence[str]) -> None:
        """Give the values of a code column their codes beforehand: the index of each is its code."""

    def dictionary(self, column: int) -> list[str]:
        """List the values of a code column that were seen so far; a code is an index into it."""

    def next_batch(self, max_rows: int) -> Batch | None:
        """Read the next rows, at most so many; None at the end of the file.

        Around 10,000 rows are quickest: more leave the processor's cache, fewer cross over to Python too
        often.

        Raises CsvError with the first twenty problems of the batch, and again whenever it is called after
        that; OSError where the file cannot be read to its end.
        """

@final
class Batch:
    """Some rows of a table, column by column. Columns are counted as in the header, from 0.

    The bytes are for `numpy.frombuffer`, in the byte order of the machine. Asking for a column as something
    that it was not declared to be raises ValueError.
    """

    @property
    def rows(self) -> int:
        """How many rows."""

    @property
    def lines(self) -> bytes:
        """The line, from 1, where each record starts (`uint64`)."""

    def text(self, column: int) -> list[str]:
        """Give the texts of a text column."""

    def codes(self, column: int) -> bytes:
        """Give the codes of a code column (`int32`)."""

    def figures(self, column: int) -> bytes:
        """Give the figures of a figure column (`int64`), `ABSENT` where blank."""

    def marks(self, column: int) -> bytes:
        """Give the marks of a mark column (`int8`): 1, 0, or -1 where blank."""

def verify_signatures(entries: Sequence[tuple[bytes, bytes, bytes]]) -> list[int]:
    """Give the positions of the Ed25519 signatures that do not hold, each (public key, signature, message).

    The positions are in order. On all cores, with the GIL released. Strictly after RFC 8032, without the cofactor:
    no keys or commitments of small order, canonical encodings only; a key or signature of the wrong length does
    not hold. The verdict on a signature does not depend on the others.

    Raises TypeError for anything but tuples of bytes, ValueError for tuples of other than three.
    """

@final
class MarkTally:
    """Adds up marked ballots by place, with memory that does not grow with the ballots.

    A ballot is in one of four classes: no name left; at least one and not too many; too many; unclear (and not too
    many). What a class means is for the law to say.
    """

    def __new__(cls, contests: Sequence[int], stands: Sequence[bool], most: Sequence[int]) -> MarkTally:
        """Prepare the sums.

        `contests`: the contest of each place. `stands`: for each contest and column, whether a name stands there.
        `most`: for each contest, the most names that may be left. Raises ValueError where they do not fit together.
        """

    def add(self, places: npt.NDArray[np.int32], marks: Sequence[npt.NDArray[np.int8]]) -> None:
        """Add ballots, one a row: its place (`int32`) and for each column its marks (`int8`: 1, 0, else unclear).

        Raises ValueError(row, column) for a mark where no name stands, ValueError(row, None) for an unknown place;
        then nothing is added.
        """

    def counts(self) -> bytes:
        """Give the ballots of each place in each of the four classes (`int64`)."""

    def votes(self) -> bytes:
        """Give the votes of each place for each column (`int64`): ballots of the second class that leave it."""

class BeleniosError(ValueError):
    """A record, key or archive is not what the specification of Belenios asks. Never repeats a secret."""

Question: TypeAlias = tuple[list[str], bool, int, int, str]
"""A homomorphic question: answers, whether blank is allowed, min, max, text."""

def new_code() -> str:
    """A new private code for an elector, `XXXXX-XXXXXX-XXXXX-XXXXXX`: a secret."""

def new_uuid() -> str:
    """A new identifier for an election: 14 characters of Base58."""

def public_credential(uuid: str, code: str) -> str:
    """The public credential that a private code has in an election, as 64 digits.

    Raises BeleniosError where the code is none.
    """

def public_credentials(uuid: str, codes: Sequence[str]) -> list[str]:
    """The public credentials of many codes, in their order; all cores work, other threads go on.

    Raises BeleniosError where one of the codes is none.
    """

def code_signature(uuid: str, code: str, message: bytes) -> str:
    """Sign a message with a private code: it shows at the door that somebody has the code, and not more.

    Raises BeleniosError where the code is none.
    """

def code_holds(public: str, message: bytes, signature: bytes) -> bool:
    """Whether a signature of a message was made with the code of a public credential."""

def election_text(
    uuid: str,
    name: str,
    description: str,
    questions: Sequence[Question],
    administrator: str,
    credential_authority: str,
    public_key: str,
) -> bytes:
    """The bytes of an election under a public key, as they are published and hashed (section "Elections").

    Raises BeleniosError where the identifier, the key or a question is none.
    """

@final
class SealedElection:
    """An election whose ballots are sealed. Immutable; may be used by several threads at once."""

    def __new__(cls, text: bytes) -> SealedElection:
        """Read an election from the bytes that were published.

        Raises BeleniosError where they are not exactly what the specification asks.
        """

    @property
    def uuid(self) -> str:
        """The identifier."""

    @property
    def name(self) -> str:
        """The name."""

    @property
    def description(self) -> str:
        """The description."""

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the published bytes."""

    @property
    def public_key(self) -> str:
        """The public key y, as 64 digits."""

    @property
    def questions(self) -> list[Question]:
        """The questions, in their order."""

    def seal(self, code: str, choices: Sequence[Sequence[int]]) -> bytes:
        """Seal a ballot: for each question a 0 or 1 for each answer, the blank vote first where it is allowed.

        Raises BeleniosError where the code is none or the choices are not allowed; neither is repeated.
        """

    def check(self, ballot: bytes) -> str:
        """Check all that a ballot shows of itself, and tell its public credential, as 64 digits.

        Whether that credential is on the list is not looked at.

        Raises BeleniosError with the first thing that does not hold.
        """

    def opened(self, ballot: bytes, openings: Sequence[Sequence[tuple[int, str]]]) -> list[list[int]]:
        """Check a ballot as `check` does, and that it holds what its elector says; give the numbers in it.

        `openings`: for each question, for each ciphertext (the blank vote first where it is allowed), the number in it
        and the randomness in decimal. Only a ballot that is thrown away is ever opened.

        Raises BeleniosError with the first thing that does not hold, by question and answer; no opening is repeated.
        """

    def seal_opened(self, code: str, choices: Sequence[Sequence[int]]) -> tuple[bytes, list[list[tuple[int, str]]]]:
        """Seal a ballot as `seal` does, and give its openings too: only to test what `opened` checks.

        Whoever has the openings knows the choice: such a ballot is never cast.
        """

def expand_message(tag: bytes, message: bytes, length: int) -> bytes:
    """`expand_message_xmd` of RFC 9380 with SHA-256.

    Raises ValueError where the tag is longer than 255 bytes or the output than 8160.
    """

def hash_to_field(tag: bytes, message: bytes, count: int) -> list[str]:
    """`hash_to_field` of RFC 9380 into the scalars of the group, in decimal, with the tag exactly as given.

    Raises ValueError where the tag or the output is too long.
    """

@final
class ArchiveReport:
    """What the audit of an archive found. The archive holds where `failures` is empty."""

    @property
    def uuid(self) -> str:
        """The identifier of the election; empty where it could not be read. So too the next ones."""

    @property
    def name(self) -> str:
        """The name of the election."""

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the election."""

    @property
    def questions(self) -> list[Question]:
        """The questions of the election."""

    @property
    def phase(self) -> Literal["empty", "open", "closed", "tallied", "decrypted"]:
        """How far the election has come."""

    @property
    def credentials(self) -> int:
        """The number of public credentials."""

    @property
    def weighted(self) -> bool:
        """Whether credentials have weights."""

    @property
    def ballots(self) -> int:
        """The ballots in the archive."""

    @property
    def voters(self) -> int:
        """The ballots that count: the last of each credential."""

    @property
    def revotes(self) -> int:
        """The ballots that a later one replaced."""

    @property
    def total_weight(self) -> int:
        """The weight of the ballots that count."""

    @property
    def tally(self) -> bytes | None:
        """The encrypted tally of the ballots that count, as it is written; None where a ballot does not hold."""

    @property
    def result(self) -> list[list[int]] | None:
        """The votes for each answer of each question, where the archive has its result."""

    @property
    def height(self) -> int:
        """The height of the last event."""

    @property
    def head(self) -> str:
        """The hash of the last event."""

    @property
    def length(self) -> int:
        """The length of the archive in bytes."""

    @property
    def checks(self) -> list[tuple[str, int]]:
        """What was checked, and how often."""

    @property
    def failures(self) -> list[tuple[int | None, str]]:
        """What does not hold, in the order of the archive: the height of the event, where known, and the reason."""

def audit_archive(path: str | PathLike[str], progress: Callable[[int, int], object] | None = None) -> ArchiveReport:
    """Audit an archive: everything that the specification's sections "Audit" ask, on all cores, in flat memory.

    `progress` is called between batches with the ballots and the bytes done; what it raises stops the audit.

    Raises OSError where the file cannot be read.
    """

def archive_setup(path: str | PathLike[str]) -> tuple[bytes, bytes, bytes]:
    """The election, the trustees and the public credentials of an archive, as they were published.

    Raises OSError where the file cannot be read, BeleniosError where it begins otherwise.
    """

def archive_tally(path: str | PathLike[str]) -> tuple[bytes, int, int] | None:
    """The encrypted tally of an archive, the number of ballots in it and their weight, as the archive says them.

    Raises OSError where the file cannot be read, BeleniosError where it is damaged.
    """

def archive_partials(path: str | PathLike[str]) -> list[tuple[int, bytes]]:
    """The partial decryptions of an archive, each with the number of its trustee, from 1.

    Raises OSError where the file cannot be read, BeleniosError where it is damaged.
    """

@final
class ArchiveWriter:
    """The one writer of an archive: appends events, each on the disk before the call returns.

    Other threads go on meanwhile; calls from several threads wait for each other. What records say is not looked
    into. After an error nothing of the call is in the archive, unless the error says otherwise.

    Every method raises OSError where the disk fails or is full, and ValueError where the event cannot come next, a
    record is too large, or the archive is closed.
    """

    @staticmethod
    def create(
        path: str | PathLike[str],
        timestamp: int,
        election: bytes,
        trustees: bytes,
        credentials: bytes,
        credentials_certificate: bytes | None = None,
    ) -> ArchiveWriter:
        """Make an archive that begins at a time, in seconds since 1970; it appears under its name once it is whole.

        Raises OSError where the file exists already.
        """

    @staticmethod
    def open(path: str | PathLike[str]) -> ArchiveWriter:
        """Open an archive to append to it, and cut off what a crash has left of an event that was being written.

        Raises OSError where another writer has it open, BeleniosError where it is damaged; that is then left as it is.
        """

    def append_ballots(self, ballots: Sequence[bytes]) -> list[tuple[int, str]]:
        """Append ballots, all or none, with one write: the height and the hash of the event of each.

        Raises BeleniosError where one of them is in the archive already, or twice among them.
        """

    def end_ballots(self) -> tuple[int, str]:
        """Close the ballot box: the height and the hash of the event; so too the next ones."""

    def append_encrypted_tally(self, tally: bytes, num_tallied: int, total_weight: int) -> tuple[int, str]:
        """Append the sum of the ballots: of how many, and of which weight together."""

    def append_partial_decryption(self, owner: int, decryption: bytes) -> tuple[int, str]:
        """Append the partial decryption of a trustee, whose number is counted from 1."""

    def append_result(self, result: bytes) -> tuple[int, str]:
        """Append the result, after which nothing can follow."""

    def contains(self, ballot_hash: str) -> bool:
        """Whether a ballot is in the archive, by its SHA-256 in 64 lower-case digits."""

    @property
    def head(self) -> tuple[int, str, int]:
        """The height and the hash of the last event, and the length of the archive in bytes."""

    @property
    def last(self) -> Literal["Setup", "Ballot", "EndBallots", "EncryptedTally", "PartialDecryption", "Result"]:
        """The type of the last event."""

    @property
    def timestamp(self) -> int:
        """When the election began, in seconds since 1970."""

    @property
    def ballots(self) -> int:
        """How many ballots are in the archive."""

    @property
    def cut(self) -> int:
        """How many bytes of an incomplete event were cut off when the archive was opened."""

    def close(self) -> None:
        """Let others write to the archive. Closing again does nothing."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *raised: object) -> None: ...

def archive_prefix(old: str | PathLike[str], new: str | PathLike[str]) -> tuple[int, str | None]:
    """Whether an archive only grew since a copy of it was taken: the height of the last event of the copy, and None.

    Where something vanished or was changed: the height of the first event at which they part, and what is there.

    Raises OSError where a file cannot be read, BeleniosError where one of the archives does not hold together.
    """

Place: TypeAlias = tuple[int, str, str, int, int]
"""Where an archive stood: the height of an event, its hash, its type, the length in bytes and the ballots up to it."""

def archive_places(path: str | PathLike[str], heights: Sequence[int]) -> tuple[Place, list[Place | None]]:
    """Where an archive stands after its last whole event, and where it stood at some heights, None where it has none.

    An event that is incomplete at the end is left out, since a copy may have been taken while it was written. All
    that holds the archive together is checked, the hash of every record included; what records say is not.

    Raises OSError where the file cannot be read, BeleniosError where it does not hold together.
    """

def archive_find(path: str | PathLike[str], ballot: bytes) -> int | None:
    """The height of the first event with a ballot, or with another that has a ciphertext of it; None if there is none.

    Raises OSError where the file cannot be read, BeleniosError where it does not hold together or the ballot is none.
    """

def new_trustee(name: str | None = None) -> tuple[str, bytes]:
    """Make a single trustee: the seed, which the trustee keeps, and what is published (`basic_parameters`).

    Specification, section "Basic trustees". The seed has 44 characters of Base58.
    """

def trustee_id(public: bytes) -> str:
    """The identifier of what a single trustee publishes: eight capital hexadecimal digits. The record is checked.

    Raises BeleniosError.
    """

def pedersen_context(names: list[str], threshold: int) -> bytes:
    """The context of a new group of trustees: their names in order, and how many of them decrypt.

    Raises BeleniosError where not 0 < threshold < number of names.
    """

def pedersen_certificate(context: bytes, index: int) -> tuple[str, bytes]:
    """Step 1 of founding a group: a new seed and the certificate of the trustee of a place, from 1.

    Raises BeleniosError where the context is none, or the index not a place in it.
    """

def pedersen_id(certificate: bytes) -> str:
    """The identifier of a certificate: the hash of its message, 64 hexadecimal digits, after which files are named.

    Raises BeleniosError where the bytes are no certificate; its signature is not looked at.
    """

def pedersen_check(context: bytes, certificates: list[bytes]) -> None:
    """Step 2: check the certificates of all trustees, in the order of the names.

    Raises BeleniosError that names the first certificate that does not hold.
    """

def pedersen_polynomial(context: bytes, certificates: list[bytes], seed: str) -> bytes:
    """Step 3: what the trustee of a seed publishes, and writes to every other (`polynomial`).

    Raises BeleniosError; the seed is never in it.
    """

def pedersen_route(context: bytes, certificates: list[bytes], polynomials: list[bytes]) -> list[bytes]:
    """Step 4: what each trustee is to be given (`vinput`), in order.

    Raises BeleniosError that names the trustee whose polynomial does not hold.
    """

def pedersen_share(context: bytes, certificates: list[bytes], seed: str, vinput: bytes) -> bytes:
    """Step 5: the share of the trustee of a seed in the group's key (`voutput`).

    Raises BeleniosError that names the trustee who sent a wrong secret.
    """

def pedersen_combine(
    context: bytes, certificates: list[bytes], polynomials: list[bytes], voutputs: list[bytes]
) -> tuple[bytes, list[bytes]]:
    """Step 6: what the group publishes (`threshold_parameters`), and for each trustee the encrypted private key.

    The latter is the `share` of `partial_decryption`; only the trustee's seed opens it.

    Raises BeleniosError that names the trustee whose part does not hold.
    """

def trustees_text(basics: list[bytes], thresholds: list[bytes]) -> bytes:
    """The list of the trustees of an election, checked: the single ones first, then the groups.

    Raises BeleniosError.
    """

def trustees_key(trustees: bytes) -> str:
    """The public key that trustees make, 64 hexadecimal digits, after everything of them has been checked.

    Raises BeleniosError that names the trustee and the part that does not hold.
    """

def partial_decryption(
    election: bytes, trustees: bytes, tally: bytes, seed: str, share: bytes | None = None
) -> tuple[int, bytes]:
    """Decrypt an encrypted tally in part: the number of the trustee of the seed, from 1, and the record.

    A trustee of a group gives the share from step 6, a single one gives none.

    Raises BeleniosError where the trustees do not make the election's key, the tally has another shape, or seed and
    share are not those of one of the trustees; neither is in it.
    """

def check_partial_decryption(election: bytes, trustees: bytes, tally: bytes, owner: int, partial: bytes) -> None:
    """Check the partial decryption of the trustee of a number, from 1: its signature and the proof of every factor.

    Raises BeleniosError.
    """

def tally_result(
    election: bytes, trustees: bytes, tally: bytes, total_weight: int, partials: list[tuple[int, bytes]]
) -> bytes:
    """Combine partial decryptions, given with the numbers of their trustees, into the result.

    No number in it is above `total_weight`; a blank vote comes first in its question. All cores are used, and other
    threads go on.

    Raises BeleniosError where any partial decryption is wrong or there twice, a single trustee's is missing, or
    fewer than the threshold of a group are given.
    """

@final
class BulkProfile:
    """What the bulk check of ballots costs on this machine."""

    @property
    def vector(self) -> str:
        """The kind of arithmetic that this machine allows."""

    @property
    def product(self) -> float:
        """Nanoseconds of a product of two field elements, in each lane."""

    @property
    def square(self) -> float:
        """Nanoseconds of a square, in each lane."""

    @property
    def products(self) -> int:
        """How many products a 0/1 proof takes."""

    @property
    def squares(self) -> int:
        """How many squares it takes beside them."""

    @property
    def steps(self) -> list[tuple[str, float]]:
        """Microseconds of each step for one ballot."""

    @property
    def total(self) -> float:
        """Microseconds for one ballot, as measured."""

def bulk_profile(election: bytes, ballots: Sequence[bytes], expected: int) -> BulkProfile:
    """Measure the bulk check on one thread, for about a second, with tables made for `expected` ballots.

    Raises BeleniosError where a ballot cannot be read, ValueError where none fits the election.
    """
