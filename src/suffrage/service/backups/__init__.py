"""Backup and restore: one sealed file with everything that a service needs to go on elsewhere."""
