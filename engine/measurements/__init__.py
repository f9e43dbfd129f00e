"""What plugins measure: which metrics are used, their results, constraints and violations, and the flat table of all results."""
