"""The answer to "was I charged twice?": from the rows that may be meant to one finding with its story."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from triage.charges.coverage import Coverage
from triage.charges.finding import (
    GRAVITY,
    ChargeCode,
    ChargeFinding,
    Line,
    Remark,
    Statement,
    TaskStory,
    gravest_of,
    ids_of,
    net_amounts,
    spelled_task_ids,
)
from triage.charges.judgement import judge_task
from triage.charges.repeats import likeness_of, repeated_submissions
from triage.charges.retries import with_requests_counted
from triage.charges.story import tell_probes, tell_task

StoryKey = tuple[int, str, str]  # ledger, account, and the task, else the request, else the charge itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked, and what is known besides the ledger. Keys are normalised ids; empty: not given."""

    task_key: str = ""
    request_keys: tuple[str, ...] = ()
    account: str = ""
    outcome: str = ""  # an Outcome that the desk's look-up or probe saw
    declared_retries: int | None = None
    client: str = ""


def answer(
    lines: Sequence[Line],
    *,
    around: Iterable[Line] = (),
    question: Question = Question(),
    coverages: Mapping[int, Coverage] | None = None,
) -> ChargeFinding:
    """The gravest story of `lines`, the rows that the question means; without rows NO_ROWS.

    `around` are other rows in which the same request may have been sent again. `coverages` are the
    ledgers' own, by id.
    """
    if not lines:
        return ChargeFinding(code=ChargeCode.NO_ROWS, account=question.account)
    everything = _once([*lines, *around])
    stories = _stories(everything)
    asked = list(dict.fromkeys(map(_story_of, lines)))
    findings = [_judge(key, stories[key], question, coverages or {}) for key in asked]
    repeats = _repeats(everything, lines)
    finding = _gravest(findings, repeats, question, stories)
    if _accounts_disagree(findings, question):
        finding = _undecided(lines, Remark.ACCOUNT_UNKNOWN)
    elif len({line.account for line in lines}) > 1 and not question.account:
        finding = _remarked(finding, Remark.ACCOUNT_UNKNOWN, lines)
    return replace(finding, story=_told(finding, asked, stories))


def undecided(finding: ChargeFinding, lines: Sequence[Line], why: Remark) -> ChargeFinding:
    """The same rows and story, but they do not decide."""
    return replace(_undecided(lines, why), story=finding.story)


def _once(lines: Iterable[Line]) -> list[Line]:
    return list({(line.source_id, line.charge_id): line for line in lines}.values())


def _stories(lines: Iterable[Line]) -> dict[StoryKey, list[Line]]:
    stories: dict[StoryKey, list[Line]] = defaultdict(list)
    for line in lines:
        stories[_story_of(line)].append(line)
    return stories


def _story_of(line: Line) -> StoryKey:
    return (line.source_id, line.account, line.task_key or line.request_key or line.charge_id)


def _judge(
    key: StoryKey, rows: Sequence[Line], question: Question, coverages: Mapping[int, Coverage]
) -> ChargeFinding:
    meant = key[2] in (question.task_key, *question.request_keys)
    return judge_task(rows, outcome=question.outcome if meant else "", coverage=coverages.get(key[0]))


def _repeats(everything: Iterable[Line], lines: Sequence[Line]) -> list[ChargeFinding]:
    """Repeated submissions that a row in question belongs to."""
    meant = {(line.source_id, line.charge_id) for line in lines}
    found = repeated_submissions(sorted(everything, key=_order))
    return [
        repeat
        for repeat in found
        if any((repeat.source_id, charge_id) in meant for charge_id in repeat.charge_ids)
    ]


def _order(line: Line) -> tuple[object, ...]:
    return (line.source_id, likeness_of(line), line.occurred_at)


def _gravest(
    findings: Sequence[ChargeFinding],
    repeats: Sequence[ChargeFinding],
    question: Question,
    stories: Mapping[StoryKey, Sequence[Line]],
) -> ChargeFinding:
    gravest = gravest_of(findings)
    if gravest.code is ChargeCode.SINGLE and len(findings) > 1:
        gravest = _all_in_order(findings, stories)
    if not repeats:
        return gravest
    repeat = _counted(repeats[0], question, stories)
    if GRAVITY.index(repeat.code) < GRAVITY.index(gravest.code):
        return _with_statements_of(repeat, gravest)
    return replace(
        gravest,
        repeated_task_ids=repeat.task_ids,
        wire_count=repeat.wire_count,
        statements=(*gravest.statements, *repeat.statements),
        remarks=tuple(dict.fromkeys((*gravest.remarks, *repeat.remarks))),
    )


