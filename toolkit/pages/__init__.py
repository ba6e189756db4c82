"""Self-contained HTML pages with inline plots."""
