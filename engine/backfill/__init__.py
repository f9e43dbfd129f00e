"""Many windows at once: planned, assigned their files, run side by side, and skipped when they are complete."""
