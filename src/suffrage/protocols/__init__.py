"""Protocols: signed records of what every committee counted, and all that is published of them."""

from suffrage.protocols.draw import draw
from suffrage.protocols.published import Identity, Level
from suffrage.protocols.record import Protocol

__all__ = ["Identity", "Level", "Protocol", "draw"]
