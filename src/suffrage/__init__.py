"""Elections run from their law: statutes as data, returns counted, every figure with its article."""
