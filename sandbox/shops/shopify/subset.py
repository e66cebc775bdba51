"""`python -m sandbox.shops.shopify.subset FILE`: cuts `schema.graphql` out of Shopify's whole Admin schema.

FILE is `dist/data/admin_2026-10.json.gz` of npm @shopify/dev-mcp (ISC licence, Copyright 2025-present, Shopify Inc.).
The result has the fields below with all their arguments, deprecations kept; types that nothing reaches are left out.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_client_schema,
    get_named_type,
    is_specified_scalar_type,
    print_schema,
)

VERSION = "2026-10"
FILE = Path(__file__).parent / "schema.graphql"
LICENCE = f"""# A part of Shopify's Admin GraphQL schema {VERSION}, cut out by subset.py from npm @shopify/dev-mcp.
# ISC licence, Copyright 2025-present, Shopify Inc. Permission to use, copy, modify, and/or distribute this software for
# any purpose with or without fee is hereby granted, provided that the above copyright notice and this permission
# notice appear in all copies. THE SOFTWARE IS PROVIDED "AS IS" WITHOUT WARRANTY OF ANY KIND.

"""

WANTED: dict[str, str] = {
    "QueryRoot": """shop currentAppInstallation customer customers customersCount order orders ordersCount product
        products productsCount abandonedCheckouts abandonedCheckoutsCount webhookSubscription webhookSubscriptions
        bulkOperation""",
    "Mutation": "webhookSubscriptionCreate webhookSubscriptionDelete bulkOperationRunQuery bulkOperationCancel",
    "Shop": "id name email myshopifyDomain currencyCode ianaTimezone url enabledPresentmentCurrencies",
    "AppInstallation": "id accessScopes",
    "AccessScope": "handle description",
    "Count": "count precision",
    "PageInfo": "hasNextPage hasPreviousPage startCursor endCursor",
    "Customer": """id legacyResourceId firstName lastName displayName email phone defaultEmailAddress
        defaultPhoneNumber defaultAddress addressesV2 emailMarketingConsent locale note state tags verifiedEmail
        createdAt updatedAt numberOfOrders""",
    "CustomerEmailAddress": "emailAddress marketingState marketingOptInLevel marketingUpdatedAt validFormat",
    "CustomerEmailMarketingConsentState": "marketingState marketingOptInLevel consentUpdatedAt",
    "CustomerPhoneNumber": "phoneNumber marketingState smsMarketingConsent",
    "CustomerSmsMarketingConsent": "state optInLevel updatedAt collectedFrom",
    "MailingAddress": """id firstName lastName name company address1 address2 city province provinceCode zip country
        countryCodeV2 phone""",
    "MailingAddressConnection": "edges nodes pageInfo",
    "MailingAddressEdge": "cursor node",
    "CustomerConnection": "edges nodes pageInfo",
    "CustomerEdge": "cursor node",
    "OrderConnection": "edges nodes pageInfo",
    "OrderEdge": "cursor node",
    "Order": """id legacyResourceId name number email phone customer customerLocale createdAt processedAt updatedAt
        cancelledAt cancelReason test tags note sourceName currencyCode presentmentCurrencyCode displayFinancialStatus
        displayFulfillmentStatus billingAddress shippingAddress discountCodes lineItems totalPriceSet totalPrice
        currentTotalPriceSet totalDiscountsSet totalRefundedSet totalTaxSet totalShippingPriceSet subtotalPriceSet
        taxesIncluded refunds customerAcceptsMarketing""",
    "LineItem": """id title name quantity currentQuantity sku variantTitle product variant originalUnitPriceSet
        discountedUnitPriceAfterAllDiscountsSet totalDiscountSet vendor""",
    "LineItemConnection": "edges nodes pageInfo",
    "LineItemEdge": "cursor node",
    "Refund": "id legacyResourceId createdAt note totalRefundedSet refundLineItems updatedAt processedAt",
    "RefundLineItem": "id quantity lineItem subtotalSet",
    "RefundLineItemConnection": "edges nodes pageInfo",
    "RefundLineItemEdge": "cursor node",
    "MoneyBag": "presentmentMoney shopMoney",
    "MoneyV2": "amount currencyCode",
    "Product": """id legacyResourceId title handle descriptionHtml productType vendor status tags createdAt updatedAt
        publishedAt onlineStoreUrl totalInventory tracksInventory featuredMedia variants variantsCount priceRangeV2""",
    "ProductConnection": "edges nodes pageInfo",
    "ProductEdge": "cursor node",
    "ProductPriceRangeV2": "minVariantPrice maxVariantPrice",
    "Media": "id alt preview",
    "MediaImage": "id alt preview image",
    "MediaPreviewImage": "image",
    "Image": "id url altText",
    "ProductVariant": "id legacyResourceId title sku price compareAtPrice inventoryQuantity position updatedAt",
    "ProductVariantConnection": "edges nodes pageInfo",
    "ProductVariantEdge": "cursor node",
    "AbandonedCheckout": """id name customer createdAt updatedAt completedAt abandonedCheckoutUrl lineItems
        totalPriceSet totalTaxSet subtotalPriceSet discountCodes billingAddress""",
    "AbandonedCheckoutConnection": "edges nodes pageInfo",
    "AbandonedCheckoutEdge": "cursor node",
    "AbandonedCheckoutLineItem": "id title variantTitle sku quantity product variant originalUnitPriceSet",
    "AbandonedCheckoutLineItemConnection": "edges nodes pageInfo",
    "AbandonedCheckoutLineItemEdge": "cursor node",
    "WebhookSubscription": "id legacyResourceId topic uri callbackUrl format createdAt updatedAt",
    "WebhookSubscriptionConnection": "edges nodes pageInfo",
    "WebhookSubscriptionEdge": "cursor node",
    "WebhookSubscriptionCreatePayload": "webhookSubscription userErrors",
    "WebhookSubscriptionDeletePayload": "deletedWebhookSubscriptionId userErrors",
    "UserError": "field message",
    "BulkOperation": """id status errorCode objectCount rootObjectCount url partialDataUrl query createdAt completedAt
        fileSize type""",
    "BulkOperationRunQueryPayload": "bulkOperation userErrors",
    "BulkOperationCancelPayload": "bulkOperation userErrors",
    "BulkOperationUserError": "field message code",
}  # fmt: skip


def whole(path: Path) -> GraphQLSchema:
    """Shopify's own schema from the package's file."""
    return build_client_schema(json.loads(gzip.decompress(path.read_bytes()))["data"], assume_valid=True)


def cut(full: GraphQLSchema) -> GraphQLSchema:
    """The wanted part. Raises KeyError for a field that Shopify does not have."""
    kept: dict[str, GraphQLNamedType] = {}

    def keep(name: str) -> None:
        if name in kept:
            return
        found = full.type_map[name]
        kept[name] = found
        if isinstance(found, GraphQLInputObjectType):
            for item in found.fields.values():
                keep(get_named_type(item.type).name)
        if isinstance(found, GraphQLObjectType | GraphQLInterfaceType):
            if name not in WANTED:
                raise KeyError(f"{name} is reached but not wanted")
            fields = {field: found.fields[field] for field in WANTED[name].split()}
            for item in fields.values():
                keep(get_named_type(item.type).name)
                for argument in item.args.values():
                    keep(get_named_type(argument.type).name)

    for name in WANTED:
        keep(name)
    return _rebuilt(full, kept)


def _rebuilt(full: GraphQLSchema, kept: dict[str, GraphQLNamedType]) -> GraphQLSchema:
    new: dict[str, GraphQLNamedType] = {}
    for name, old in kept.items():
        if isinstance(old, GraphQLScalarType):
            new[name] = old if is_specified_scalar_type(old) else GraphQLScalarType(name)
        elif isinstance(old, GraphQLEnumType):
            values = {
                key: GraphQLEnumValue(key, deprecation_reason=one.deprecation_reason) for key, one in old.values.items()
            }
            new[name] = GraphQLEnumType(name, values)
        elif isinstance(old, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            new[name] = _shell(old, kept, new)
    return GraphQLSchema(
        query=_object(new["QueryRoot"]), mutation=_object(new["Mutation"]), types=list(new.values()), directives=None
    )


def _object(found: GraphQLNamedType) -> GraphQLObjectType:
    assert isinstance(found, GraphQLObjectType)
    return found


def _shell(old: Any, kept: dict[str, GraphQLNamedType], new: dict[str, GraphQLNamedType]) -> GraphQLNamedType:
    def again(kind: Any) -> Any:
        if isinstance(kind, GraphQLNonNull):
            return GraphQLNonNull(again(kind.of_type))
        if isinstance(kind, GraphQLList):
            return GraphQLList(again(kind.of_type))
        return new[kind.name]

    def fields() -> dict[str, Any]:
        if isinstance(old, GraphQLInputObjectType):
            return {
                name: GraphQLInputField(
                    again(item.type), default_value=item.default_value, deprecation_reason=item.deprecation_reason
                )
                for name, item in old.fields.items()
            }
        return {
            name: GraphQLField(
                again(old.fields[name].type),
                args={
                    key: GraphQLArgument(
                        again(one.type), default_value=one.default_value, deprecation_reason=one.deprecation_reason
                    )
                    for key, one in old.fields[name].args.items()
                },
                deprecation_reason=old.fields[name].deprecation_reason,
            )
            for name in WANTED[old.name].split()
        }

    if isinstance(old, GraphQLInputObjectType):
        return GraphQLInputObjectType(old.name, fields)
    if isinstance(old, GraphQLInterfaceType):
        return GraphQLInterfaceType(old.name, fields)
    return GraphQLObjectType(
        old.name, fields, interfaces=lambda: [again(one) for one in old.interfaces if one.name in kept]
    )


def text(full: GraphQLSchema) -> str:
    """What `schema.graphql` must contain."""
    return LICENCE + print_schema(cut(full)).rstrip() + "\n"


if __name__ == "__main__":
    FILE.write_text(text(whole(Path(sys.argv[1]))), encoding="utf-8")
