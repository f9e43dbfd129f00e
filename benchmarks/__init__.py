"""Side by side measurements; ``make bench`` runs them all in one go and writes RESULTS.md."""
