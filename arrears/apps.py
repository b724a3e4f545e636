from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ArrearsConfig(AppConfig):
    name = "arrears"

    def ready(self) -> None:
        # what the apps above bring: plain words for a claim's history, whom their clocks call first, what workers are
        # told, what must agree in their tables, what is seen at a site; which posts must be filled
        autodiscover_modules("tellings", "hands", "known", "worker_notices", "integrity_checks", "signs", "needs", "worker_page")
        autodiscover_modules("on_events")  # who follows what is written in the history of claims
        autodiscover_modules("in_the_way")  # who follows leaves
        autodiscover_modules("on_served")  # what begins with the day a paper was served
        autodiscover_modules("paper_facts")  # and what papers can say
