"""A real nginx of the tests' own in front of the lab: unprivileged, on loopback, gone with its folder."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from probes.lab.server import Lab
from tests.probes.net.authority import Authority
from tests.supervision.desk import free_port

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
READY_WITHIN_S = 10

_CONFIG = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 128; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  limit_req_zone $server_port zone=busy:64k rate=1r/m;
  limit_req_zone $server_port zone=told:64k rate=1r/m;

  server {{
    listen 127.0.0.1:{port};
    location /on/ {{
      proxy_pass {lab}/;
      proxy_buffer_size 64k;
      proxy_buffers 8 256k;
      proxy_busy_buffers_size 512k;
    }}
    location /blocks/ {{
      proxy_pass {lab}/;
      proxy_buffer_size 4k;
      proxy_buffers 8 4k;
    }}
    location /on-chunked/ {{
      proxy_pass {lab}/;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffer_size 64k;
      proxy_buffers 8 256k;
      proxy_busy_buffers_size 512k;
    }}
    location /off/ {{
      proxy_pass {lab}/;
      proxy_buffering off;
    }}
    location /gzip/ {{
      proxy_pass {lab}/;
      proxy_buffering off;
      gzip on;
      gzip_types text/event-stream;
      gzip_min_length 0;
    }}
    location /gzip-held/ {{
      proxy_pass {lab}/;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      gzip on;
      gzip_types text/event-stream;
      gzip_min_length 0;
    }}
    location /short/ {{
      proxy_pass {lab}/;
      proxy_buffering off;
      proxy_read_timeout 1s;
    }}
    location /dead/ {{ proxy_pass http://127.0.0.1:{nobody}/; }}
    location /small/ {{
      proxy_pass {lab}/;
      client_max_body_size 100;
    }}
    location /busy/ {{
      proxy_pass {lab}/;
      limit_req zone=busy;
    }}
    location /told/ {{
      proxy_pass {lab}/;
      limit_req zone=told;
      limit_req_status 429;
    }}
  }}
  server {{
    listen 127.0.0.1:{plain_h2} http2;
    location / {{
      proxy_pass {lab}/;
      proxy_buffering off;
    }}
  }}
  server {{
    listen 127.0.0.1:{tls} ssl http2;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_certificate {certificate};
    ssl_certificate_key {certificate};
    location / {{
      proxy_pass {lab}/;
      proxy_buffering off;
    }}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Nginx:
    """Where it listens: `port` speaks HTTP/1.1, `plain_h2` HTTP/2 without TLS, `tls` either with it."""

    port: int
    plain_h2: int
    tls: int
    ca_file: str


@contextmanager
def nginx_before(lab: Lab) -> Iterator[Nginx]:
    """A running nginx; it is gone, with its folder, when the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="desk-nginx-"))
    try:
        authority = Authority(folder)
        authority.context("127.0.0.1")
        ours = Nginx(free_port(), free_port(), free_port(), authority.ca_file)
        certificate = next(folder.glob("127.0.0.1-*.pem"))
        config = _CONFIG.format(
            folder=folder,
            lab=lab.base_url,
            nobody=free_port(),
            certificate=certificate,
            port=ours.port,
            plain_h2=ours.plain_h2,
            tls=ours.tls,
        )
        with _running(folder, config):
            for port in (ours.port, ours.plain_h2, ours.tls):
                _wait_for(port)
            yield ours
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(folder: Path, config: str) -> Iterator[None]:
    (folder / "nginx.conf").write_text(config)
    account = _unprivileged(folder)
    command = [
        str(NGINX),
        "-p",
        str(folder),
        "-c",
        str(folder / "nginx.conf"),
        "-e",
        str(folder / "error.log"),
    ]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, **account)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=READY_WITHIN_S)


def _unprivileged(folder: Path) -> dict[str, Any]:
    """Whom it runs as: nobody, where the tests run as root; the folder then becomes nobody's."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    for path in (folder, *folder.iterdir()):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
