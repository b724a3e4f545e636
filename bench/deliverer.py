"""A step in a process of its own: delivers as the task does until nothing waits, and says how long it took."""

import json
import time

import django

django.setup()

from grid import tasks  # noqa: E402

begun, sent = time.monotonic(), 0
while done := tasks.deliver():
    sent += done
print(json.dumps({"sent": sent, "seconds": time.monotonic() - begun}))
