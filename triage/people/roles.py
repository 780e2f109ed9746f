"""Who may do what: the roles and the one table of their abilities."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """Lowest first: each role may do all that the roles before it may."""

    SUPPORT = "support"
    ENGINEER = "engineer"
    ADMIN = "admin"

    def covers(self, needed: "Role") -> bool:
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)

    def may(self, ability: str) -> bool:
        """Whether the table grants `ability`; a name that is not in it raises KeyError."""
        return self.covers(WHO_MAY[ability])


WHO_MAY: Mapping[str, Role] = MappingProxyType(
    {
        "file_tickets": Role.SUPPORT,
        "read_tickets": Role.SUPPORT,
        "try_the_lab": Role.SUPPORT,
        "read_playbooks": Role.SUPPORT,
        "write_playbooks": Role.ENGINEER,
        "approve_playbooks": Role.ADMIN,
        "read_history": Role.ENGINEER,
        "reproduce_runs": Role.ENGINEER,
        "probe_further": Role.ENGINEER,
        "replay_runs": Role.ENGINEER,
        "manage_baselines": Role.ENGINEER,
        "correct_verdicts": Role.ENGINEER,
        "manage_incidents": Role.ENGINEER,
        "read_ledger": Role.SUPPORT,
        "import_ledgers": Role.ENGINEER,
        "manage_ledgers": Role.ADMIN,
        "manage_endpoints": Role.ADMIN,
        "manage_probe_keys": Role.ADMIN,
        "manage_redaction_rules": Role.ADMIN,
        "manage_people": Role.ADMIN,
    }
)
