"""What the system does while its parts are killed. `bin/faults` runs it; a short run belongs to the tests."""
