"""What every paper that Typst sets has in common: texts made fit to be set, grouped digits, the words of a language."""
