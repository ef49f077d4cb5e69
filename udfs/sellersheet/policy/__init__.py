"""The dated values of the rules, each with its source and standing."""

from sellersheet.policy.catalog import Policy, load
from sellersheet.policy.kinds import Record
from sellersheet.policy.model import Entry, Standing
from sellersheet.policy.problems import NoRule, PolicyProblem
from sellersheet.policy.shown import shown, standing_word
from sellersheet.policy.view import View

__all__ = [
    "Entry",
    "NoRule",
    "Policy",
    "PolicyProblem",
    "Record",
    "Standing",
    "View",
    "load",
    "shown",
    "standing_word",
]
