"""来源单位: work orders of other offices (12345, 12333, the national clue platform), in by file and API, and back the same way.

    keeping, tokens            the offices, as administrators of the city set them up
    orders, places, taking     what an order says, where it belongs, and taking it in exactly once
    states, returning          which changes are told, written as rows in the transaction of the event
    sending, feed, handing     how the rows go out: webhook, pull, file
    columns, lines, sheets     a file of orders: read, put right on the spot, imported whole or not at all
"""
