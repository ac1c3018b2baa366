"""The letters that hand each elector their code: PDF set by Typst, a page an elector."""

from suffrage.authority.letters.press import LetterPress
from suffrage.authority.letters.printing import LETTERS_AT_ONCE, Printed, print_letters

__all__ = ["LETTERS_AT_ONCE", "LetterPress", "Printed", "print_letters"]
