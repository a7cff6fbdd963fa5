"""The modes of the window: training, driving, racing."""
