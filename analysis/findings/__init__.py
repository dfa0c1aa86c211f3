"""Findings: evidence behind each result, and claims that the build checks."""
