"""Inference: weights over units, intervals, permutation tests, what chance and length allow."""

from analysis.inference.counts_test import CountTest, count_test
from analysis.inference.intervals import (
    bootstrap_interval,
    difference_interval,
    self_contrast,
)
from analysis.inference.permutation import PermutationTest, permutation_test
from analysis.inference.rates import difference, log_ratio, rate_and_error
from analysis.inference.weights import bootstrap, leave_one_out, permutations
from analysis.inference.welch import half_width

__all__ = [
    "CountTest",
    "PermutationTest",
    "bootstrap",
    "bootstrap_interval",
    "count_test",
    "difference",
    "difference_interval",
    "half_width",
    "leave_one_out",
    "log_ratio",
    "permutation_test",
    "permutations",
    "rate_and_error",
    "self_contrast",
]
