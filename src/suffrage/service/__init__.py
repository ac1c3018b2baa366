"""The service: a Django project in which an election is prepared, held and published online.

It stores the workflow, calls the packages that hold the rules, and shows the result. No electoral rule is in it.
"""
