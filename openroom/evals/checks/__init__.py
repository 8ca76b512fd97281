"""Checks: what is looked at after a case was played. Deterministic, each a class with typed parameters."""

from openroom.evals.checks.base import Check, Finding, Scope, Span
from openroom.evals.checks.registry import checks, parameters

__all__ = ["Check", "Finding", "Scope", "Span", "checks", "parameters"]
