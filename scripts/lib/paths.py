"""Where things are in a checkout. Everything that a command makes lives in `.timbre/` (never committed)."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".timbre"
SHOPS = STATE / "shops.state"
LOGS = STATE / "logs"
DATA = STATE / "data"
SECRETS = STATE / "secrets"
TOOLS = STATE / "tools"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
WEB = ROOT / "web"
DIST = WEB / "dist"
FIREBASE_TOOLS = ROOT / "node_modules" / "firebase-tools"
CODEBASES = {"app": ROOT / "deploy" / "app", "ml": ROOT / "deploy" / "ml"}

PROJECT = "demo-timbre"
REGION = "us-central1"
