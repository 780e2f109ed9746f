"""The desk's own keys: from the environment, or made once and kept in files that only the owner reads."""

import base64
import contextlib
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path


def _token() -> str:
    return secrets.token_urlsafe(48)


def _aes_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


MAKERS: Mapping[str, Callable[[], str]] = {
    "SECRET_KEY": _token,
    "PROBE_KEY_KEK": _aes_key,
    "REDACTION_PEPPER": _token,
}


def export_keys(folder: Path, *, may_make: bool) -> None:
    """Put each key that the environment lacks there, read from `folder`, or made first if allowed."""
    for name, make in MAKERS.items():
        if os.environ.get(name):
            continue
        file = folder / name.lower()
        if may_make and not file.exists():
            _write_once(file, make())
        if file.exists():
            os.environ[name] = file.read_text().strip()


def _write_once(file: Path, text: str) -> None:
    """Create `file` whole or not at all; a process that was faster wins."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(text + "\n")
    with contextlib.suppress(FileExistsError):
        os.link(draft, file)
    draft.unlink()