def _all_in_order(
    findings: Sequence[ChargeFinding], stories: Mapping[StoryKey, Sequence[Line]]
) -> ChargeFinding:
    """Several requests, each charged once: one finding over all of their rows."""
    told = {charge_id for finding in findings for charge_id in finding.charge_ids}
    rows = [line for lines in stories.values() for line in lines if line.charge_id in told]
    rows.sort(key=lambda line: line.occurred_at)
    ids, net = ids_of(rows), net_amounts(rows)
    said = Statement(code=ChargeCode.SINGLE, charge_ids=ids, amounts=net)
    return replace(
        findings[0],
        task_ids=spelled_task_ids(rows),
        charge_ids=ids,
        net=net,
        statements=(said, *findings[0].statements[1:]),
    )


def _counted(
    repeat: ChargeFinding, question: Question, stories: Mapping[StoryKey, Sequence[Line]]
) -> ChargeFinding:
    """With the arithmetic of requests: each task, or each request, was submitted once."""
    submissions: dict[StoryKey, Line] = {}
    for line in sorted((line for rows in stories.values() for line in rows), key=_order):
        if line.charge_id in repeat.charge_ids and line.source_id == repeat.source_id:
            submissions.setdefault(_story_of(line), line)
    return with_requests_counted(
        repeat, list(submissions.values()), declared=question.declared_retries, client=question.client
    )


def _with_statements_of(repeat: ChargeFinding, task: ChargeFinding) -> ChargeFinding:
    """The repetition leads; what else was found of the task asked for, is said after it."""
    return replace(
        repeat,
        statements=(*repeat.statements, *task.statements),
        remarks=tuple(dict.fromkeys((*repeat.remarks, *task.remarks))),
        probe_ids=task.probe_ids,
        gaps=task.gaps,
    )


# --- where the account decides


def _accounts_disagree(findings: Sequence[ChargeFinding], question: Question) -> bool:
    """The id exists under several accounts, none was named, and the answer depends on which is meant."""
    if question.account or len({finding.account for finding in findings}) < 2:
        return False
    return len({finding.code for finding in findings}) > 1


def _undecided(lines: Sequence[Line], why: Remark) -> ChargeFinding:
    ids = ids_of(lines)
    return ChargeFinding(
        code=ChargeCode.CANNOT_TELL,
        task_ids=spelled_task_ids(lines),
        source_id=lines[0].source_id,
        charge_ids=ids,
        remarks=(why,),
        statements=(
            Statement(code=ChargeCode.CANNOT_TELL, charge_ids=ids),
            Statement(code=why, charge_ids=ids),
        ),
    )


def _remarked(finding: ChargeFinding, remark: Remark, lines: Sequence[Line]) -> ChargeFinding:
    said = Statement(code=remark, charge_ids=ids_of(lines))
    return replace(finding, remarks=(*finding.remarks, remark), statements=(*finding.statements, said))


# --- the stories


def _told(
    finding: ChargeFinding, asked: Sequence[StoryKey], stories: Mapping[StoryKey, Sequence[Line]]
) -> tuple[TaskStory, ...]:
    """The stories asked for and those of the repetition, the gravest finding's own first; probes last."""
    mentioned = {(finding.source_id, charge_id) for charge_id in finding.charge_ids}
    repeated = {(finding.source_id, row) for said in finding.statements for row in said.charge_ids}
    shown = [key for key, rows in stories.items() if key in asked or _has(rows, repeated)]
    shown.sort(key=lambda key: (not _has(stories[key], mentioned), _first_at(stories[key])))
    first = _first_submissions(finding, shown, stories)
    told = [tell_task(stories[key], repeats=first.get(key, "")) for key in shown]
    probes = [line for key in shown for line in stories[key] if line.own_probe]
    customers = [story for story in told if story.events]
    return (*customers, tell_probes(probes)) if probes else tuple(customers)


def _has(rows: Sequence[Line], charges: set[tuple[int, str]]) -> bool:
    return any((row.source_id, row.charge_id) in charges for row in rows)


def _first_at(rows: Sequence[Line]) -> object:
    return min(row.occurred_at for row in rows)


def _first_submissions(
    finding: ChargeFinding, shown: Sequence[StoryKey], stories: Mapping[StoryKey, Sequence[Line]]
) -> dict[StoryKey, str]:
    """For each story that repeats an earlier one, the charge id of the earliest submission."""
    repeated = next(
        (
            said.charge_ids
            for said in finding.statements
            if said.code in (ChargeCode.DOUBLE_SUBMIT, ChargeCode.HIDDEN_RETRY)
        ),
        (),
    )
    if not repeated:
        return {}
    return {
        key: repeated[0]
        for key in shown
        if _has(stories[key], {(finding.source_id, row) for row in repeated})
        and not _has(stories[key], {(finding.source_id, repeated[0])})
    }
