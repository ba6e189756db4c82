"""The pytest plugin: fixtures zuora and clock."""
