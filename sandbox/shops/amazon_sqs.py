"""A simulated SQS standard queue behind its JSON protocol: at least once, in no order, hidden while it is worked on."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from threading import Condition
from typing import Any

from flask import Request
from werkzeug.wrappers import Response

ACCOUNT, NAME, REGION = "111122223333", "timbre-orders", "eu-west-1"
KEY_ID, SECRET = "AKIATIMBRESANDBOX00", "timbre-sandbox-aws-secret-key-0000000000"
ARN = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{NAME}"
KEPT = timedelta(days=4)


@dataclass
class _Held:
    id: str
    body: str
    sent: datetime
    visible: datetime
    handle: str = ""
    received: int = 0


class Queue:
    """One standard queue."""

    def __init__(self, now: Callable[[], datetime], seed: int = 5, speed: float = 1.0) -> None:
        """Args:
        speed: how much faster than said a long poll waits.
        """
        self._now, self._draw, self.speed = now, Random(seed), speed
        self._held: list[_Held] = []
        self._changed = Condition()
        self.twice = 0.1
        """Share of the messages that come a second time."""

    def __len__(self) -> int:
        with self._changed:
            return len(self._held)

    def send(self, body: str) -> None:
        with self._changed:
            for _ in range(2 if self._draw.random() < self.twice else 1):
                self._held.append(
                    _Held(str(uuid.UUID(int=self._draw.getrandbits(128))), body, self._now(), self._now())
                )
            self._changed.notify_all()

    def receive(self, most: int, wait: float, hidden: float) -> list[_Held]:
        """Some of the visible messages, drawn; each hidden for `hidden` seconds."""
        with self._changed:
            self._changed.wait_for(self._visible, wait / self.speed)
            found = self._visible()
            self._draw.shuffle(found)
            for one in found[:most]:
                one.handle = f"AQEB{self._draw.getrandbits(512):0128x}"
                one.visible = self._now() + timedelta(seconds=hidden)
                one.received += 1
            return found[:most]

    def _visible(self) -> list[_Held]:
        now = self._now()
        self._held = [one for one in self._held if one.sent + KEPT > now]
        return [one for one in self._held if one.visible <= now]

    def delete(self, handle: str) -> bool:
        """False for a handle that is not the newest of a message."""
        with self._changed:
            kept = [one for one in self._held if one.handle != handle]
            found = len(kept) < len(self._held)
            self._held = kept
            return found

    def hide(self, handle: str, seconds: float) -> bool:
        with self._changed:
            for one in self._held:
                if one.handle == handle:
                    one.visible = self._now() + timedelta(seconds=seconds)
                    self._changed.notify_all()
                    return True
            return False


def failed(kind: str, message: str, status: int = 400) -> Response:
    body = json.dumps({"__type": f"com.amazonaws.sqs#{kind}", "message": message})
    return Response(body, status, content_type="application/x-amz-json-1.0")


def answer(queue: Queue, request: Request) -> Response:
    """One call of the JSON protocol."""
    if not _signed(request):
        return failed("InvalidSignatureException", "The request signature we calculated does not match.", 403)
    action = request.headers.get("X-Amz-Target", "").removeprefix("AmazonSQS.")
    asked: dict[str, Any] = json.loads(request.get_data() or b"{}")
    if not str(asked.get("QueueUrl", "")).endswith(f"/{ACCOUNT}/{NAME}"):
        return failed("QueueDoesNotExist", "The specified queue does not exist.")
    result: dict[str, Any] = {}
    if action == "ReceiveMessage":
        most = int(asked.get("MaxNumberOfMessages", 1))
        wait, hidden = float(asked.get("WaitTimeSeconds", 0)), float(asked.get("VisibilityTimeout", 30))
        if not (1 <= most <= 10 and 0 <= wait <= 20 and 0 <= hidden <= 43_200):
            return failed("InvalidParameterValue", "Value for a parameter is out of range.")
        found = queue.receive(most, wait, hidden)
        if found:
            result["Messages"] = [
                {
                    "MessageId": one.id,
                    "ReceiptHandle": one.handle,
                    "MD5OfBody": hashlib.md5(one.body.encode()).hexdigest(),
                    "Body": one.body,
                }
                for one in found
            ]
    elif action == "DeleteMessage":
        if not queue.delete(str(asked.get("ReceiptHandle", ""))):
            return failed("ReceiptHandleIsInvalid", "The input receipt handle is invalid.")
    elif action in ("DeleteMessageBatch", "ChangeMessageVisibilityBatch"):
        entries = asked.get("Entries") or []
        if not entries:
            return failed("EmptyBatchRequest", "There should be at least one entry in the request.")
        if len(entries) > 10:
            return failed("TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10.")
        result = {"Successful": [], "Failed": []}
        for entry in entries:
            handle = str(entry["ReceiptHandle"])
            done = (
                queue.delete(handle)
                if action == "DeleteMessageBatch"
                else queue.hide(handle, float(entry.get("VisibilityTimeout", 0)))
            )
            wrong = {"Id": entry["Id"], "SenderFault": True, "Code": "ReceiptHandleIsInvalid"}
            result["Successful" if done else "Failed"].append({"Id": entry["Id"]} if done else wrong)
    else:
        return failed("InvalidAction", f"The action {action} is not valid for this endpoint.")
    return Response(json.dumps(result), 200, content_type="application/x-amz-json-1.0")


def _signed(request: Request) -> bool:
    """AWS Signature Version 4, as the receiver computes it from what arrived."""
    try:
        fields = dict(
            part.strip().split("=", 1)
            for part in request.headers["Authorization"].removeprefix("AWS4-HMAC-SHA256 ").split(",")
        )
        key_id, day, region, service, end = fields["Credential"].split("/")
        names = fields["SignedHeaders"].split(";")
        when = request.headers["X-Amz-Date"]
    except (KeyError, ValueError):
        return False
    if key_id != KEY_ID or service != "sqs" or end != "aws4_request" or not {"host", "x-amz-date"} <= set(names):
        return False
    headers = "".join(f"{name}:{request.headers.get(name, '')}\n" for name in names)
    digest = hashlib.sha256(request.get_data()).hexdigest()
    # A client of a queue signs the path that it calls: the service's root.
    canonical = f"{request.method}\n{request.path}\n\n{headers}\n{';'.join(names)}\n{digest}"
    scope = f"{day}/{region}/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{when}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = hmac.digest(f"AWS4{SECRET}".encode(), day.encode(), "sha256")
    for part in (region, service, end):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.compare_digest(hmac.new(key, text.encode(), "sha256").hexdigest(), fields["Signature"])
