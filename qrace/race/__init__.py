"""Races: entrants, from the start to the flag, standings."""
