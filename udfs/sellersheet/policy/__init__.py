"""The dated values of the rules, each with its source and standing."""

from sellersheet.policy.catalog import Change, Policy, load, load_folder
from sellersheet.policy.kinds import Bilingual, Record
from sellersheet.policy.model import Entry, PolicyValue, Source, Standing
from sellersheet.policy.problems import NoRule, PolicyProblem
from sellersheet.policy.shown import shown, standing_word, written
from sellersheet.policy.view import View

__all__ = [
    "Bilingual",
    "Change",
    "Entry",
    "NoRule",
    "Policy",
    "PolicyProblem",
    "PolicyValue",
    "Record",
    "Source",
    "Standing",
    "View",
    "load",
    "load_folder",
    "shown",
    "standing_word",
    "written",
]
