"""What the outside may call without signing in: the tracking API and the survey page."""
