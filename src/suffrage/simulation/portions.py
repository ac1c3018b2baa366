"""Dividing whole numbers exactly: by weights, and a line of precincts into runs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


def portions(total: int, weights: Ints, least: int = 0) -> Ints:
    """`total` divided by weights, by the largest remainders; nobody gets less than `least`. The sum is exact."""
    group = np.zeros(len(weights), np.int64)
    return grouped_portions(np.array([total], np.int64), group, weights, least)


def grouped_portions(totals: Ints, group: Ints, weights: Ints, least: int = 0) -> Ints:
    """The same for many groups at once: `group` is the position of each item's total, in ascending order."""
    number = np.bincount(group, minlength=len(totals))
    rest = totals - least * number
    if len(rest) and int(rest[number > 0].min(initial=0)) < 0:
        raise ValueError("more items than there is to divide")
    weights = np.maximum(weights, 0)
    # Weights are made small enough for the product with any total to stay within 64 bits.
    scale = 1 + int(weights.max(initial=0)) * int(rest.max(initial=0)) // 2**62
    weights = np.maximum(weights // scale, 1)
    sums = _sums(group, weights, len(totals))
    product = weights * rest[group]
    share, remainder = product // sums[group], product % sums[group]
    left = rest - _sums(group, share, len(totals))
    order = np.lexsort((np.arange(len(group)), -remainder, group))
    first = np.cumsum(number) - number
    rank = np.empty(len(group), np.int64)
    rank[order] = np.arange(len(group)) - first[group[order]]
    result: Ints = share + least + (rank < left[group])
    return result


def _sums(group: Ints, values: Ints, size: int) -> Ints:
    sums = np.zeros(size, np.int64)
    np.add.at(sums, group, values)
    return sums


def cut(sizes: Ints, parts: int) -> Ints:
    """A line of things of those sizes cut into `parts` runs of about the same size: the run of each.

    Every run has at least one; `parts` is at most the number of things.
    """
    ahead = np.cumsum(sizes)
    total = int(ahead[-1])
    bounds = np.searchsorted(ahead, np.arange(1, parts) * (total / parts))
    steps = np.arange(1, parts)
    bounds = np.maximum.accumulate(np.maximum(bounds, steps) - steps) + steps
    bounds = np.minimum(bounds, len(sizes) - parts + steps)
    run = np.zeros(len(sizes), np.int64)
    run[bounds] = 1
    result: Ints = np.cumsum(run)
    return result
