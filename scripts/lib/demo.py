"""The accounts of the local system. They exist only in the Auth emulator; production has no such thing."""

from __future__ import annotations

DEMO_PASSWORD = "timbre-demo"
OWNER_EMAIL = "owner@timbre.test"
DEMO = [
    {"email": OWNER_EMAIL, "password": DEMO_PASSWORD, "role": "owner", "name": "Olivia Owner"},
    {"email": "admin@timbre.test", "password": DEMO_PASSWORD, "role": "admin", "name": "Adam Admin"},
    {"email": "marketer@timbre.test", "password": DEMO_PASSWORD, "role": "marketer", "name": "Mia Marketer"},
    {"email": "analyst@timbre.test", "password": DEMO_PASSWORD, "role": "analyst", "name": "Ana Analyst"},
    {"email": "support@timbre.test", "password": DEMO_PASSWORD, "role": "support", "name": "Sam Support"},
]
