"""Measurements of this machine, as commands; the tests time nothing."""
