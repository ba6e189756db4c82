"""Cassettes: recorded conversations with a service, kept free of secrets, played back exactly."""
