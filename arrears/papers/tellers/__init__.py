"""What the record of a claim tells its papers, part by part. Importing them puts them into the registry."""
