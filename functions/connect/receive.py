"""A verified call of a platform into documents: understood by the platform's file, read again where that is needed."""

from __future__ import annotations

from datetime import timedelta

from functions.connect.connecting import disconnect
from functions.connect.outside import Outside
from functions.connect.state import change, open_shop
from functions.connect.storefront import Page, Unavailable, text
from functions.connect.work import take_page
from schema import log
from schema.flow import Failed, World
from schema.records import DeletedRecord, Job, WebhookEvent

TELL_EVERY = timedelta(seconds=2)
"""`lastEventAt` is written at most this often: a burst is no reason for a burst of writes on one document."""
REMOVED = text("The app was removed at the platform: connect the shop again.", "应用已在平台上被移除：请重新连接店铺。")


def receive(world: World, outside: Outside, event: WebhookEvent) -> list[Failed]:
    """Take one call in. Raises nothing for a shop that is gone; a platform that does not answer lets it come again."""
    shop = open_shop(world, outside, event.connection_id, fresh=False)
    if shop is None:
        log.write("INFO", "webhook of no connection", connection=event.connection_id, topic=event.topic)
        return []
    hook = shop.storefront.understand(event, shop.access)
    if hook.note:
        log.write("INFO", "webhook passed over", connection=shop.id, topic=event.topic, why=hook.note)
    records = list(hook.records)
    gone = shop.data["status"] == "disconnected"
    if hook.read and not gone:
        try:
            fresh = open_shop(world, outside, event.connection_id)
            if fresh is not None:
                records += fresh.storefront.one(fresh.access, *hook.read)
        except Unavailable as error:
            return [Failed(event.to_json(), f"{error.code}: {error.en}"[:200])]
    if gone:
        # Of a disconnected shop only the wish to be forgotten is heard.
        records = [one for one in records if isinstance(one, DeletedRecord) and one.redact]
    take_page(world, shop, Page(records, None), bulk=False)
    # A call that was under way while the shop was connected anew speaks of the connection before.
    connected = shop.data.get("connectedAt")
    past = hook.at is not None and connected is not None and hook.at < connected
    if hook.forget and not past:
        world.bus.publish("jobs", Job(kind="forget_shop", id=shop.id))
    if hook.uninstalled and not past:
        disconnect(world, outside, None, shop.id, REMOVED)
    last = shop.data.get("lastEventAt")
    if not gone and (last is None or world.clock() - last >= TELL_EVERY):
        change(world, shop.id, {"lastEventAt": world.clock()})
    return []
