"""All tables. What must always hold is a constraint here; writing is done by functions beside this folder."""

from broadsheet.store.models.access import ApiToken
from broadsheet.store.models.editions import Edition, Place, StaleWindow
from broadsheet.store.models.letters import Letter
from broadsheet.store.models.papers import FormerKey, GonePaper, Link, Listing, Paper, PaperSource
from broadsheet.store.models.readers import Delivery, Subscription
from broadsheet.store.models.readings import Action, Claim, ClaimReport, Correction, Reading, WrittenLine
from broadsheet.store.models.returned import Returned
from broadsheet.store.models.signals import Learned, Repository, Signal
from broadsheet.store.models.site import ChangeTime, Counter, Fact, OwnerLink
from broadsheet.store.models.webhooks import Matched, Push, Webhook
from broadsheet.store.models.work import Job, SourceState

__all__ = [
    "Action",
    "ApiToken",
    "ChangeTime",
    "Claim",
    "ClaimReport",
    "Correction",
    "Counter",
    "Delivery",
    "Edition",
    "Fact",
    "FormerKey",
    "GonePaper",
    "Job",
    "Learned",
    "Letter",
    "Link",
    "Listing",
    "Matched",
    "OwnerLink",
    "Paper",
    "PaperSource",
    "Place",
    "Push",
    "Reading",
    "Repository",
    "Returned",
    "Signal",
    "SourceState",
    "StaleWindow",
    "Subscription",
    "Webhook",
    "WrittenLine",
]
