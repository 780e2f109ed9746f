"""The ids of one request from hop to hop, with the times that gateways write into them."""

from datetime import datetime
from typing import Final

from probes.wire.request_ids import embedded_time, time_in
from triage.tickets.paste.found import IdSeen, Remark, RequestId

_MOST: Final = 20


def chain_of(
    seen: list[IdSeen], *, stated: datetime | None, is_zone_known: bool = True
) -> tuple[RequestId, ...]:
    """Each id once, in the order of the paste, by its most telling name; `stated` is when the request was.

    Without a known zone the ids keep their own clocks; only whether any zone makes them fit is told.
    """
    first: dict[str, IdSeen] = {}
    for one in seen:
        known = first.get(one.value)
        if known is None:
            first[one.value] = one
        elif known.place == "text" and one.place != "text":
            first[one.value] = IdSeen(one.place, one.value, known.line)
    in_order = sorted(first.values(), key=lambda one: one.line)
    return tuple(_dated(one, stated, is_zone_known=is_zone_known) for one in in_order[:_MOST])


def _dated(one: IdSeen, stated: datetime | None, *, is_zone_known: bool) -> RequestId:
    local = embedded_time(one.value)
    if local is None:
        return RequestId(one.place, one.value, one.line)
    if stated is None:
        return RequestId(one.place, one.value, one.line, local.isoformat())
    made_at = time_in(one.value, near=stated)
    fits = datetime.fromisoformat(made_at).tzinfo is not None
    if fits and not is_zone_known:
        return RequestId(one.place, one.value, one.line, local.isoformat())
    return RequestId(one.place, one.value, one.line, made_at, Remark.ID_ZONE if fits else Remark.DISAGREES)
