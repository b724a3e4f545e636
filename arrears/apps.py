from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ArrearsConfig(AppConfig):
    name = "arrears"

    def ready(self) -> None:
        autodiscover_modules("tellings")  # what the apps above write into a claim's history, in plain words
