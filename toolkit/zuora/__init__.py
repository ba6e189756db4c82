"""The simulator: a thin shell around the billing domain that answers as Zuora does."""
