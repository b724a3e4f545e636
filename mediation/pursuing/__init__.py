"""A promise was broken: one press makes the right paper for what is due now, and hands the next step to whoever must file it."""
