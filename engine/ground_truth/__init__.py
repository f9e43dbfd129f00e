"""Joins late labels to captured records (contract section 5)."""
