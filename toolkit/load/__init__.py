"""Load tests: arrival schedules, objectives, verdicts and their report; never imports locust."""
