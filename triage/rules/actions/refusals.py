"""Why a step of a draft is refused: anticipated, and told to whoever asked for it."""


class DraftRefused(Exception):
    """`code` says why, see triage/rules/wording.py; nothing was changed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# Codes
NOT_OPEN = "not_open"  # decided or withdrawn already, perhaps a moment ago
NOT_WAITING = "not_waiting"  # nobody has submitted it
OWN_DRAFT = "own_draft"
NOT_YOURS = "not_yours"
MOVED_ON = "moved_on"  # the rule was changed since the draft was begun
EDITED = "edited"  # the draft was, since its page was opened
NO_DRY_RUN = "no_dry_run"
UNCONFIRMED = "unconfirmed"
BREAKS_ITS_SAMPLES = "breaks_its_samples"
CHANGES_NOTHING = "changes_nothing"
NO_REASON = "no_reason"
TOO_MANY = "too_many"
