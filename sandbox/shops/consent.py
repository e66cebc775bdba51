"""The page on which a seller allows an application, as the marketplaces show one before they send the browser back."""

from __future__ import annotations

from markupsafe import escape
from werkzeug.wrappers import Response


def page(platform: str, application: str, action: str, hidden: dict[str, str]) -> Response:
    """A page with one button, `allow`, that posts the hidden fields to `action`."""
    fields = "".join(f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in hidden.items())
    body = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(platform)}</title></head>'
        f"<body><main><h1>{escape(platform)}: authorise an application</h1>"
        f"<p>{escape(application)} asks to read your orders and listings. This is a simulated shop.</p>"
        f'<form method="post" action="{escape(action)}">{fields}<button id="allow" type="submit">Allow</button></form>'
        "</main></body></html>"
    )
    return Response(body, 200, content_type="text/html; charset=utf-8")
