"""Inference: weights over units, intervals, permutation tests, what chance and length allow."""

from analysis.inference.counts_test import CountTest, count_test
from analysis.inference.intervals import (
    PermutationTest,
    bootstrap_interval,
    difference_interval,
    half_width,
    permutation_test,
    self_contrast,
)
from analysis.inference.relabelling import relabelling_p
from analysis.inference.weights import (
    bootstrap,
    difference,
    leave_one_out,
    log_ratio,
    permutations,
    rate_and_error,
)

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
    "relabelling_p",
    "self_contrast",
]
