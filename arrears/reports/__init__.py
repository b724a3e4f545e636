"""线索: reports from outside, from the first word until somebody has answered. Nothing that came in is ever only kept."""
