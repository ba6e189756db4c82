"""What a tenant tells others by itself: events, callouts and mails."""
