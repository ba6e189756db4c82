"""What goes through many records at once: bill runs and previews, usage, imports, jobs and exports."""
