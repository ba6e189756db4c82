"""The room of settings: one file a kind of setting, which offers its settings as SETTINGS."""
