from django.apps import AppConfig

from grid.vault import ring


class GridConfig(AppConfig):
    name = "grid"

    def ready(self) -> None:
        ring()  # a bad VAULT_KEYS stops the start, not the first claim
