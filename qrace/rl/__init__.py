"""Learning: Q-networks, the Q-table, replay memory, the trainer. torch, no pygame."""
