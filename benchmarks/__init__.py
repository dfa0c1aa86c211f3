"""Benchmarks: what the methods do where the truth is known."""
