"""Record what the lab shows for the behaviours that the cases name: `python -m tests.cases.record`.

The facts are kept beside the cases, so that judging them needs no network; record again when the lab or
the vocabulary of facts changes.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from probes.lab.server import Lab
from tests.bench.lab_probe import probe_facts
from tests.cases.labelled import FACTS_FILE, behaviour_and_protocol, labelled_cases

_NOT_NEEDED = (
    "header_names",
    "gap_histogram",
    "body_sha256",
    "malformed_sample",
    "unfinished",
    "http_version",
)
_BURSTS_KEPT = 12


def main() -> None:
    wanted = sorted({asked for case in labelled_cases() if (asked := behaviour_and_protocol(case))})
    with Lab() as lab, ThreadPoolExecutor(max_workers=16) as pool:
        seen = list(pool.map(lambda asked: probe_facts(lab, *asked), wanted))
    rows = {
        f"{behaviour} {protocol}": [_brief(facts.as_dict()) for facts in attempts]
        for (behaviour, protocol), attempts in zip(wanted, seen, strict=True)
    }
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(row, ensure_ascii=False)}" for name, row in rows.items()
    )
    FACTS_FILE.write_text(f"{{\n{lines}\n}}\n", "utf-8")
    print(f"{len(rows)} behaviours recorded")


def _brief(facts: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in facts.items() if name not in _NOT_NEEDED}
    if "bursts" in kept:
        kept["bursts"] = kept["bursts"][:_BURSTS_KEPT]
    return kept


if __name__ == "__main__":
    main()
