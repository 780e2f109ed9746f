"""What the case's surroundings add: the endpoint's health, tickets alike, an open incident."""

from triage.verdicts.reading import Conclusion, Reading


def refined(conclusion: Conclusion, reading: Reading) -> Conclusion:
    """The conclusion as health, similar tickets and incidents leave it; without them it stays as it is."""
    return conclusion
