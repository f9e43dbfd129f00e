"""Loops over arrays that numba compiles; elsewhere numpy does the same work and gives the same bits."""
