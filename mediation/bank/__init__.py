"""A bank's file of transfers: read as it came (`reading`), each line matched to a worker of the agreement and told its fate
(`matching`), kept sealed until it is confirmed (`kept`), and recorded (`taking`)."""
