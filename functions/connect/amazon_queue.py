"""Amazon SQS over its JSON protocol, signed by AWS Signature Version 4: enough to read a queue, no SDK needed."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from functions.connect.calling import content, send
from functions.connect.storefront import Access, App, Rejected, Throttled

LONG_POLL = 5
"""Seconds that SQS waits for a message; any at all makes it ask every server, not a sample."""
VISIBILITY = 120
"""Seconds that a message stays hidden while its order is read and stored; then it comes again."""
BATCH = 10
"""The most SQS hands out or takes back in one call."""


@dataclass(frozen=True)
class Queue:
    url: str
    region: str
    arn: str
    key_id: str
    secret: str


@dataclass(frozen=True)
class Message:
    id: str
    handle: str
    body: str


def queue_of(app: App) -> Queue | None:
    """The queue that this deployment (or the person at the wizard) set up; None where there is none.

    Raises:
        Rejected: its address is not one of SQS (`field="sqsQueueUrl"`).
    """
    url, key_id, secret = (app.extra.get(name, "").strip() for name in ("sqsQueueUrl", "awsKeyId", "awsSecret"))
    if not (url and key_id and secret):
        return None
    parts = urlsplit(url)
    path = [part for part in parts.path.split("/") if part]
    host = re.fullmatch(r"sqs\.([a-z0-9-]+)\.amazonaws\.com", parts.hostname or "")
    region = app.extra.get("awsRegion") or (host.group(1) if host else "us-east-1")
    if len(path) < 2 or not re.fullmatch(r"\d{12}", path[-2]):
        raise Rejected(
            "queue",
            "The queue's address looks like https://sqs.eu-west-1.amazonaws.com/123456789012/name.",
            "队列地址应形如 https://sqs.eu-west-1.amazonaws.com/123456789012/name。",
            field="sqsQueueUrl",
        )
    return Queue(url, region, f"arn:aws:sqs:{region}:{path[-2]}:{path[-1]}", key_id, secret)


def receive(access: Access, queue: Queue) -> list[Message]:
    """Up to ten messages; hidden from other readers for `VISIBILITY` seconds."""
    asked = {"MaxNumberOfMessages": BATCH, "WaitTimeSeconds": LONG_POLL, "VisibilityTimeout": VISIBILITY}
    answer = _call(access, queue, "ReceiveMessage", asked)
    return [
        Message(str(m["MessageId"]), str(m["ReceiptHandle"]), str(m.get("Body", "")))
        for m in answer.get("Messages") or []
    ]


def delete(access: Access, queue: Queue, handles: Sequence[str]) -> None:
    """Acknowledge messages. A handle that has run out is no error: its message comes again and changes nothing."""
    for start in range(0, len(handles), BATCH):
        entries = [{"Id": str(n), "ReceiptHandle": h} for n, h in enumerate(handles[start : start + BATCH])]
        _call(access, queue, "DeleteMessageBatch", {"Entries": entries})


def give_back(access: Access, queue: Queue, handles: Sequence[str]) -> None:
    """Make messages visible at once: they are for another seller's connection."""
    for start in range(0, len(handles), BATCH):
        entries = [
            {"Id": str(n), "ReceiptHandle": h, "VisibilityTimeout": 0}
            for n, h in enumerate(handles[start : start + BATCH])
        ]
        _call(access, queue, "ChangeMessageVisibilityBatch", {"Entries": entries})


def _call(access: Access, queue: Queue, action: str, asked: dict[str, Any]) -> dict[str, Any]:
    # The configured host is called, never the one in the typed address: that only names the queue.
    url = access.endpoints.amazon_sqs.format(region=queue.region).rstrip("/") + "/"
    body = json.dumps({"QueueUrl": queue.url, **asked}).encode()
    headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": f"AmazonSQS.{action}"}
    signed = sign("POST", url, headers, body, queue.region, "sqs", queue.key_id, queue.secret, access.now)
    answer = send(access, "POST", url, content=body, headers=signed, timeout=LONG_POLL + 15.0)
    found = content(answer)
    if answer.status_code == 200:
        return found
    kind = str(found.get("__type", "")).split("#")[-1]
    if kind in {"RequestThrottled", "OverLimit", "ThrottlingException", "KmsThrottled"}:
        raise Throttled(2.0)
    raise Rejected(
        "queue",
        f"Amazon SQS refuses the queue ({kind or answer.status_code}): check its address, the key and its permission.",
        f"Amazon SQS 拒绝访问该队列（{kind or answer.status_code}）：请检查队列地址、密钥及其权限。",
        field="sqsQueueUrl",
    )


def sign(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    region: str,
    service: str,
    key_id: str,
    secret: str,
    now: datetime,
) -> dict[str, str]:
    """The headers with `host`, `x-amz-date` and `authorization` added, by AWS Signature Version 4."""
    parts = urlsplit(url)
    when = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    named = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
    named |= {"host": parts.netloc, "x-amz-date": when}
    names = ";".join(sorted(named))
    query = sorted((quote(k, safe="-_.~"), quote(v, safe="-_.~")) for k, v in parse_qsl(parts.query, True))
    canonical = "\n".join(
        [
            method,
            quote(parts.path or "/", safe="/-_.~"),
            "&".join(f"{k}={v}" for k, v in query),
            *(f"{name}:{named[name]}" for name in sorted(named)),
            "",
            names,
            hashlib.sha256(body).hexdigest(),
        ]
    )
    scope = f"{when[:8]}/{region}/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{when}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    credential = f"AWS4-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
    return named | {"authorization": credential}
