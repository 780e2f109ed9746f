"""Why a step of a revision is refused: anticipated, and told to whoever asked for it."""


class RevisionRefused(Exception):
    """`code` says why, see triage/playbooks/wording.py; nothing was changed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# Codes
MOVED_ON = "moved_on"  # the draft or the words in force changed since the page was opened
OWN_DRAFT = "own_draft"
NOT_OPEN = "not_open"  # decided or given up already, perhaps a moment ago
NOT_YOURS = "not_yours"
NOTHING_TO_WITHDRAW = "nothing_to_withdraw"
NO_REASON = "no_reason"
BAD_DATE = "bad_date"
BREAKS_RULES = "breaks_rules"
