"""程序: the roads as chains of steps that start, stop and exclude each other as the law says.

steps.toml  the chains, read by a lawyer       table    the same as values (Django-free)
verbs       opening one, recording and taking back a step
clocks      what a step starts, stops and meets; the days that are computed
shows       which facts of a claim follow from its proceedings
standing    which of them exclude each other, and what opens again
"""
