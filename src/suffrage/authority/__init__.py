"""What the credential authority does: makes the codes, keeps them, and hands each elector their own."""

from suffrage.authority.codes import Codes, codes_text, public_lists, read_codes, with_codes_for
from suffrage.authority.order import Elector, Order, Urn, parse_order, read_order

__all__ = [
    "Codes",
    "Elector",
    "Order",
    "Urn",
    "codes_text",
    "parse_order",
    "public_lists",
    "read_codes",
    "read_order",
    "with_codes_for",
]
