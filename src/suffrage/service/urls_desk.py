"""Addresses of the officials' pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from suffrage.service.views import (
    accounts,
    codes,
    desk,
    paper_returns,
    people,
    poll,
    proposals,
    results,
    roll,
    setup,
    trustees,
)

_ONE = "desk/<slug:slug>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("invitation/", accounts.invitation, name="invitation"),
    path("begin/", desk.begin, name="begin"),
    path("desk/", desk.desk, name="desk"),
    path(_ONE, desk.election, name="desk-election"),
    path(f"{_ONE}log/", desk.log_page, name="log"),
    path(f"{_ONE}mail/", desk.mails, name="mails"),
    path(f"{_ONE}mail/<int:number>/again/", desk.send_again, name="mail-again"),
    path(f"{_ONE}propose/<slug:key>/", proposals.proposing, name="propose"),
    path(f"{_ONE}proposals/<int:number>/confirm/", proposals.confirming, name="confirm"),
    path(f"{_ONE}proposals/<int:number>/withdraw/", proposals.withdrawing, name="withdraw"),
    path(f"{_ONE}setup/", setup.overview, name="setup"),
    path(f"{_ONE}setup/head/", setup.head, name="setup-head"),
    path(f"{_ONE}setup/hours/", setup.hours, name="setup-hours"),
    path(f"{_ONE}setup/place/", setup.add_place, name="setup-place"),
    path(f"{_ONE}setup/contest/", setup.add_contest, name="setup-contest"),
    path(f"{_ONE}setup/contest/<int:number>/candidate/", setup.add_candidate, name="setup-candidate"),
    path(f"{_ONE}setup/remove/<slug:what>/<int:number>/", setup.remove, name="setup-remove"),
    path(f"{_ONE}setup/papers/", setup.papers, name="setup-papers"),
    path(f"{_ONE}roll/", roll.roll, name="roll"),
    path(f"{_ONE}roll/upload/", roll.upload, name="roll-upload"),
    path(f"{_ONE}roll/preview/", roll.preview, name="roll-preview"),
    path(f"{_ONE}roll/discard/", roll.discard, name="roll-discard"),
    path(f"{_ONE}roll.csv", roll.download, name="roll-download"),
    path(f"{_ONE}people/", people.people, name="people"),
    path(f"{_ONE}people/invite/", people.invite, name="invite"),
    path(f"{_ONE}people/invitation/<int:number>/withdraw/", people.withdraw_invitation, name="invitation-withdraw"),
    path(f"{_ONE}people/roster/", people.draw_roster, name="roster"),
    path(f"{_ONE}trustees/", trustees.overview, name="trustees"),
    path(f"{_ONE}trustees/begin/", trustees.begin, name="trustees-begin"),
    path(f"{_ONE}trustees/again/", trustees.start_again, name="trustees-again"),
    path(f"{_ONE}trustees/rehearse/", trustees.rehearse, name="trustees-rehearse"),
    path(f"{_ONE}codes/", codes.codes, name="codes"),
    path(f"{_ONE}codes/authority/", codes.authority, name="authority"),
    path(f"{_ONE}poll/", poll.overview, name="poll"),
    path(f"{_ONE}poll/clock/", setup.move_clock, name="clock"),
    path(f"{_ONE}paper/", paper_returns.overview, name="paper-returns"),
    path(f"{_ONE}paper/<int:number>/", paper_returns.entering, name="paper-return"),
    path(f"{_ONE}results/", results.overview, name="results"),
    path(f"{_ONE}results/draw/", results.draw, name="draw"),
    path(f"{_ONE}results/prepare/", results.prepare, name="prepare"),
    path(f"{_ONE}results/publish/", results.publish, name="publish"),
    path(f"{_ONE}results/second-ballot/", results.second_ballot, name="second-ballot"),
    path(f"{_ONE}results/new-election/", results.new_election, name="new-election"),
]
