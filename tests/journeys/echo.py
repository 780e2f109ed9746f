"""An endpoint that sends pasted texts back in everything it can: headers, ids, bodies, events."""

import json
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class EchoServer(ThreadingHTTPServer):
    """Each request is answered with the next texts of the list, in turn."""

    daemon_threads = True

    def __init__(self, texts: Sequence[str], *, each: int = 5) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._batches = [texts[at : at + each] for at in range(0, len(texts), each)]
        self._served = 0

    def __enter__(self) -> "EchoServer":
        Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def next_batch(self) -> Sequence[str]:
        self._served += 1
        return self._batches[(self._served - 1) % len(self._batches)]


class _Handler(BaseHTTPRequestHandler):
    server: EchoServer

    def do_GET(self) -> None:
        self._answer({"data": [{"id": text} for text in self.server.next_batch()]}, status=200)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        texts = self.server.next_batch()
        if asked.get("stream"):
            self._stream(texts)
        else:
            self._answer({"error": {"message": "\n\n".join(texts), "code": texts[0], "type": texts[-1]}}, 401)

    def _answer(self, body: dict[str, Any], status: int) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self._headers("application/json", [str(len(raw)), *map(str, body.values())])
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def _stream(self, texts: Sequence[str]) -> None:
        """Words, the texts in places that a client logs, one broken event, and no end marker."""
        self.send_response(200)
        self._headers("text/event-stream", texts)
        self.end_headers()
        for text in texts:
            chunk = {"id": text, "model": text, "choices": [{"delta": {"content": text}}]}
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.write(f"event: error\ndata: {json.dumps({'error': {'message': texts[0]}})}\n\n".encode())
        self.wfile.write(f"data: {{broken {json.dumps(texts[-1])}\n\n".encode())

    def _headers(self, content_type: str, texts: Sequence[str]) -> None:
        self.send_header("Content-Type", content_type)
        for name, text in zip(
            ("x-request-id", "x-echo", "cf-ray", "x-oneapi-request-id"), texts, strict=False
        ):
            self.send_header(name, _one_line(text))
        self.send_header("Location", f"https://elsewhere.example/?key={_one_line(texts[0])}")

    def log_message(self, *_: object) -> None:
        """What the endpoint itself logs is no concern of the desk."""


def _one_line(text: str) -> str:
    return " ".join(text.split()).encode("ascii", "replace").decode()[:400]
