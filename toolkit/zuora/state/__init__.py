"""What a tenant is - a world, an immutable value - and how it is kept, moved and told apart."""
