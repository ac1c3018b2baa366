"""The forms of the officials' pages: they read what was typed, and show what was refused beside its field."""
