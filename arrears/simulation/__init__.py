"""A year in minutes: claims registered and handled through the real verbs by a virtual clock, people who are away or
late, and at the end a recount of every rung that fell due, from the clocks alone.

    manage.py simulate --days 365 --claims 1000 --seed 1

`life` tells what becomes of one claim, `measured` how often and how fast, `staff` who is there; `year` lets time pass,
`proof` counts again. It runs in a database of its own (`scratch`).
"""
