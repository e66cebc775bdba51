"""Exports of review apps map themselves; nothing of a file has to be matched by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from functions.imports.detect import detect
from functions.imports.fields import BY_NAME
from functions.imports.presets import PRESETS
from functions.imports.report import report
from tests.imports.driver import System

SAMPLES = Path(__file__).parents[2] / "samples"

EXPORTS = {
    "Judge.me": (
        "title,body,rating,review_date,source,curated,reviewer_name,reviewer_email,product_id,product_handle,reply,"
        "reply_date,picture_urls,ip_address,location",
        'Top,"Very good, fast.",5,2025-03-02 10:12:00 UTC,web,ok,Camille R,c@x.example,70123,cream,,,,1.1.1.1,FR',
    ),
    "Loox": (
        "id,status,rating,email,nickname,full_name,review,date,productId,handle,img,variant,verified_purchase",
        "1,Active,5,c@x.example,Ju,Camille R,Very good\\, fast.,2025-03-02T10:12:00.000Z,70123,dress,,M,true",
    ),
    "Shopify Product Reviews": (
        "product_handle,state,rating,title,author,email,location,body,reply,created_at,replied_at",
        'soap,published,5,Top,Camille R,c@x.example,,"Very good, fast.",,2025-03-02T10:12:00+00:00,',
    ),
    "Yotpo": (
        "Review Title;Review Content;Review Score;Date;Product ID;Product Title;Product URL;Display Name;Email",
        "Top;Very good, fast.;5;2025-03-02 10:12;70123;Bag;https://x.example/p;Camille R;c@x.example",
    ),
    "Stamped": (
        "reviewId,productId,productName,author,email,reviewRating,reviewTitle,reviewMessage,dateCreated",
        'r1,70123,Bag,Camille R,c@x.example,5,Top,"Very good, fast.",2025-03-02T10:12:00Z',
    ),
    "Okendo": (
        "Review ID,Product ID,Product Name,Rating,Title,Body,Reviewer Name,Reviewer Email,Is Verified Buyer,"
        "Date Created,Status",
        'r1,70123,Candle,5,Top,"Very good, fast.",Camille R,c@x.example,FALSE,2025-03-02 10:12,approved',
    ),
    "Trustpilot": (
        "Review Id,Review Created (UTC),Review Username,Review User Email,Review Title,Review Content,Review Stars,"
        "Source Of Review,Domain Url,Reference Id",
        'r1,2025-03-02 10:12:00,Camille R,c@x.example,Top,"Very good, fast.",5,Organic,x.example,A-1',
    ),
    "WooCommerce": (
        "comment_ID,comment_post_ID,comment_author,comment_author_email,comment_author_url,comment_author_IP,"
        "comment_date,comment_date_gmt,comment_content,comment_approved,comment_type,comment_parent,user_id,rating",
        '7,70123,Camille R,c@x.example,,,2025-03-02 10:12:00,2025-03-02 10:12:00,"Very good, fast.",1,review,0,0,5',
    ),
}


def feedback(system: System) -> list[dict[str, Any]]:
    found = [data for path, (data, *_) in system.store.documents.items() if path.startswith("feedback/")]
    return sorted(found, key=lambda data: str(data["externalId"]))


def test_every_meaning_exists() -> None:
    for preset in PRESETS:
        assert set(preset.columns.values()) <= set(BY_NAME), preset.id
        for marks in preset.marks:
            assert set(marks) <= set(preset.columns) | set(marks) and len(marks) >= 3


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_recognised_and_comes_in(name: str) -> None:
    header, row = EXPORTS[name]
    row = row.replace("Very good\\, fast.", '"Very good, fast."')
    found = detect(f"{header}\n{row}\n")
    assert (found["preset"], found["kind"], found["problems"]) == (name, "reviews", [])
    fields = {match["field"]: match["column"] for match in found["mapping"] if match["field"]}
    assert {"text", "rating", "date", "name", "email", "productId"} - set(fields) <= (
        {"productId"} if name == "Trustpilot" else set()
    )
    assert all(match["sure"] for match in found["mapping"])
    system = System()
    text = f"{header}\n{row}\n"
    if found["delimiter"] != ",":
        # The driver cuts with commas, as most files have them.
        text = "\n".join(",".join(f'"{cell}"' for cell in line.split(";")) for line in (header, row)) + "\n"
    system.upload(text, "reviews")
    system.run()
    (said,) = feedback(system)
    assert (said["text"], said["rating"], said["kind"]) == ("Very good, fast.", 5, "review")
    assert said["customerId"] is not None


def test_other_files_are_of_no_app_and_a_chosen_kind_wins() -> None:
    assert detect("Reviewed At,Stars,Comment,SKU\n2025-01-01,5,Good,A\n")["preset"] is None
    header, row = EXPORTS["Judge.me"]
    other = detect(f"{header}\n{row}\n", "customers")
    assert other["preset"] is None and other["kind"] == "customers"


def test_the_sample_with_bad_rows() -> None:
    text = (SAMPLES / "judgeme_reviews.csv").read_text()
    assert detect(text)["preset"] == "Judge.me"
    system = System()
    import_id = system.upload(text, "reviews")
    system.run()
    counts = system.store.documents[f"imports/{import_id}"][0]["counts"]
    assert (counts["rows"], counts["rejected"], counts["created"]) == (9, 3, 6)
    told = report(system.world, {"importId": import_id})["csv"]
    assert "taken without it" in told
    texts = [one["text"] for one in feedback(system)]
    assert any("第" in one or "包装" in one for one in texts)
