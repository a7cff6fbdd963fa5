"""The window: clock, keys and modes."""
