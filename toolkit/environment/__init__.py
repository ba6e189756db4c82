"""The local environment: services found, started, watched and stopped without a trace."""
