"""Screens: what lies over a mode, from the title to the settings."""
