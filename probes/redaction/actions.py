"""The redactor in force: built-in rules and the enabled rules of the database."""

import logging
from functools import lru_cache

from probes.redaction.catalogue import RULES
from probes.redaction.engine import Redactor
from probes.redaction.models import RedactionRule
from probes.redaction.rule import Rule
from probes.redaction.search import RuleError

logger = logging.getLogger(__name__)


def current_redactor() -> Redactor:
    """Built-in rules and the enabled ones of the database, compiled anew only when one has changed.

    A stored rule that does not compile, which validation prevents, makes one that withholds everything.
    """
    rules = RedactionRule.objects.enabled()
    count, changed = RedactionRule.objects.state()
    return _compiled(count, changed, tuple(rule.as_rule() for rule in rules) if count else ())


@lru_cache(maxsize=4)
def _compiled(count: int, changed: object, added: tuple[Rule, ...]) -> Redactor:
    try:
        return Redactor((*added, *RULES))
    except RuleError:
        logger.error("a stored redaction rule does not compile; every text is withheld until it is mended")
        return Redactor.withholding()
