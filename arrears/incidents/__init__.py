"""群体性、极端事件快报: gatherings, threats and claims of many workers, and by when whom is to be reported what.

`table` holds the hours (the city's own, to be adopted in writing), `verbs` opens and reports, and makes claims
sensitive by rule.
"""
