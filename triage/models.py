"""Every model of the app, gathered where Django looks for them."""

from triage.people.models import Member as Member
