"""Drawing: reads the state of the world and changes none of it."""
