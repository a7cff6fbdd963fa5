"""What the track editor does apart from its screen: steps that can be undone, and roads built in the background."""
