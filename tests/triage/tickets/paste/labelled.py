"""Pastes with the fields that a person would read in them, and how well the reader finds the same.

A file in pastes/ holds cases: `=== name`, `field: value` lines, `--- paste` and the text. Beside exact
fields there are `field~: words` (the suggestion holds them), `field!: words` (it does not), `field@2: value`
(offered second), `also: a, b` (fields that may be suggested or not) and `chain-remark: code`. A line with
`a|b~: words` lets either field hold them. {KEY}, {HEX} and {GOOGLE} become made-up keys at run time.

`python -m tests.triage.tickets.paste.labelled` prints precision and recall per field, and every mistake.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from probes.redaction.engine import builtin_redactor
from triage.tickets.paste.found import Paste
from triage.tickets.paste.reader import read_paste
from triage.verdicts.clients.known import client_named

FOLDER = Path(__file__).parent / "pastes"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
KEYS = {
    "{KEY}": "sk-" + "a1B2" * 12,
    "{HEX}": "0f1e2d3c4b5a6978" * 2,
    "{GOOGLE}": "AIza" + "SyA1b2C3d" * 4 + "4E5",
}
WORDED = ("error_text", "notes")  # measured by the words that they must contain


@dataclass
class Labelled:
    """One case; `fields` are exact values, `words` what a text must hold, `lacks` what it must not."""

    name: str
    paste: str
    fields: dict[str, str] = field(default_factory=dict)
    words: list[tuple[str, str]] = field(default_factory=list)
    lacks: list[tuple[str, str]] = field(default_factory=list)
    also: set[str] = field(default_factory=set)
    second: dict[str, str] = field(default_factory=dict)
    chain_remark: str = ""

    def read(self) -> Paste:
        """Redacted first, as every caller does."""
        return read_paste(builtin_redactor().redact(self.paste).text, now=NOW)


@dataclass(frozen=True)
class Mistake:
    case: str
    field: str
    expected: str
    found: str


def cases() -> Iterator[Labelled]:
    for file in sorted(FOLDER.glob("*.txt")):
        for block in file.read_text("utf-8").split("\n=== ")[1:]:
            yield _case(file.stem, block)


def _case(family: str, block: str) -> Labelled:
    head, paste = block.split("--- paste\n", 1)
    name, *lines = head.strip().splitlines()
    for mark, key in KEYS.items():
        paste = paste.replace(mark, key)
    case = Labelled(f"{family}/{name.strip()}", paste.strip("\n"))
    for line in lines:
        label, _colon, value = line.partition(": ")
        _label(case, label.strip(), value.strip())
    return case


def _label(case: Labelled, label: str, value: str) -> None:
    if label == "also":
        case.also |= {name.strip() for name in value.split(",")}
    elif label == "chain-remark":
        case.chain_remark = value
    elif label.endswith("~"):
        case.words.append((label[:-1], value))
    elif label.endswith("!"):
        case.lacks.append((label[:-1], value))
    elif label.endswith("@2"):
        case.second[label[:-2]] = value
    else:
        case.fields[label] = value


def mistakes_of(case: Labelled, paste: Paste) -> tuple[Counter[tuple[str, str]], list[Mistake]]:
    """((field, "right" | "wrong" | "missed") counts, mistakes)."""
    counts: Counter[tuple[str, str]] = Counter()
    mistakes = []
    found = dict(paste.values())
    for name in sorted({*case.fields, *found} - set(WORDED)):
        expected, said = case.fields.get(name, ""), found.get(name, "")
        if expected and _same(name, expected, said):
            counts[name, "right"] += 1
        elif expected or (said and name not in case.also):
            counts[name, "missed"] += bool(expected)
            counts[name, "wrong"] += bool(said)
            mistakes.append(Mistake(case.name, name, expected, said))
    for names, words in case.words:
        ok = any(words in found.get(name, "") for name in names.split("|"))
        counts[names.split("|")[-1], "right" if ok else "missed"] += 1
        if not ok:
            mistakes.append(Mistake(case.name, names, f"…{words}…", found.get(names.split("|")[0], "")[:200]))
    for name, words in case.lacks:
        if words in found.get(name, ""):
            counts[name, "wrong"] += 1
            mistakes.append(Mistake(case.name, name, f"without {words}", found[name][:200]))
    return counts, mistakes


def _same(name: str, expected: str, said: str) -> bool:
    if name == "client" and said:
        known = [client_named(one) for one in (expected, said)]
        return expected.lower() == said.lower() or (known[0] is not None and known[0] == known[1])
    if name in ("elapsed_s", "first_output_s", "client_timeout_s") and said:
        return abs(float(expected) - float(said)) < 0.01
    return expected == said or (name.startswith(("base_url", "model")) and expected.lower() == said.lower())


def measured() -> tuple[Counter[tuple[str, str]], list[Mistake]]:
    total: Counter[tuple[str, str]] = Counter()
    mistakes: list[Mistake] = []
    for case in cases():
        counts, wrong = mistakes_of(case, case.read())
        total += counts
        mistakes += wrong
    return total, mistakes


def rates(counts: Counter[tuple[str, str]], name: str) -> tuple[float, float]:
    """(precision, recall) of one field; 1 where nothing was to be found."""
    right, wrong, missed = (counts[name, kind] for kind in ("right", "wrong", "missed"))
    return right / (right + wrong or 1), right / (right + missed or 1)


def overall(counts: Counter[tuple[str, str]]) -> tuple[float, float]:
    kinds = {
        kind: sum(n for (_name, of), n in counts.items() if of == kind)
        for kind in ("right", "wrong", "missed")
    }
    return kinds["right"] / (kinds["right"] + kinds["wrong"]), kinds["right"] / (
        kinds["right"] + kinds["missed"]
    )


def main() -> None:
    counts, mistakes = measured()
    for mistake in mistakes:
        print(f"{mistake.case:34} {mistake.field:17} expected {mistake.expected!r}, found {mistake.found!r}")
    print(f"\n{'field':18} {'right':>5} {'wrong':>5} {'missed':>6}  precision recall")
    for name in sorted({name for name, _kind in counts}):
        right, wrong, missed = (counts[name, kind] for kind in ("right", "wrong", "missed"))
        precision, recall = rates(counts, name)
        print(f"{name:18} {right:5} {wrong:5} {missed:6}  {precision:9.3f} {recall:6.3f}")
    precision, recall = overall(counts)
    print(f"{'all':18} {len(list(cases())):5} cases             {precision:9.3f} {recall:6.3f}")


if __name__ == "__main__":
    sys.exit(main())
