"""Each trigger of the app codebase, woken by the event that production sends."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from google.cloud import firestore

from tests.wiring.conftest import Deliver, Sent

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def ids(client: firestore.Client, collection: str) -> list[str]:
    return sorted(snapshot.id for snapshot in client.collection(collection).stream())


def test_ingest_writes_the_record_and_tells_who_changed(
    deliver: Deliver, sent: Sent, firestore_client: firestore.Client
) -> None:
    assert deliver("ingest", "ingest.json", "cloudevent").status_code == 200
    [order] = firestore_client.collection("orders").stream()
    assert order.get("total") == 2933
    assert order.get("placedAt") == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    [customer] = firestore_client.collection("customers").stream()
    assert customer.get("stats.orders") == 1
    assert [topic for topic, _ in sent.messages] == ["customers-changed"]
    assert sent.messages[0][1].to_json()["ids"] == [customer.id]


def test_ingest_parks_a_message_that_is_none(deliver: Deliver, firestore_client: firestore.Client) -> None:
    assert deliver("ingest", "ingest.json", "cloudevent", message={"nonsense": 1}).status_code == 200
    [parked] = firestore_client.collection("parked").stream()
    assert parked.get("status") == "parked"
    assert json.loads(parked.get("record.json")) == {"nonsense": 1}


def test_jobs_runs_a_step_of_an_import(deliver: Deliver, sent: Sent, firestore_client: firestore.Client) -> None:
    firestore_client.document("imports/golden").set(
        {
            "status": "numbering",
            "kind": "orders",
            "mapping": [{"field": "customerId"}],
            "header": ["customer_id"],
            "delimiter": ",",
            "currency": "USD",
            "zone": "UTC",
            "dateOrder": "ymd",
            "version": 1,
            "createdAt": NOW,
            "updatedAt": NOW,
            "counts": {},
        }
    )
    assert deliver("jobs", "jobs.json", "cloudevent").status_code == 200
    assert firestore_client.document("imports/golden").get().get("status") == "finishing"
    assert [(topic, message.to_json()["step"]) for topic, message in sent.messages] == [("jobs", 1)]


def test_sweep_recounts_what_is_marked(deliver: Deliver, firestore_client: firestore.Client) -> None:
    assert deliver("ingest", "ingest.json", "cloudevent").status_code == 200
    assert deliver("sweep", "schedule.json", "http").status_code == 200
    month = firestore_client.document("metrics/month-2026-03").get()
    assert month.get("days")["01"] == {"orders": 1, "revenue": 2933, "newCustomers": 1}
    assert firestore_client.document("metrics/overview").get().get("revenue") == 2933
    assert ids(firestore_client, "dirty") == []


def test_nightly_asks_for_the_learning_job_and_says_when_it_ran(
    deliver: Deliver, sent: Sent, firestore_client: firestore.Client
) -> None:
    assert deliver("nightly", "schedule.json", "http").status_code == 200
    [(topic, message)] = [one for one in sent.messages if one[0] == "learn"]
    for run in (message.to_json()["runId"], message.to_json()["then"]):
        assert firestore_client.document(f"runs/{run}").get().get("status") == "queued"
    assert firestore_client.document("config/schedules/jobs/nightly").get().get("nextAt") is not None


def test_a_member_written_around_the_console_raises_an_alarm(
    deliver: Deliver, firestore_client: firestore.Client
) -> None:
    firestore_client.document("members/u1").set({"role": "owner", "updatedAt": NOW})
    from google.events.cloud import firestore as events

    body: Any = events.DocumentEventData(
        value=events.Document(
            name="projects/demo-timbre/databases/(default)/documents/members/u1",
            fields={"role": events.Value(string_value="owner")},
            create_time=NOW,
            update_time=NOW,
        )
    )
    payload = events.DocumentEventData.serialize(body)
    assert deliver("member_written", "member_written.json", "cloudevent", body=payload).status_code == 200
    [alarm] = firestore_client.collection("audit").stream()
    assert (alarm.get("action"), alarm.get("target")) == ("alarm.unaudited_write", "members/u1")


def test_a_member_written_by_the_console_raises_none(deliver: Deliver, firestore_client: firestore.Client) -> None:
    firestore_client.document("members/u1").set({"role": "owner", "updatedAt": NOW})
    firestore_client.document("audit/1").set({"target": "members/u1", "at": NOW, "action": "members.set"})
    from google.events.cloud import firestore as events

    value = events.Document(
        name="projects/demo-timbre/databases/(default)/documents/members/u1", create_time=NOW, update_time=NOW
    )
    payload = events.DocumentEventData.serialize(events.DocumentEventData(value=value))
    assert deliver("member_written", "member_written.json", "cloudevent", body=payload).status_code == 200
    assert ids(firestore_client, "audit") == ["1"]
