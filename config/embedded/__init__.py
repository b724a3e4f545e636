"""PostgreSQL and Valkey for a machine that has neither, under the data folder.

`lease(engine, data)` is the only door. Any number of commands may hold a lease on the same server at
the same time; the first one starts a guard process (guard.py), the guard stops the server when the
kernel says that the last lease is gone, however its holder ended.
"""

from config.embedded.lease import lease
from config.embedded.trouble import CannotStart

__all__ = ["CannotStart", "lease"]
