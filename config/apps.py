"""The house itself as an app, so that its templates, commands and start-up checks are found."""

from django.apps import AppConfig

from config import checks
from config.celery import app as celery_app  # here, not in the package: the launchers start without Celery

__all__ = ["HouseConfig", "celery_app", "checks"]


class HouseConfig(AppConfig):
    name = "config"
