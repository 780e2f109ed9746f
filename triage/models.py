"""Every model of the app, gathered where Django looks for them."""

from triage.charges.connectors.models import LedgerConnector as LedgerConnector
from triage.charges.connectors.models import LedgerToken as LedgerToken
from triage.charges.connectors.models import PushReceipt as PushReceipt
from triage.charges.models import Charge as Charge
from triage.charges.models import ChargeChange as ChargeChange
from triage.charges.models import ChargeConflict as ChargeConflict
from triage.charges.models import ChargeImport as ChargeImport
from triage.charges.models import ImportOverlap as ImportOverlap
from triage.charges.models import LedgerSource as LedgerSource
from triage.charges.models import RejectedRow as RejectedRow
from triage.charges.models import SealedChunk as SealedChunk
from triage.history.models import Entry as Entry
from triage.incidents.models import Incident as Incident
from triage.people.models import AuditEntry as AuditEntry
from triage.people.models import Member as Member
from triage.people.models import SavedView as SavedView
from triage.rules.models import RuleDraft as RuleDraft
from triage.rules.models import RuleVersion as RuleVersion
from triage.tickets.models import Investigation as Investigation
from triage.tickets.models import Ticket as Ticket
from triage.tickets.models import VerdictCorrection as VerdictCorrection
from triage.verdicts.models import PlaybookRevision as PlaybookRevision
