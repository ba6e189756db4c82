"""Room ENDPOINTS: one file a resource, each offering a tuple of Endpoint."""
