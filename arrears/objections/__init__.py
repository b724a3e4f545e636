"""异议: a worker who does not agree with how the claim ended, from the first word until somebody above has answered."""
