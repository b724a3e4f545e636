"""The demo city: Suqian with its real townships, and people, firms and cases that nobody ever met.

words.py and sayings.py hold the material, cast.py the people and their posts, cases.py makes up what a worker reports,
chronicle.py lets the months pass, papers.py draws the evidence. What becomes of a case say stories.py, urged.py (what is
pressed or rests), asked.py (whose situation, papers and incidents are known to the end), supported.py (support to sue), proceeded.py (roads
through tribunal and court), served.py (papers on their way to somebody) and handed.py (what goes to another body); office.py and signing.py say what people do beside it.
Everything that happens goes through the same verbs as in earnest, at the time it happened, so clocks, climbs and notices
are real. mediation/demo adds the hearings; `manage.py seed_demo` tells it all.
"""
