"""Mergeable sketches: HyperLogLog++ for distinct values, KLL for quantiles, both bit for bit those of Deequ."""
