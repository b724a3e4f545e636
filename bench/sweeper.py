"""A step in a process of its own: sweeps as the task does until nothing is due, and says what it cost."""

import json
import resource
import time

import django

django.setup()

from arrears import tasks  # noqa: E402

begun, rungs = time.monotonic(), 0
while fired := tasks.sweep():
    rungs += fired
seconds = time.monotonic() - begun
print(json.dumps({"rungs": rungs, "seconds": seconds, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
