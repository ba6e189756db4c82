"""Money that a tenant takes and gives back through its gateways, at once, by plan and by run."""
