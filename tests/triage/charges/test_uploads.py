"""What the browser sends: whole, in order, bounded, and never readable on the disk."""

import tempfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from triage.charges.uploads import SealedUpload, SealingHandler

LIMIT = 1 << 20


def sent(*files: tuple[str, bytes]):
    return RequestFactory().post("/", {name: SimpleUploadedFile("a.csv", content) for name, content in files})


def received(content: bytes, *, limit: int = LIMIT) -> SealedUpload:
    request = sent(("file", content))
    request.upload_handlers = [SealingHandler(limit)]
    return request.FILES["file"]


@pytest.mark.parametrize("size", [0, 1, 100_000, LIMIT - 1, LIMIT])
def test_a_file_within_the_limit_comes_out_as_it_went_in(size):
    content = (b"id,amount\n1,0.5\n" * (size // 16 + 1))[:size]

    upload = received(content)

    assert b"".join(upload.pieces()) == content
    assert upload.size == size


def test_a_file_beyond_the_limit_keeps_its_size_and_nothing_else():
    upload = received(b"x" * (LIMIT + 1))

    assert upload.size == LIMIT + 1
    assert list(upload.pieces()) == []


def test_the_beginning_tells_what_kind_of_file_it_is():
    assert received(b"%PDF-1.7 and more").head == b"%PDF-1.7"


def test_what_lies_on_the_disk_cannot_be_read_and_has_no_name(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    secret = b"sk-" + b"a1B2" * 12

    upload = received(b"id,key\n1," + secret)
    upload.file.seek(0)

    assert secret not in upload.file.read()
    assert list(tmp_path.iterdir()) == []


def test_only_the_ledgers_door_takes_files():
    request = sent(("file", b"id,amount"))

    assert dict(request.FILES) == {}


def test_a_second_file_and_files_of_other_fields_are_dropped():
    request = sent(("other", b"x" * 10), ("file", b"id,amount"))
    request.upload_handlers = [SealingHandler(LIMIT)]

    assert list(request.FILES) == ["file"]
    assert b"".join(request.FILES["file"].pieces()) == b"id,amount"
