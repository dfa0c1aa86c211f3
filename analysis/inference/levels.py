"""The conventions of all inference, stated once."""

LEVEL = 0.05  # of tests, by term and family-wise
CONFIDENCE = 1 - LEVEL  # of intervals
POWER = 0.8  # with which a difference at its floor is found
DRAWS = 20_000  # relabellings of a permutation test
