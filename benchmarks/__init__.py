"""Scorecards that print figures; they are no tests."""
