"""Ledgers made up from stories with known answers, so that findings can be compared with the truth.

What a story is, is said here without any of the desk's own code.
"""

import csv
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

HEADERS = (
    *("charge_id", "task_id", "account", "key_mask", "model", "kind", "amount", "currency"),
    *("created_at", "request_id", "fingerprint", "ref_charge_id", "component", "outcome"),
)
OUR_KEY = "sk-…desk"  # what the desk's own probes pay with
START = datetime(2026, 3, 1, tzinfo=UTC)
MODELS = ("video-a", "video-b", "image-a")


Tasks = dict[tuple[str, str], dict[str, Decimal]]  # amounts per currency, by account and task


@dataclass
class Truth:
    """`over` is what came back of a duplicate beyond its amount."""

    duplicates: Tasks = field(default_factory=dict)
    over: Tasks = field(default_factory=dict)
    over_refunded: Tasks = field(default_factory=dict)
    unrefunded: Tasks = field(default_factory=dict)
    undelivered: Tasks = field(default_factory=dict)
    second_logs: dict[frozenset[str], dict[str, Decimal]] = field(default_factory=dict)  # by charge ids
    undecided: set[tuple[str, str]] = field(default_factory=set)
    repeats: set[frozenset[str]] = field(default_factory=set)
    totals: dict[str, Decimal] = field(default_factory=dict)
    probes: dict[str, Decimal] = field(default_factory=dict)


