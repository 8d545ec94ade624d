"""The real binary for the tests: one engine on a database of its own, on a
free port, and calls to it that no library makes for us."""
import atexit
import base64
import json
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

BINARY = pathlib.Path(os.environ.get('SYMBOLON_BINARY') or pathlib.Path(__file__).parents[2] / 'bin/symbolon').resolve()


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Engine:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='symbolon-compat-')
        self.root = secrets.token_hex(16)
        address = f'127.0.0.1:{free_port()}'
        self.url = f'http://{address}'
        self.log = open(os.path.join(self.folder, 'log'), 'w+')
        self.process = subprocess.Popen(
            [str(BINARY), 'serve', '--api-addr', address, '--database', 'sqlite:' + os.path.join(self.folder, 'db')],
            env={**os.environ, 'SYMBOLON_ROOT_TOKEN': self.root}, stdout=self.log, stderr=self.log)
        atexit.register(self.stop)
        self._wait()

    def _wait(self):
        for _ in range(300):
            if self.process.poll() is not None:
                raise RuntimeError('the engine ended: ' + self.lines())
            try:
                if self.http('GET', '/api/lifecycle/healthcheck')[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)  # not yet
        raise RuntimeError('the engine does not answer: ' + self.lines())

    def lines(self):
        with open(self.log.name, encoding='utf-8') as f:
            return f.read()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def http(self, method, path, body=None, headers=None):
        """A call without any library: status, headers and body."""
        request = urllib.request.Request(self.url + path, method=method, data=body, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=30) as r:
                return r.status, r.headers, r.read().decode()
        except urllib.error.HTTPError as e:
            return e.code, e.headers, e.read().decode()

    def owner(self):
        return {'Authorization': 'Bearer ' + self.root, 'Content-Type': 'application/json'}

    def call(self, path, doc):
        status, _, text = self.http('POST', path, json.dumps(doc).encode(), self.owner())
        if status not in (200, 201):
            raise RuntimeError(f'{path}: {status} {text}')
        return json.loads(text)

    def basic(self, user, password):
        return {'Authorization': 'Basic ' + base64.b64encode(f'{user}:{password}'.encode()).decode()}


_engine = None


def engine():
    """The engine that all tests share."""
    global _engine
    _engine = _engine or Engine()
    return _engine
