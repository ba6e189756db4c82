"""Room SERVICE: one file a service."""
