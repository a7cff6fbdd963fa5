"""What is heard: synthesised from nothing with numpy. No sound file, no pygame; the game plays what is made here."""
