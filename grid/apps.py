from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from grid.vault import ring


class GridConfig(AppConfig):
    name = "grid"

    def ready(self) -> None:
        ring()  # a bad VAULT_KEYS stops the start, not the first claim
        # whoever wrote them: the words of notices and of the access log, and what follows from an answered alert
        autodiscover_modules("notice_kinds", "looked_at", "alert_history", "mail_files")
