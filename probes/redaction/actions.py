"""The redactor in force: built-in rules and the enabled rules of the database."""

import logging
from functools import lru_cache

from probes.redaction.catalogue import RULES
from probes.redaction.engine import Redactor
from probes.redaction.models import RedactionRule
from probes.redaction.rule import Rule
from probes.redaction.search import RuleError

logger = logging.getLogger(__name__)


def current_redactor(field: str = "") -> Redactor:
    """Built-in rules and the enabled ones of the database, compiled anew only when one has changed.

    Rules that name fields apply only when `field` is among them; of two rules, the one with the smaller order
    names what both find. A change binds at the next call, in every process: nothing is told, all ask.
    A stored rule that does not compile, which validation prevents, makes one that withholds everything.
    """
    count, changed = RedactionRule.objects.state()
    rules = RedactionRule.objects.enabled().order_by("order", "name") if count else ()
    here = [rule for rule in rules if not rule.only_in or field in rule.only_in]
    return _compiled(count, changed, tuple(rule.as_rule() for rule in here))


@lru_cache(maxsize=16)
def _compiled(count: int, changed: object, added: tuple[Rule, ...]) -> Redactor:
    try:
        return Redactor((*added, *RULES))
    except RuleError as error:
        logger.error(
            "the stored redaction rules do not compile; every text is withheld until then: %s", error
        )
        return Redactor.withholding()
