"""Room FACTORY: one file an entity, each offering a factory_boy factory."""
