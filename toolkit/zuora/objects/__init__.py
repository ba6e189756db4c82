"""Objects that clients write one by one: what /v1/object and the actions create, change and delete."""
