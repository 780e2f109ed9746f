"""An upload is read and compared with its ledger: an exact preview, and nothing in the ledger."""


def read_upload(pk: int) -> None:
    """READING becomes PREVIEW, or REFUSED. Nothing happens when another worker is at it, or was."""
    raise NotImplementedError
