"""The doctor: whether a service can hold a poll. It changes nothing and sends nothing."""
