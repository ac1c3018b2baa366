"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from suffrage.service.views import public

urlpatterns: list[URLPattern | URLResolver] = [
    path("", public.home, name="home"),
    path("e/<slug:slug>/", public.public, name="public"),
    path("e/<slug:slug>/law/", public.law, name="law"),
]
