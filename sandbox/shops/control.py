"""What makes things happen by hand: JSON below `/control` for tests, and a plain page at `/`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol

from flask import Blueprint, Response, abort, jsonify, redirect, render_template_string, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.shops.acts import ACTS
from sandbox.shops.faults import KINDS, Faults
from sandbox.shops.model import PLATFORMS, THINGS, Anything, Platform
from sandbox.shops.page import BUTTONS, PAGE, SHOPS
from sandbox.shops.shop import SimulatedShop


class Movable(Protocol):
    def __call__(self) -> datetime: ...

    def advance(self, seconds: float) -> None: ...


def plain(value: Any) -> Any:
    """A thing as JSON can carry it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def shown(thing: Anything | None) -> dict[str, Any] | None:
    return None if thing is None else plain(asdict(thing))


def control(shop: SimulatedShop, faults: Faults, clock: Movable | None) -> Blueprint:
    """The blueprint of the control page and its JSON."""
    made = Blueprint("control", __name__)
    said: list[str] = []

    def state() -> dict[str, Any]:
        counts = {p: {thing: shop.total(thing, p) for thing in THINGS} for p in PLATFORMS}
        return {"now": shop.now().isoformat(), "counts": counts, "faults": faults.state()}

    @made.get("/")
    def page() -> str:
        return render_template_string(
            PAGE, shops=SHOPS, buttons=BUTTONS, kinds=KINDS, state=state(), said=said[-8:][::-1]
        )

    @made.get("/control/state")
    def get_state() -> Response:
        return jsonify(state())

    @made.get("/control/<thing>/<int:number>")
    def get_thing(thing: str, number: int) -> Response:
        if thing not in THINGS:
            abort(404)
        found = shop.get(thing, number)
        if found is None:
            abort(404)
        return jsonify(shown(found))

    @made.post("/control/act")
    def act() -> AnyResponse:
        from_page = not request.is_json
        asked: dict[str, Any] = request.form.to_dict() if from_page else dict(request.get_json())
        what = str(asked.pop("what", ""))
        where = asked.pop("platform", None) or None
        if where is not None and where not in PLATFORMS:
            return Response(f"unknown platform: {where}", 400)
        platform: Platform | None = where
        try:
            done = shop.act(what, platform, **asked)
        except (ValueError, TypeError) as wrong:
            if not from_page:
                return Response(str(wrong), 400)
            said.append(f"{what}: {wrong}")
            return redirect("/", 303)
        if from_page:
            said.append(f"{what} {where or ''}: {getattr(done, 'id', 'done')}")
            return redirect("/", 303)
        return jsonify(shown(done))

    @made.get("/control/acts")
    def acts() -> Response:
        return jsonify({name: (told.__doc__ or "").strip() for name, told in sorted(ACTS.items())})

    @made.post("/control/faults")
    def set_faults() -> AnyResponse:
        from_page = not request.is_json
        asked: dict[str, Any] = request.form.to_dict() if from_page else dict(request.get_json())
        if asked.get("clear"):
            faults.clear()
        else:
            try:
                faults.set(asked["platform"], asked["kind"], float(asked["share"]), int(asked.get("seed", 1)))
            except (KeyError, ValueError) as wrong:
                return Response(str(wrong), 400)
        return redirect("/", 303) if from_page else jsonify(faults.state())

    @made.post("/control/clock")
    def advance() -> AnyResponse:
        if clock is None:
            return Response("this shop's clock cannot be moved", 409)
        clock.advance(float(request.get_json()["advance"]))
        return jsonify({"now": shop.now().isoformat()})

    return made
