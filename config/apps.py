"""The house itself as an app, so that its templates, commands and start-up checks are found."""

from django import forms
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from rest_framework import fields

from config import checks
from config.celery import app as celery_app  # here, not in the package: the launchers start without Celery

__all__ = ["HouseConfig", "celery_app", "checks"]


# In the house's own words, on every form and in the API; Django's are a translation. Set before any form is written.
REQUIRED = _("请填写。")
forms.Field.default_error_messages["required"] = REQUIRED
fields.Field.default_error_messages["required"] = REQUIRED


class HouseConfig(AppConfig):
    name = "config"
