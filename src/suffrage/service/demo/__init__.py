"""A made-up society that holds an election: every role is played by this machine, through the same acts as the pages.

Nothing here is a shortcut: what the office, the authority, the trustees, the committee and the electors do is done with
the functions and over the addresses that they use.
"""
