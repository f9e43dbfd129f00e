"""Actions: what a job does when it found violations, beside writing them down."""
