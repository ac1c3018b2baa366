"""The parcel of a polling station: all that is printed for one precinct, as one PDF."""

from suffrage.paper.station.parcel import LINES_UNSAID, Parcel, parcels_of, precincts_of
from suffrage.paper.station.press import ParcelPress
from suffrage.paper.station.printing import print_parcels
from suffrage.paper.station.roll import Entry, poll_books
from suffrage.paper.station.words import own_language, station_language, station_languages

__all__ = [
    "LINES_UNSAID",
    "Entry",
    "Parcel",
    "ParcelPress",
    "own_language",
    "parcels_of",
    "poll_books",
    "precincts_of",
    "print_parcels",
    "station_language",
    "station_languages",
]
