"""Whether the desk is up (this process and PostgreSQL), and whether it works (every queue is consumed)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import Error, connection

from triage.heartbeat import Beat, beats_if_redis_answers

UP, DOWN = "up", "down"
CONSUMING, NOT_CONSUMING = "consuming", "not consuming"


@dataclass(frozen=True, slots=True)
class Health:
    """One word for programs, one sentence for people, in English: monitors read it, not visitors."""

    status: str
    says: str
    beats: tuple[Beat, ...] = ()

    @property
    def is_well(self) -> bool:
        return self.status in (UP, CONSUMING)


def up() -> Health:
    if database_answers():
        return Health(UP, "This process answers, and so does PostgreSQL.")
    return Health(DOWN, "This process answers, but PostgreSQL does not: no page can be shown.")


def consuming() -> Health:
    """Up, and each queue was consumed within HEARTBEAT_STALE_S."""
    here = up()
    if not here.is_well:
        return here
    beats = beats_if_redis_answers()
    if beats is None:
        return Health(NOT_CONSUMING, "Redis does not answer: tickets are filed, but nothing is probed.")
    stale = [beat for beat in beats if not beat.is_fresh]
    if stale:
        return Health(NOT_CONSUMING, _complaint(stale), tuple(beats))
    return Health(CONSUMING, "Every queue is consumed.", tuple(beats))


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _complaint(stale: Iterable[Beat]) -> str:
    said = "; ".join(f"the queue {beat.queue} {_when(beat)}" for beat in stale)
    return (
        f"{said[0].upper()}{said[1:]}. More than {settings.HEARTBEAT_STALE_S} s is too long:"
        " is its worker up, has it a free thread, and does the beat run?"
    )


def _when(beat: Beat) -> str:
    if beat.age_s is None:
        return "has not been consumed as long as Redis remembers"
    return f"was last consumed {beat.age_s:.0f} s ago"
