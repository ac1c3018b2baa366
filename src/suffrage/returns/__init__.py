"""Where figures come from, one module a source; each ends in the same batches of returns."""

from suffrage.returns.batch import Batch, Return
from suffrage.returns.paper import read_returns
from suffrage.returns.slots import Slots

__all__ = ["Batch", "Return", "Slots", "read_returns"]
