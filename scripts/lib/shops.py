"""The simulated shops beside a suite: a process of their own, which ends with it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request

from scripts.lib import reaper
from scripts.lib.paths import LOGS, PYTHON, ROOT
from scripts.lib.ports import HOST

SANDBOX_APPS: dict[str, dict[str, str]] = {
    "shopify": {"clientId": "timbre-sandbox-app", "clientSecret": "shpss_00000000000000000000000000000001"},
    "amazon": {
        "applicationId": "amzn1.sp.solution.timbre-sandbox",
        "clientId": "amzn1.application-oa2-client.timbresandbox",
        "clientSecret": "amzn1.oa2-cs.v1.timbresandbox",
        "sqsQueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/timbre-orders",
        "awsKeyId": "AKIATIMBRESANDBOX00",
        "awsSecret": "timbre-sandbox-aws-secret-key-0000000000",
    },
    "flipkart": {
        "clientId": "5a0db0c5aef0c0ffee00000000000000000000a1",
        "clientSecret": "3b9ac9ffc0ffee0000000000000000abc",
    },
}
"""What the simulated platforms know this deployment by; nothing of it opens anything outside this machine."""
PATIENCE = 30.0


class Shops:
    """`python -m sandbox.shops` between `start()` and `stop()`."""

    def __init__(self, port: int, words: tuple[str, ...] = ()) -> None:
        self.url = f"http://{HOST}:{port}"
        self._command = [str(PYTHON), "-m", "sandbox.shops", "--port", str(port), *words]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start without waiting: nothing of the suite needs it before it is asked for."""
        LOGS.mkdir(parents=True, exist_ok=True)
        words = os.environ.get("TIMBRE_SHOPS_OPTIONS", "").split()
        with (LOGS / f"shops-{os.getpid()}.log").open("wb") as log:
            self._process = subprocess.Popen(
                [*self._command, *words],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=reaper.die_with_parent,
            )

    def wait(self) -> None:
        """Until it answers.

        Raises:
            RuntimeError: it ended, or did not answer in time.
        """
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            if self._process and self._process.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.url}/control/state", timeout=2).close()
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"The simulated shops did not start: see .timbre/logs/shops-{os.getpid()}.log")

    def stop(self) -> None:
        if self._process:
            reaper.send(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(3)
            except subprocess.TimeoutExpired:
                reaper.send(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
