"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from suffrage.service.views import archives, booth, parcels, printed, signing, trustee

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", booth.health, name="health"),
    path("account/", include("allauth.urls")),
    path("e/<slug:slug>/vote/", booth.booth, name="booth"),
    path("e/<slug:slug>/door/", booth.at_the_door, name="door"),
    path("e/<slug:slug>/door/factor/", booth.second_factor, name="factor"),
    path("e/<slug:slug>/urns/<str:uuid>/cast/", booth.cast, name="cast"),
    path("e/<slug:slug>/urns/<str:uuid>.bel", archives.archive, name="archive"),
    path("e/<slug:slug>/heads.json", archives.heads_document, name="heads"),
    path("e/<slug:slug>/results/<path:name>", archives.published, name="published"),
    path("desk/<slug:slug>/trustee/", trustee.trustee, name="trustee"),
    path("desk/<slug:slug>/trustee/state/", trustee.state, name="trustee-state"),
    path("desk/<slug:slug>/trustee/submit/", trustee.submit, name="trustee-submit"),
    path("desk/<slug:slug>/signing/", signing.signing, name="signing"),
    path("desk/<slug:slug>/signing/state/", signing.state, name="signing-state"),
    path("desk/<slug:slug>/signing/register/", signing.register, name="signing-register"),
    path("desk/<slug:slug>/signing/submit/", signing.submit, name="signing-submit"),
    path("desk/<slug:slug>/papers/<str:sha>.pdf", signing.paper, name="paper"),
    path("desk/<slug:slug>/parcels.zip", parcels.together, name="parcels-together"),
    path("desk/<slug:slug>/parcels/<int:number>.pdf", parcels.one, name="parcel"),
    path("desk/<slug:slug>/ballot/<int:number>.pdf", printed.ballot_paper, name="ballot-paper"),
    path("", include("suffrage.service.urls_public")),
    path("", include("suffrage.service.urls_desk")),
]
