"""The settings of the service, all from the environment.

SUFFRAGE_DATA (the data folder), DATABASE_URL, SUFFRAGE_URL (where the public reaches it), SUFFRAGE_MAIL
(`smtp://USER:PASSWORD@HOST:PORT`, `smtps://...`, or `file:///FOLDER`; nothing: mail waits in the outbox), SUFFRAGE_FROM
(the sender), SUFFRAGE_PROXY (1 behind a proxy that sets X-Forwarded-For and X-Forwarded-Proto), SUFFRAGE_SECOND_FACTOR
(`required` of officials unless it says `optional`).
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from suffrage.service import database, secret_key
from suffrage.service.outbox_address import mail_settings

DATA = Path(os.environ.get("SUFFRAGE_DATA", "suffrage-data")).absolute()
PUBLIC_URL = os.environ.get("SUFFRAGE_URL", "http://127.0.0.1:8000").rstrip("/")
_PUBLIC = urlsplit(PUBLIC_URL)
SECURE = _PUBLIC.scheme == "https"
BEHIND_PROXY = os.environ.get("SUFFRAGE_PROXY") == "1"
SECOND_FACTOR_REQUIRED = os.environ.get("SUFFRAGE_SECOND_FACTOR", "required") != "optional"

# Without a data folder nothing is served: a tool that only looks at these settings leaves no file behind.
SECRET_KEY = secret_key.read_or_make(DATA / secret_key.FILE) if "SUFFRAGE_DATA" in os.environ else secrets.token_hex()
DEBUG = False
ALLOWED_HOSTS = sorted({_PUBLIC.hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]"})
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "suffrage.service.apps.ServiceConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "suffrage.service.middleware.ContentSecurity",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "suffrage.service.middleware.PlainErrors",
]

ROOT_URLCONF = "suffrage.service.urls"
WSGI_APPLICATION = "suffrage.service.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {"default": database.configuration(os.environ.get("DATABASE_URL", ""), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# It holds how often something was asked for: as many electors as come at once must not push each other out.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 500_000}},
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "long"]}}

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "suffrage.service.accounts.InvitedOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _PUBLIC.scheme
MFA_ADAPTER = "suffrage.service.accounts.SealedSecrets"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
MFA_TOTP_ISSUER = "suffrage"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SAMESITE = "Strict"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 << 20
CSRF_FAILURE_VIEW = "suffrage.service.views.errors.csrf_failure"

STATIC_URL = "/static/"
STATICFILES_DIRS = [Path(__file__).parent / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

MAIL_ENABLED = bool(os.environ.get("SUFFRAGE_MAIL"))
DEFAULT_FROM_EMAIL = os.environ.get("SUFFRAGE_FROM") or "suffrage@localhost"
globals().update(mail_settings(os.environ.get("SUFFRAGE_MAIL", "")))

# Requests are not logged: an access log would join addresses, times and acts.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "suffrage.service.log_lines.WithoutWords",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"suffrage": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}
