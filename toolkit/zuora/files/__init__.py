"""Files of billing documents: what stands in them, and how it is set and packed."""
