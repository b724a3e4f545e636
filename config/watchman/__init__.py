"""The watchman: tells the administrators when the sweep has not ended for SWEEP_PATIENCE, or when sweeps
end and a rung has been due for RUNG_PATIENCE all the same, by mail of its own.

It shows its own life in the broker, if there is one; `config.tasks.see_watchman` tells administrators when it is silent.

Run by bin/serve as `python -m config.watchman`. It needs no worker, no beat and no broker; without the database it
writes to the addresses it knew last. What it knows and whom it has told is in XINAN_DATA/run/watchman.json, so that
its own restart tells nobody twice. One alert for an outage, a word when it is over; of the sweep again every hour.
"""
