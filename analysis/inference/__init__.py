"""Inference: weights over units, intervals, permutation tests, what chance and length allow."""

from analysis.inference.contrast import (
    difference_interval,
    half_width,
    relabelling_p,
    self_contrast,
)
from analysis.inference.counts_test import CountTest, count_test
from analysis.inference.weights import (
    bootstrap,
    leave_one_out,
    log_ratio,
    permutations,
    rate_and_error,
)

__all__ = [
    "CountTest",
    "bootstrap",
    "count_test",
    "difference_interval",
    "half_width",
    "leave_one_out",
    "log_ratio",
    "permutations",
    "rate_and_error",
    "relabelling_p",
    "self_contrast",
]
