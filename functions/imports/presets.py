"""The exports of review apps, known by their column names, so that nobody has to match them by hand.

The names are those of the apps' own exports and import templates. A column that a preset does not list is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from functions.imports.fields import squeeze


@dataclass(frozen=True)
class Preset:
    """One app's export."""

    id: str
    name: str
    marks: tuple[tuple[str, ...], ...]
    """Sets of column names; a file that has all of one set is this app's."""
    columns: dict[str, str]
    """Column name -> meaning (see `fields`)."""


def _preset(id: str, name: str, marks: str, columns: str) -> Preset:
    """Args:
    marks: names separated by commas, sets by `|`.
    columns: `name=meaning`, separated by commas; several names of one meaning stand in order of preference.
    """
    sets = tuple(tuple(squeeze(one) for one in group.split(",")) for group in marks.split("|"))
    pairs = [one.split("=") for one in columns.split(",")]
    return Preset(id, name, sets, {squeeze(column): meaning.strip() for column, meaning in pairs})


PRESETS: tuple[Preset, ...] = (
    _preset(
        "judgeme",
        "Judge.me",
        "review_date,reviewer_name,reviewer_email,product_handle",
        "title=title,review_title=title,body=text,rating=rating,review_date=date,reviewer_name=name,"
        "reviewer_email=email,product_id=productId,product_handle=productId,product_title=productTitle,review_id=reviewId",
    ),
    _preset(
        "loox",
        "Loox",
        "nickname,full_name,review,rating,handle|nickname,review,verified_purchase,productId",
        "id=reviewId,rating=rating,email=email,full_name=name,nickname=name,review=text,date=date,"
        "productId=productId,handle=productId",
    ),
    _preset(
        "shopify-reviews",
        "Shopify Product Reviews",
        "product_handle,state,author,replied_at,body",
        "product_handle=productId,rating=rating,title=title,author=name,email=email,body=text,created_at=date",
    ),
    _preset(
        "yotpo",
        "Yotpo",
        "review_content,review_score,review_title",
        "review_id=reviewId,review_title=title,review_content=text,review_score=rating,date=date,review_date=date,"
        "review_creation_date=date,product_id=productId,product_title=productTitle,display_name=name,"
        "reviewer_display_name=name,email=email,user_email=email,reviewer_email=email",
    ),
    _preset(
        "stamped",
        "Stamped",
        "reviewRating,reviewTitle,reviewMessage|product_id,rating,title,author,email,body,created_at,location",
        "id=reviewId,reviewId=reviewId,reviewRating=rating,rating=rating,reviewTitle=title,title=title,"
        "reviewMessage=text,body=text,author=name,email=email,dateCreated=date,created_at=date,productId=productId,"
        "product_id=productId,productName=productTitle,productTitle=productTitle",
    ),
    _preset(
        "okendo",
        "Okendo",
        "is_verified_buyer,date_created,reviewer_name|dateCreated,handle,productId,body,rating,name",
        "review_id=reviewId,product_id=productId,productId=productId,sku=productId,handle=productId,"
        "product_name=productTitle,rating=rating,title=title,body=text,reviewer_name=name,name=name,"
        "reviewer_email=email,email=email,date_created=date,dateCreated=date,countryCode=country",
    ),
    _preset(
        "trustpilot",
        "Trustpilot",
        "Review Created (UTC),Review Content,Review Stars",
        "Review Id=reviewId,Review Created (UTC)=date,Review Username=name,Review User Email=email,Review Title=title,"
        "Review Content=text,Review Stars=rating,Review Language=language",
    ),
    _preset(
        "woocommerce",
        "WooCommerce",
        "comment_author_email,comment_content,comment_post_ID",
        # `user_id` stays out: 0 stands for every guest.
        "comment_ID=reviewId,comment_post_ID=productId,comment_author=name,comment_author_email=email,"
        "comment_date=date,comment_content=text,rating=rating,title=title,product_title=productTitle",
    ),
)


def preset_of(header: list[str]) -> Preset | None:
    """The app that a file's columns are of: the one with the longest set of names found; None for any other file."""
    names = {squeeze(column) for column in header}
    found = [(len(marks), preset) for preset in PRESETS for marks in preset.marks if names.issuperset(marks)]
    return max(found, key=lambda one: one[0])[1] if found else None


def mapped_by(preset: Preset, header: list[str]) -> dict[int, str]:
    """Meanings by column index; of several columns of one meaning the preset's first is taken."""
    chosen: dict[int, str] = {}
    for name, meaning in preset.columns.items():
        places = [index for index, column in enumerate(header) if squeeze(column) == name]
        if places and meaning not in chosen.values():
            chosen[places[0]] = meaning
    return chosen
