"""Escalation: a clock whose next rung is due tells people and lets the claim climb the grid.

The row of the watch is the truth, the queue only a hint: whatever is due is found again by the next sweep.
plan.py decides, run.py takes the rows and writes what was decided.
"""

from arrears.escalation.run import Sweep, standing, sweep

__all__ = ["Sweep", "standing", "sweep"]
