"""What may follow on what: an import changes its state under a lock, or says why it cannot."""

from triage.charges.models import ChargeImport, ImportState


class WrongState(Exception):
    """The import is no longer, or not yet, where this could be done. `code` is "import." and its state."""

    def __init__(self, record: ChargeImport) -> None:
        self.code = f"import.{record.state}"
        self.record = record
        super().__init__(self.code)


def locked(pk: int, *expected: ImportState) -> ChargeImport:
    """The import, locked until the transaction ends.

    Raises WrongState when it is in none of the `expected` states, and ChargeImport.DoesNotExist.
    """
    rows = ChargeImport.objects.select_for_update(of=("self",), no_key=True)
    record = rows.select_related("source").get(pk=pk)
    if record.state not in expected:
        raise WrongState(record)
    return record
