"""The customer's zone: the one that the ticket names, else China's; and what its clock is called."""

import re
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

CUSTOMERS_ZONE: Final = ZoneInfo("Asia/Shanghai")
"""Where customers are whose zone nobody told."""

_IN_CHINESE: Final = {
    "Asia/Shanghai": "北京时间",
    "Asia/Hong_Kong": "香港时间",
    "Asia/Taipei": "台北时间",
    "Asia/Tokyo": "东京时间",
    "Asia/Seoul": "首尔时间",
    "Asia/Singapore": "新加坡时间",
    "Asia/Kolkata": "印度时间",
    "Asia/Dubai": "迪拜时间",
    "Europe/London": "伦敦时间",
    "Europe/Paris": "巴黎时间",
    "Europe/Berlin": "柏林时间",
    "Europe/Moscow": "莫斯科时间",
    "America/New_York": "纽约时间",
    "America/Chicago": "芝加哥时间",
    "America/Los_Angeles": "洛杉矶时间",
    "Australia/Sydney": "悉尼时间",
    "UTC": "UTC",
}
_NAMED = re.compile(r" \(([A-Za-z]+(?:/[A-Za-z0-9_+-]+)*)\)$")


def zone_of(name: str) -> ZoneInfo:
    """The zone of that IANA name; China's for an empty name, and for one that names no zone."""
    try:
        return ZoneInfo(name) if name else CUSTOMERS_ZONE
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return CUSTOMERS_ZONE


def clock_in_chinese(clock: str) -> str:
    """A clock time as Chinese readers write it: "14:32:10 (Asia/Tokyo)" is "14:32:10（东京时间）"."""
    return _NAMED.sub(lambda found: f"（{_IN_CHINESE.get(found[1], found[1] + ' 时间')}）", clock)
