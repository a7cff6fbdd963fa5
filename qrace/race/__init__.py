"""Races: entrants, lights to flag, standings."""
