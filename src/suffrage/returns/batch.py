"""A return, and many returns at once.

A `Return` is what one unit reports of one contest in one ballot. A `Batch` holds thousands of them as columns; every
source of figures (paper, open ballots, sealed ballots) ends in batches, and the count knows nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from suffrage._core import ABSENT as ABSENT

Ints = npt.NDArray[np.int64]
Positions = npt.NDArray[np.int32]
Marks = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Return:
    """The figures of one unit in one contest and ballot. A figure that was not given is not in `figures`.

    `figures` by the names of the law's fields, `votes` by candidate id.
    """

    unit: str
    contest: str
    ballot: int
    figures: Mapping[str, int]
    votes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Batch:
    """Many returns as columns of one length, and their votes as triplets.

    `slot` is the position of (contest, unit) in the `Slots` of the election; `line` the line or row in the source;
    `figures` holds ABSENT where a return does not give a figure. The votes of return `vote_row[k]` for the candidate at
    position `vote_candidate[k]` are `votes[k]`.
    """

    slot: Positions
    contest: Positions
    unit: Positions
    ballot: Marks
    line: Ints
    figures: dict[str, Ints]
    vote_row: Positions
    vote_candidate: Positions
    votes: Ints

    def __len__(self) -> int:
        return len(self.slot)
