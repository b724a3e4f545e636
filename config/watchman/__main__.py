import django

django.setup()

from config.watchman.watch import watch  # noqa: E402, the apps first

watch()
