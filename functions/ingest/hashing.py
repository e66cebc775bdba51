"""What a record says, as a short hash: equal content is recognised whatever brought it."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC
from typing import Any


def content_hash(data: dict[str, Any], key: bytes = b"") -> str:
    """16 hex digits over what a record says, without versions and times of writing.

    Args:
        key: makes a hash over personal data useless for guessing at them.
    """
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, default=lambda value: value.astimezone(UTC).isoformat())
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:16]
