"""Which artefact serves which head in which language: `ml/models/active.json`, one line a head.

    {"en": {"sentiment": "en-minilm", "emotion": "en-minilm", "ocean": "ocean-en"}, "zh": {"sentiment": "zh-e5", ...}}

Artefacts load when they are first asked for. One that is missing or broken takes only its heads away: what stands in
its way is said by `why_not`, and the rest goes on; who must not take a broken model for a language that nobody reads
asks `broken`."""

from __future__ import annotations

import json
import threading
from functools import cache
from pathlib import Path

from ml.text.artefact import HEADS, Artefact, ArtefactError, Head, load, read_manifest
from schema import log

MODELS = Path(__file__).resolve().parents[1] / "models"


class Registry:
    """Artefacts by language and head, each loaded once."""

    def __init__(self, folder: Path = MODELS) -> None:
        self.folder = folder
        self._loaded: dict[str, Artefact | ArtefactError] = {}
        self._versions: dict[str, str | None] = {}
        self._lock = threading.Lock()
        path = folder / "active.json"
        self.active: dict[str, dict[str, str]] = {}
        self._broken: str | None = None
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            self.active = {str(one): {str(k): str(v) for k, v in heads.items()} for one, heads in told.items()}
        except (OSError, ValueError, AttributeError) as error:
            self._broken = f"{path}: {type(error).__name__}"

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.active)

    def serving(self, language: str, head: str) -> tuple[Artefact, Head] | None:
        """The artefact and its head; None when there is none that works."""
        name = self.active.get(language, {}).get(head)
        artefact = self._artefact(name) if name else None
        if artefact is None or head not in artefact.heads or language not in artefact.languages:
            return None
        return artefact, artefact.heads[head]

    def model(self, language: str) -> str | None:
        """Names and versions of what reads a language, `en-minilm@2026.11.25+ocean-en@...`; None: nothing does.

        Read from the manifests alone, so that asking does not load a model.
        """
        heads = self.active.get(language, {})
        names = dict.fromkeys(heads[head] for head in HEADS if head in heads)
        ids = [told for name in names if (told := self._version(name)) is not None]
        return "+".join(ids) or None

    def why_not(self, language: str, head: str) -> str | None:
        """What stands in the way of a head in words for operators; None when it works."""
        if self.serving(language, head) is not None:
            return None
        name = self.active.get(language, {}).get(head)
        if name is None:
            return self._broken or f"{self.folder / 'active.json'}: {language}.{head}: not served"
        held = self._loaded.get(name)
        return str(held) if isinstance(held, ArtefactError) else f"{name}: has no head {head} for {language}"

    def broken(self, language: str) -> ArtefactError | None:
        """What is wrong with a model that `active.json` names for a language; None when all of them load."""
        for head in self.active.get(language, {}):
            problem = self.why_not(language, head)
            if problem is not None:
                return ArtefactError(problem)
        return None

    def _artefact(self, name: str) -> Artefact | None:
        with self._lock:
            if name not in self._loaded:
                try:
                    self._loaded[name] = load(self.folder / name)
                except ArtefactError as error:
                    log.write("ERROR", "text model not loaded", model=name, error=str(error))
                    self._loaded[name] = error
        held = self._loaded[name]
        return held if isinstance(held, Artefact) else None

    def _version(self, name: str) -> str | None:
        if name not in self._versions:
            try:
                manifest = read_manifest(self.folder / name)
                self._versions[name] = f"{manifest.get('name')}@{manifest.get('version')}"
            except ArtefactError:
                self._versions[name] = None
        return self._versions[name]


@cache
def standard() -> Registry:
    """The models that ship, loaded once a process."""
    return Registry()
