"""Orders: what one asks for, how that becomes versions of subscriptions, and what they come to."""
