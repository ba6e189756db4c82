"""Room COMMAND: one file a command."""
