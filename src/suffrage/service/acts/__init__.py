"""Everything that can be done in an election: each act checks who may do it, does it whole, and records it."""