class Ledger:
    """Rows as dicts of text, and the truth about them."""

    def __init__(self, seed: int, *, ordinary: int = 20) -> None:
        """`ordinary` is how often a task in good order comes for each story of another kind."""
        self.random = random.Random(seed)
        self._ordinary = ordinary
        self.truth = Truth()
        self.rows: list[dict[str, str]] = []
        self._clock = START

    def fill(self, rows: int) -> "Ledger":
        """Stories in a random order until there are at least so many rows."""
        while len(self.rows) < rows:
            story: Callable[[], None] = self.random.choice(self.stories)
            self._clock += timedelta(seconds=self.random.randint(2, 900))
            story()
        self._clock += timedelta(hours=3)  # by then every refund was due
        self.single()
        return self

    @property
    def stories(self) -> list[Callable[[], None]]:
        ordinary = [self.single] * self._ordinary + [self.chat] * (self._ordinary // 4)
        explained = [self.hold, self.precharge, self.refunded, self.reversed, self.split]
        explained += [self.failed_and_refunded, self.skewed_refund, self.two_currencies, self.trace]
        explained += [self.same_id_elsewhere, self.other_case, self.placeholder, self.adjustment, self.probe]
        wrong = [self.duplicate, self.refunded_duplicate, self.respelled, self.duplicate_of_parts]
        wrong += [self.refunded_twice, self.unnamed_refund, self.over_refund, self.billed_requests_twice]
        wrong += [self.failed_and_charged, self.failed_and_part_refunded, self.not_delivered]
        wrong += [self.logged_twice, self.rounded]
        repeated = [self.repeat, self.unfingerprinted]
        return [*ordinary, *explained, *wrong, *repeated]

    def single(self) -> None:
        self._charge(self._task())

    def chat(self) -> None:
        self._charge("")

    def hold(self) -> None:
        task = self._task()
        hold = self._add(task, "hold", "4.00")
        self._add(task, "capture", "2.50", after=60, ref_charge_id=hold["charge_id"])
        self._add(task, "release", "-4.00", after=60, ref_charge_id=hold["charge_id"])

    def precharge(self) -> None:
        task = self._task()
        held = self._add(task, "precharge", "1.00")
        self._add(
            task, "settle", self.random.choice(("0.25", "-0.25")), after=30, ref_charge_id=held["charge_id"]
        )

    def refunded(self) -> None:
        charge = self._charge(self._task())
        self._add(charge, "refund", f"-{charge['amount']}", after=3600, ref_charge_id=charge["charge_id"])

    def reversed(self) -> None:
        charge = self._charge(self._task())
        self._add(charge, "reversal", f"-{charge['amount']}", after=600, ref_charge_id=charge["charge_id"])
        self._add(charge, "charge", charge["amount"], after=601)

    def split(self) -> None:
        first = self._charge(self._task(), component="input")
        self._add(first, "charge", "0.30", component="output")

    def duplicate(self) -> None:
        charge = self._charge(self._task())
        extra = [self._again(charge) for _ in range(self.random.randint(1, 3))]
        self._owe(charge, extra)

    def duplicate_of_parts(self) -> None:
        parts = {"input": "0.10", "output": "0.40"}
        task = self._new_task(self._task())
        first, _, *extra = [
            self._add(task, "charge", amount, component=part, after=after)
            for after in (0, 40)
            for part, amount in parts.items()
        ]
        self._owe(first, extra)

    def refunded_duplicate(self) -> None:
        charge = self._charge(self._task())
        extra = self._again(charge)
        back = Decimal(extra["amount"]) / self.random.choice((1, 2))
        self._add(charge, "refund", f"-{back}", after=7200, ref_charge_id=extra["charge_id"])
        self._owe(charge, [extra], back)

    def respelled(self) -> None:
        task = str(UUID(int=self.random.getrandbits(128)))
        charge = self._charge(task)
        extra = self._again(charge)
        extra["task_id"] = self.random.choice((task.upper(), f" {task}", f"{task}\t", task.replace("-", "")))
        self._owe(charge, [extra])

    def refunded_twice(self) -> None:
        """The extra charge came back, and then once more."""
        charge = self._charge(self._task())
        extra = self._again(charge)
        for after in (7200, 7300):
            self._add(charge, "refund", f"-{extra['amount']}", after=after, ref_charge_id=extra["charge_id"])
        self._owe(charge, [extra], Decimal(extra["amount"]))
        self.truth.over[self._key(charge)] = self._amounts(extra)

    def unnamed_refund(self) -> None:
        """A refund that says of no charge what it gives back, means the latest."""
        charge = self._charge(self._task())
        extra = self._add(charge, "charge", charge["amount"], after=30)
        self._add(charge, "refund", f"-{extra['amount']}", after=7200)
        self._owe(charge, [extra], Decimal(extra["amount"]))

    def over_refund(self) -> None:
        charge = self._charge(self._task())
        for after in (3600, 7200):
            self._add(
                charge, "refund", f"-{charge['amount']}", after=after, ref_charge_id=charge["charge_id"]
            )
        self.truth.over_refunded[self._key(charge)] = self._amounts(charge)

    def skewed_refund(self) -> None:
        """The machine that writes refunds is a minute behind."""
        charge = self._add(self._task(), "charge", "0.50", after=60)
        self._add(charge, "refund", "-0.50", after=2)

    def two_currencies(self) -> None:
        """Charged in one currency and given back in another: neither too much, nor for nothing."""
        charge = self._charge(self._task())
        other = "CNY" if charge["currency"] == "USD" else "USD"
        self._add(charge, "refund", "-1.00", after=3600, currency=other, ref_charge_id=charge["charge_id"])

    def failed_and_charged(self) -> None:
        charge = self._charge(self._task(), outcome=self.random.choice(("failed", "FAILURE", "失败")))
        self.truth.unrefunded[self._key(charge)] = self._amounts(charge)

    def failed_and_part_refunded(self) -> None:
        hold = self._add(self._task(), "hold", "3.00")
        self._add(hold, "refund", "-1.75", after=900, ref_charge_id=hold["charge_id"], outcome="failed")
        self.truth.unrefunded[self._key(hold)] = {hold["currency"]: Decimal("1.25")}

    def failed_and_refunded(self) -> None:
        charge = self._charge(self._task(), outcome="failed")
        self._add(charge, "refund", f"-{charge['amount']}", after=300, ref_charge_id=charge["charge_id"])

    def not_delivered(self) -> None:
        charge = self._charge(self._task(), outcome=self.random.choice(("client_gone", "timeout", "取消")))
        self.truth.undelivered[self._key(charge)] = self._amounts(charge)

    def logged_twice(self) -> None:
        """Two hooks of one call wrote a row each: no task, and the same request."""
        row = self._charge("", component="acompletion")
        again = self._add(row, "charge", row["amount"], after=1, component="aresponses")
        again["request_id"] = row["request_id"]
        charges = frozenset((row["charge_id"], again["charge_id"]))
        self.truth.second_logs[charges] = self._amounts(again)

    def billed_requests_twice(self) -> None:
        """A chat has no task; its request was billed twice."""
        row = self._charge("")
        again = self._add(row, "charge", row["amount"], after=self.random.choice((0, 4, 600)))
        again["request_id"] = row["request_id"]
        self.truth.duplicates[row["account"], row["request_id"]] = self._amounts(again)

    def trace(self) -> None:
        """Some logs write a trace where the request belongs: several calls share it."""
        row = self._charge("")
        for number in range(1, 4):
            call = self._add(row, "charge", f"0.{number}7", after=number, fingerprint=self._hex(16))
            call["request_id"] = row["request_id"]

    def rounded(self) -> None:
        """A spreadsheet has made one number of two ids."""
        task = f"{self.random.randint(10**14, 10**15 - 1)}000"
        charge = self._charge(task)
        self._add(charge, "charge", charge["amount"], after=900, fingerprint=self._hex(16))
        self.truth.undecided.add(self._key(charge))

    def other_case(self) -> None:
        """Ids of letters and digits in which the case counts."""
        name = f"vid_{self._hex(20)}aB"
        self._charge(name)
        self._clock += timedelta(seconds=900)
        self._charge(name.swapcase())

    def probe(self) -> None:
        """The desk's own requests repeat themselves on purpose."""
        row = self._charge(self._task(), key_mask=OUR_KEY)
        again = self._again(row)
        for each in (row, again):
            owed = self.truth.probes.get(each["currency"], Decimal(0))
            self.truth.probes[each["currency"]] = owed + Decimal(each["amount"])

    def repeat(self) -> None:
        first = self._charge(self._task())
        pause, tasks = 0, {first["task_id"]}
        for _ in range(self.random.randint(1, 3)):
            pause += self.random.choice((1, 4, 61, 66))
            tasks.add(
                self._add(first, "charge", first["amount"], after=pause, task_id=self._task())["task_id"]
            )
        self.truth.repeats.add(frozenset(tasks))

    def unfingerprinted(self) -> None:
        first = self._charge(self._task(), fingerprint="")
        second = self._add(first, "charge", first["amount"], after=3, task_id=self._task())
        self.truth.repeats.add(frozenset((first["task_id"], second["task_id"])))

    def same_id_elsewhere(self) -> None:
        charge = self._charge(str(self.random.randint(1000, 10**9)))
        self._add(charge, "charge", charge["amount"], after=60, account="other", fingerprint=self._hex(16))

    def placeholder(self) -> None:
        task = self.random.choice(("-", "null", "0", "N/A", "None"))
        for _ in range(2):
            self._charge(task)

    def adjustment(self) -> None:
        self._add("", "adjustment", self.random.choice(("-5.00", "0", "1.25")))

    def _task(self) -> str:
        shapes = (f"task_{self._hex(24)}", f"video_{self._hex(32)}", str(self.random.randint(10**17, 10**18)))
        return self.random.choice(shapes)

    def _hex(self, digits: int) -> str:
        return f"{self.random.getrandbits(digits * 4):0{digits}x}"

    def _charge(self, task: str, **cells: str) -> dict[str, str]:
        return self._add(task, "charge", f"{2 * self.random.randint(1, 10**11)}e-10", **cells)

    def _again(self, charge: dict[str, str]) -> dict[str, str]:
        return self._add(charge, "charge", charge["amount"], after=self.random.choice((0, 5, 4000)))

    def _add(
        self, of: str | dict[str, str], kind: str, amount: str, *, after: float = 0, **cells: str
    ) -> dict[str, str]:
        """A row of a task, or like another row; `after` seconds from the story's beginning."""
        like = of if isinstance(of, dict) else self._new_task(of)
        row = like | {"kind": kind, "amount": amount, "ref_charge_id": "", "component": ""} | cells
        row |= {
            "charge_id": f"ch_{len(self.rows):08d}{self._hex(6)}",
            "request_id": f"req_{self._hex(20)}",
            "created_at": (self._clock + timedelta(seconds=after)).isoformat(),
        }
        self.rows.append(row)
        total = self.truth.totals.get(row["currency"], Decimal(0))
        self.truth.totals[row["currency"]] = total + Decimal(amount)
        return row

    def _new_task(self, task: str) -> dict[str, str]:
        return dict.fromkeys(HEADERS, "") | {
            "task_id": task,
            "account": f"u{self.random.randint(100, 160)}",
            "key_mask": "sk-…ab12",
            "model": self.random.choice(MODELS),
            "currency": self.random.choice(("USD", "USD", "CNY")),
            "fingerprint": self._hex(16),
        }

    def _owe(self, charge: dict[str, str], extra: list[dict[str, str]], back: Decimal = Decimal(0)) -> None:
        owed = sum((Decimal(row["amount"]) for row in extra), Decimal(0)) - back
        self.truth.duplicates[self._key(charge)] = {charge["currency"]: owed}

    def _key(self, row: dict[str, str]) -> tuple[str, str]:
        return row["account"], row["task_id"]

    def _amounts(self, row: dict[str, str]) -> dict[str, Decimal]:
        return {row["currency"]: Decimal(row["amount"])}


def write_csv(
    rows: list[dict[str, str]], path: Path, *, encoding: str = "utf-8", separator: str = ","
) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, HEADERS, delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)
    return path
