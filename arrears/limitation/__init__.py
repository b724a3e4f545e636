"""时效: limits that run out for the worker (limits, Django-free), and the log of what interrupted them."""
