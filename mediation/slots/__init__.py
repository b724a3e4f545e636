"""找时间: the best times for a hearing, and why the others fall out. Django-free and bounded.

    masks    a day as the bits of its five-minute steps; which beginnings are free
    kinds    languages, equipment, parts of a day: tables
    rules    hearing days by rule: which days and hours, how long, how far apart, how long before
    finding  places × mediators × days → proposals, and what fell out with its reason
"""
