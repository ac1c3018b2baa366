"""The urns of the service: their one writer, and what is read of their archives."""
