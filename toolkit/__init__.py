"""Fulfillment toolkit: a Zuora simulator and what stands on it."""
