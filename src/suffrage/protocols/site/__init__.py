"""The site of a published election: a page of all results and a page a contest; no server, no requests.

Every page stands by itself: style, charts and the one script are inside it, and its content security policy allows
nothing else. It can be read without JavaScript, on paper, and from a folder as well as from a web server.
"""

from suffrage.protocols.site.pages import pages

__all__ = ["pages"]
