"""The draft of an agreement: its clauses, its plan, what each worker gets, and whether what stands there could be enforced."""
