"""Every model of the app, gathered where Django looks for them."""

from triage.people.models import Member as Member
from triage.tickets.models import Investigation as Investigation
from triage.tickets.models import Ticket as Ticket
