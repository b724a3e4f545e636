"""应交材料: papers that somebody owes the case by a day, each with a clock of its own.

A worker promised to bring one (告知承诺), or the employer was given notice to produce what only he holds (举证通知).
`table` says what can be owed and what hangs on it, `verbs` change it, `needs` counts what each road needs.
"""
