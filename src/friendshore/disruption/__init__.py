"""What happens when somebody stops: the path month by month, and forecasts tried on real events."""
