"""A backfill of 100,000 orders from a simulated shop over HTTP, into memory: pages, records a second, memory.

`TIMBRE_BENCH_ORDERS` sets another number; `emulator` figures of the writing itself are in `intake`.
"""

from __future__ import annotations

import os
import resource
import sys
import time

from functions.connect.connecting import connect_ecommerce
from schema.store import Query
from tests.connect.town import OWNER, town


def main() -> int:
    wanted = int(os.environ.get("TIMBRE_BENCH_ORDERS", "100000"))
    # The four storefronts share the orders; WooCommerce has about 31 % of them.
    orders = round(wanted / 0.31)
    began = time.perf_counter()
    with town(customers=max(50, wanted // 10), orders=orders) as here:
        print(f"a shop with {orders:,} orders over four storefronts: {time.perf_counter() - began:.1f} s to make")
        keys = here.outside.client().get(f"{here.running.base_url}/control/woo/keys").json()
        fields = {"consumerKey": keys["consumer_key"], "consumerSecret": keys["consumer_secret"]}
        begun = connect_ecommerce(here.world, here.outside, OWNER, here.woo_store, fields, "woocommerce")
        began = time.perf_counter()
        tasks = here.work(limit=100_000)
        took = time.perf_counter() - began
        held = here.connection(str(begun.connection_id))
        seen = sum(step["seen"] for step in held["steps"].values())
        stored = here.world.store.totals(Query("orders")).count
        rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{seen:,} things read ({stored:,} orders stored) in {took:.0f} s = {seen / took:.0f}/s, {tasks} tasks, "
            f"peak {rss:.0f} MB with the shop in the same process"
        )
        return 0 if held["status"] == "active" and held["steps"]["orders"]["done"] else 1


if __name__ == "__main__":
    sys.exit(main())
