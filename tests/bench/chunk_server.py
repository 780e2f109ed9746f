"""An OpenAI-like endpoint in a process of its own: a stream of so many chunks, so far apart."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.bench.bench_decoder import CHUNK

CHUNKS = 1000
_END = b"data: [DONE]\n\n"
_MODEL = re.compile(r"every-([\d.]+)-ms")


def model_for(gap_ms: float) -> str:
    """The model whose chunks leave so far apart, each in a write of its own."""
    return f"every-{gap_ms:g}-ms"


@contextmanager
def serving() -> Iterator[str]:
    """The base URL of a running server. In another process, or it would slow down the probe it serves."""
    command = [sys.executable, "-m", "tests.bench.chunk_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            yield f"http://127.0.0.1:{int(server.stdout.readline())}/v1"
        finally:
            server.terminate()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # status line and headers leave together

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if asked.get("stream"):
            self._stream(float(_MODEL.fullmatch(asked["model"])[1]) / 1000)
        else:
            self._answer()

    def _stream(self, gap_s: float) -> None:
        """The first chunk leaves with the headers, so that "first byte" means the same to every client."""
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        began = time.monotonic()
        for number in range(CHUNKS):
            self._chunk(CHUNK % number)
            time.sleep(max(0.0, began + (number + 1) * gap_s - time.monotonic()))
        self._chunk(_END)
        self._chunk(b"")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.flush()

    def _answer(self) -> None:
        message = {"role": "assistant", "content": "one, two"}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        body = json.dumps({"id": "chatcmpl-1", "object": "chat.completion", "choices": [choice]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


def main() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        print(server.server_port, flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
