// Generated from schema/ by scripts/generate. Do not edit: change the Python and run it again.
import type { Bytes, Timestamp } from "firebase/firestore";

export type Role = "owner" | "admin" | "marketer" | "analyst" | "support";
export type Channel = "email" | "sms" | "push" | "in_app" | "wechat" | "webhook";
export type RecordKind = "customer" | "order" | "feedback" | "product" | "event" | "cart" | "deleted" | "link";
export type Platform = "csv" | "sample" | "shopify" | "woocommerce" | "amazon" | "flipkart" | "tracking" | "pos" | "wechat";
export type RunKind = "import" | "recluster" | "sample" | "remove_sample" | "nightly" | "refresh" | "backfill" | "reconcile";
export type Thing = "customers" | "orders" | "products" | "carts" | "reviews";
export type ConnectionStatus = "connecting" | "backfilling" | "active" | "attention" | "disconnected";

export const ROLES = [
  "owner",
  "admin",
  "marketer",
  "analyst",
  "support"
] as const;

export const CHANNELS = [
  "email",
  "sms",
  "push",
  "in_app",
  "wechat",
  "webhook"
] as const;

export const LISTINGS = {
  "customers": {
    "collection": "customers",
    "sorts": [
      "updatedAt",
      "displayName",
      "stats.revenue",
      "stats.orders",
      "stats.lastOrderAt"
    ],
    "filters": [
      "mergedInto",
      "segment.id",
      "lifecycleStage",
      "country",
      "language",
      "platform"
    ],
    "arrayFilters": [
      "searchTokens",
      "tags.manual"
    ],
    "directions": [
      "asc",
      "desc"
    ],
    "sums": []
  },
  "customer orders": {
    "collection": "orders",
    "sorts": [
      "placedAt"
    ],
    "filters": [
      "customerId"
    ],
    "arrayFilters": [],
    "directions": [
      "desc"
    ],
    "sums": []
  },
  "customer timeline": {
    "collection": "events",
    "sorts": [
      "at"
    ],
    "filters": [
      "customerId",
      "kind",
      "channel"
    ],
    "arrayFilters": [],
    "directions": [
      "desc"
    ],
    "sums": []
  },
  "customer words": {
    "collection": "feedback",
    "sorts": [
      "at"
    ],
    "filters": [
      "customerId"
    ],
    "arrayFilters": [],
    "directions": [
      "desc"
    ],
    "sums": []
  },
  "customer carts": {
    "collection": "carts",
    "sorts": [
      "at"
    ],
    "filters": [
      "customerId"
    ],
    "arrayFilters": [],
    "directions": [
      "desc"
    ],
    "sums": []
  },
  "product words": {
    "collection": "feedback",
    "sorts": [
      "at"
    ],
    "filters": [
      "productId"
    ],
    "arrayFilters": [],
    "directions": [
      "desc"
    ],
    "sums": []
  },
  "daily figures": {
    "collection": "orders",
    "sorts": [],
    "filters": [
      "day"
    ],
    "arrayFilters": [],
    "directions": [
      "asc",
      "desc"
    ],
    "sums": [
      "reportingTotal"
    ]
  },
  "imports": {
    "collection": "imports",
    "sorts": [
      "createdAt"
    ],
    "filters": [],
    "arrayFilters": [],
    "directions": [
      "desc"
    ],
    "sums": []
  },
  "runs": {
    "collection": "runs",
    "sorts": [
      "startedAt"
    ],
    "filters": [],
    "arrayFilters": [],
    "directions": [
      "desc"
    ],
    "sums": []
  },
  "audit": {
    "collection": "audit",
    "sorts": [
      "at"
    ],
    "filters": [],
    "arrayFilters": [],
    "directions": [
      "desc"
    ],
    "sums": []
  },
  "parked due": {
    "collection": "parked",
    "sorts": [
      "dueAt"
    ],
    "filters": [
      "status"
    ],
    "arrayFilters": [],
    "directions": [
      "asc"
    ],
    "sums": []
  },
  "changes to tell of": {
    "collection": "products",
    "sorts": [
      "dueAt"
    ],
    "filters": [],
    "arrayFilters": [],
    "directions": [
      "asc"
    ],
    "sums": []
  },
  "carts to tell of": {
    "collection": "carts",
    "sorts": [
      "dueAt"
    ],
    "filters": [],
    "arrayFilters": [],
    "directions": [
      "asc"
    ],
    "sums": []
  },
  "cleaning to fold": {
    "collection": "cleaned",
    "sorts": [],
    "filters": [
      "folded"
    ],
    "arrayFilters": [],
    "directions": [
      "asc",
      "desc"
    ],
    "sums": []
  },
  "set aside": {
    "collection": "setAside",
    "sorts": [
      "at"
    ],
    "filters": [
      "status"
    ],
    "arrayFilters": [],
    "directions": [
      "desc"
    ],
    "sums": []
  },
  "set aside of a connection": {
    "collection": "setAside",
    "sorts": [],
    "filters": [
      "connectionId"
    ],
    "arrayFilters": [],
    "directions": [
      "asc",
      "desc"
    ],
    "sums": []
  },
  "new customers of a day": {
    "collection": "customers",
    "sorts": [
      "createdAt"
    ],
    "filters": [
      "mergedInto"
    ],
    "arrayFilters": [],
    "directions": [
      "asc"
    ],
    "sums": []
  },
  "stale customers": {
    "collection": "customers",
    "sorts": [
      "updatedAt"
    ],
    "filters": [],
    "arrayFilters": [],
    "directions": [
      "asc"
    ],
    "sums": []
  },
  "overview counts": {
    "collection": "customers",
    "sorts": [],
    "filters": [
      "mergedInto",
      "createdBy",
      "reach.any",
      "reach.email",
      "reach.sms",
      "reach.push",
      "reach.wechat"
    ],
    "arrayFilters": [],
    "directions": [
      "asc",
      "desc"
    ],
    "sums": []
  },
  "overview ranges": {
    "collection": "customers",
    "sorts": [
      "stats.firstOrderAt",
      "stats.feedback",
      "createdAt"
    ],
    "filters": [],
    "arrayFilters": [],
    "directions": [
      "asc"
    ],
    "sums": []
  },
  "overview sums": {
    "collection": "customers",
    "sorts": [],
    "filters": [],
    "arrayFilters": [],
    "directions": [
      "asc",
      "desc"
    ],
    "sums": [
      "stats.orders",
      "stats.revenue",
      "stats.unconverted"
    ]
  },
  "orders of nobody": {
    "collection": "orders",
    "sorts": [],
    "filters": [
      "customerId",
      "status",
      "deleted"
    ],
    "arrayFilters": [],
    "directions": [
      "asc",
      "desc"
    ],
    "sums": [
      "reportingTotal"
    ]
  },
  "things of a shop": {
    "collection": "orders",
    "sorts": [],
    "filters": [
      "connectionId",
      "deleted"
    ],
    "arrayFilters": [],
    "directions": [
      "asc",
      "desc"
    ],
    "sums": []
  },
  "products of a shop": {
    "collection": "products",
    "sorts": [],
    "filters": [
      "connectionId",
      "deleted"
    ],
    "arrayFilters": [],
    "directions": [
      "asc",
      "desc"
    ],
    "sums": []
  },
  "carts of a shop": {
    "collection": "carts",
    "sorts": [],
    "filters": [
      "connectionId",
      "deleted"
    ],
    "arrayFilters": [],
    "directions": [
      "asc",
      "desc"
    ],
    "sums": []
  },
  "orders without a rate": {
    "collection": "orders",
    "sorts": [],
    "filters": [
      "reportingTotal"
    ],
    "arrayFilters": [],
    "directions": [
      "asc",
      "desc"
    ],
    "sums": []
  },
  "ratings": {
    "collection": "feedback",
    "sorts": [
      "rating"
    ],
    "filters": [],
    "arrayFilters": [],
    "directions": [
      "asc"
    ],
    "sums": []
  },
  "import chunks": {
    "collection": "chunks",
    "sorts": [],
    "filters": [
      "seq",
      "done"
    ],
    "arrayFilters": [],
    "directions": [
      "asc",
      "desc"
    ],
    "sums": []
  },
  "sample customers": {
    "collection": "customers",
    "sorts": [],
    "filters": [
      "sample"
    ],
    "arrayFilters": [],
    "directions": [
      "asc",
      "desc"
    ],
    "sums": []
  },
  "sample orders": {
    "collection": "orders",
    "sorts": [],
    "filters": [
      "sample"
    ],
    "arrayFilters": [],
    "directions": [
      "asc",
      "desc"
    ],
    "sums": []
  },
  "sample events": {
    "collection": "events",
    "sorts": [],
    "filters": [
      "sample"
    ],
    "arrayFilters": [],
    "directions": [
      "asc",
      "desc"
    ],
    "sums": []
  },
  "sample feedback": {
    "collection": "feedback",
    "sorts": [],
    "filters": [
      "sample"
    ],
    "arrayFilters": [],
    "directions": [
      "asc",
      "desc"
    ],
    "sums": []
  },
  "sample products": {
    "collection": "products",
    "sorts": [],
    "filters": [
      "sample"
    ],
    "arrayFilters": [],
    "directions": [
      "asc",
      "desc"
    ],
    "sums": []
  },
  "sample carts": {
    "collection": "carts",
    "sorts": [],
    "filters": [
      "sample"
    ],
    "arrayFilters": [],
    "directions": [
      "asc",
      "desc"
    ],
    "sums": []
  }
} as const;

/** A text in both languages of the console. */
export interface Localized {
  en: string;
  zh: string;
}

/** What a recount of the customer's orders gives; sums are in the shop's reporting currency. */
export interface CustomerStats {
  /** Orders that count: not cancelled and not a test. */
  orders: number;
  /** Sum of order totals less refunds, of orders that could be expressed in the reporting currency. */
  revenue: number;
  refunded: number;
  discount: number;
  items: number;
  /** Orders in a currency for which the shop has no rate: counted in `orders`, absent from the sums. */
  unconverted: number;
  firstOrderAt: Timestamp | null;
  lastOrderAt: Timestamp | null;
  /** Days since 1970-01-01 (UTC) of the newest 21 counted orders, ascending: median and rhythm follow from it. */
  recentOrderDays: number[];
  /** Median of the gaps between the recent orders' days; null below two orders. */
  medianGapDays: number | null;
  averageOrder: number | null;
  feedback: number;
  ratingSum: number;
  rated: number;
  events: number;
  lastSeenAt: Timestamp | null;
}

/** Quintile scores (1 low, 5 high) at the recluster that wrote them. */
export interface Rfm {
  recency: number;
  frequency: number;
  monetary: number;
  cell: string;
}

/** The effective segment is `id` when `from` <= the active segmentation's version, else `before`. */
export interface Membership {
  id: string | null;
  from: number;
  before: string | null;
  reasons: Localized[];
}

/** What one channel may be used for; absent channel = unknown = not contactable. */
export interface ConsentState {
  status: "granted" | "denied";
  at: Timestamp;
  source: string;
  /** True when a member signed for it (`imports.attestation`); the person's own word always wins over it. */
  attested: boolean;
}

/** Whether a channel could be used now: an address is known and consent is granted. */
export interface Reach {
  email: boolean;
  sms: boolean;
  push: boolean;
  wechat: boolean;
  any: boolean;
}

/** A tag that a rule gave, with its reason. */
export interface AutoTag {
  tag: string;
  reason: Localized;
}

export interface Tags {
  manual: string[];
  /** What the platforms and files say. */
  source: string[];
  /** Given by a rule of `schema/tagging.py`, each with its reason. */
  auto: AutoTag[];
}

export interface Interest {
  category: string;
  score: number;
  source: string;
}

/** `customers/{customerId}`: the folded profile without personal contact data (that is in `pii/contact`). */
export interface Customer {
  /** As on the orders; a masked form of the first known address or id when no name is known. */
  displayName: string | null;
  maskedEmail: string | null;
  maskedPhone: string | null;
  externalId: string | null;
  platform: Platform;
  country: string | null;
  zone: string | null;
  language: string | null;
  gender: "female" | "male" | "other" | null;
  ageBand: "under 18" | "18-24" | "25-34" | "35-44" | "45-54" | "55-64" | "65+" | null;
  birthMonthDay: string | null;
  lifecycleStage: "lead" | "new" | "active" | "loyal" | "at risk" | "lost" | "won back";
  stats: CustomerStats;
  interests: Interest[];
  rfm: Rfm | null;
  segment: Membership | null;
  ruleSegments: string[];
  tags: Tags;
  consent: Partial<Record<Channel, ConsentState>>;
  profiling: "allowed" | "opted out";
  reach: Reach;
  aliases: string[];
  mergedInto: string | null;
  searchTokens: string[];
  sample: boolean;
  /** The import or connection whose record has the lowest version. */
  createdBy: string;
  createdVersion: number;
  /** The earliest moment the shop knows of the customer (first record), not when the row was written. */
  createdAt: Timestamp;
  updatedAt: Timestamp;
  evaluatedAt: Timestamp | null;
}

/** An identifier of a person besides e-mail and phone. */
export interface IdentityClaim {
  kind: "anonymous" | "openid" | "unionid" | "member";
  value: string;
}

/** What the newest customer list said of an account: the same list imported again changes nothing. */
export interface Listed {
  version: number;
  /** Keyed hashes of its rows about the account. */
  rows: string[];
}

/**
 * `customers/{customerId}/sources/{sourceId}`: one account's profile as its platform states it. Subject to
 * erasure.
 */
export interface Source {
  connectionId: string;
  externalId: string;
  /** By profile field: [effective time in ms, source version] of the value held; the larger one wins. */
  ranks: Record<string, number[]>;
  name: string | null;
  email: string | null;
  phone: string | null;
  birthDate: string | null;
  gender: "female" | "male" | "other" | null;
  country: string | null;
  zone: string | null;
  language: string | null;
  address: string | null;
  tags: string[];
  consent: Partial<Record<Channel, ConsentState>>;
  profiling: "allowed" | "opted out" | null;
  listed: Listed | null;
  /** An address typed at a checkout or a till without signing in: evidence that may not join two customers. */
  guest: boolean;
  /** The platform's relay address or a statistic: never joined, never a target. */
  relay: boolean;
  identities: IdentityClaim[];
  /** The account's own statistics; a customer's are the sum over its accounts. */
  stats: CustomerStats | null;
  /** The platform asked at this version that the person be forgotten: no older words or names are kept. */
  redactedVersion: number | null;
  /** The platform deleted or redacted the account at this version: nothing older is taken in. */
  erasedVersion: number | null;
}

/** `customers/{customerId}/sources/manual`: what a member typed in the console; wins over every source. */
export interface Manual {
  name: string | null;
  email: string | null;
  phone: string | null;
  country: string | null;
  language: string | null;
  tags: string[];
  note: string | null;
  updatedBy: string;
}

/** `customers/{customerId}/pii/contact`: read by owner, admin and marketer only. */
export interface Contact {
  name: string | null;
  email: string | null;
  /** E.164 when the number could be parsed, as given otherwise. */
  phone: string | null;
  address: string | null;
  birthDate: string | null;
}

/** `identities/{HMAC(kind, value)}`: the exact look-up from an address to the customers that carry it. */
export interface Identity {
  /**
   * `address` is a name with a postal address; `storefront` is an account: it names those that a decision was made
   * about together with it.
   */
  kind: "storefront" | "email" | "phone" | "openid" | "unionid" | "anonymous" | "member" | "address";
  /** The customers that carry this address, as a set: marks commute, so that order of arrival does not matter. */
  claims: Record<string, boolean>;
}

export interface OrderLine {
  productId: string | null;
  title: string | null;
  quantity: number;
  price: number | null;
}

/** `orders/{hash of platform, shop, external id}`: money is minor units of `currency`. */
export interface Order {
  /** Null where the platform gives no buyer (Amazon, Flipkart): the order is a statistic. */
  customerId: string | null;
  connectionId: string;
  platform: Platform;
  /** Null when the file gave no order id: the document's id is then a hash of the row. */
  externalId: string | null;
  placedAt: Timestamp;
  /** The calendar day in the shop's time zone, the key of the daily figures; null when the order does not count. */
  day: string | null;
  status: "paid" | "refunded" | "cancelled" | "test";
  currency: string;
  total: number;
  discount: number;
  refunded: number;
  /** Total less refunds in the shop's reporting currency; null when the shop has no rate for `currency`. */
  reportingTotal: number | null;
  reportingDiscount: number | null;
  reportingRefunded: number | null;
  items: number;
  lines: OrderLine[];
  /** Where it was placed; null in older documents: the platform's usual one. */
  channel: "website" | "pos" | "wechat" | "storefront" | "csv" | null;
  tax: number;
  shipping: number;
  discountCodes: string[];
  /** Deleted at the platform: kept, and counted nowhere. */
  deleted: boolean;
  /** When the platform deleted it, as a source version; a newer record brings it back. */
  deletedVersion: number | null;
  sourceVersion: number;
  contentHash: string;
  /** Source version of the record that created the document: tells a replay from a repeated import. */
  createdVersion: number;
  historic: boolean;
  sample: boolean;
  updatedAt: Timestamp;
}

/** `products/{hash of platform, shop, external id}`. */
export interface Product {
  connectionId: string;
  platform: Platform;
  externalId: string;
  title: string | null;
  category: string | null;
  /** The lowest current price over its variants. */
  price: number | null;
  currency: string | null;
  /** The crossed-out price, where the platform has one. */
  compareAt: number | null;
  /** Units over all variants; null where stock is not tracked. */
  stock: number | null;
  image: string | null;
  url: string | null;
  skus: string[];
  status: "active" | "hidden";
  deleted: boolean;
  deletedVersion: number | null;
  /** When a change of price or stock has rested long enough to be told to offers; null when there is none. */
  dueAt: Timestamp | null;
  sourceVersion: number;
  contentHash: string;
  createdVersion: number;
  sample: boolean;
  updatedAt: Timestamp;
}

/** `feedback/{deterministic}`: the customer's words. Without a customer it belongs to a product only. */
export interface Feedback {
  customerId: string | null;
  connectionId: string;
  platform: Platform;
  externalId: string | null;
  kind: "review" | "message" | "survey" | "chat";
  at: Timestamp | null;
  productId: string | null;
  productTitle: string | null;
  title: string | null;
  text: string;
  rating: number | null;
  language: string | null;
  /** True for rows of a bulk job: the per-document trigger leaves them to the batch. */
  bulk: boolean;
  sourceVersion: number;
  contentHash: string;
  createdVersion: number;
  sample: boolean;
  updatedAt: Timestamp;
}

/** `events/{source event id}`: one line of a customer's timeline. */
export interface Event {
  customerId: string;
  kind: "order" | "refund" | "feedback" | "visit" | "product_viewed" | "cart" | "delivery" | "click" | "profile" | "consent" | "till" | "page" | "search" | "checkout" | "signup" | "custom" | "merge";
  channel: "website" | "email" | "sms" | "push" | "wechat" | "pos" | "storefront" | "csv" | "console";
  at: Timestamp;
  /** A language-neutral detail such as a product's name or the first words of a review. */
  title: string | null;
  amount: number | null;
  currency: string | null;
  /** Path of the document that this line is about. */
  ref: string | null;
  session: string | null;
  url: string | null;
  /** At most 50 of the caller's own properties, each at most 1 KB; never indexed. */
  properties: Record<string, string>;
  sourceVersion: number;
  historic: boolean;
  sample: boolean;
}

/** One feature of a segment against the population, in the feature's own unit. */
export interface SegmentFeature {
  name: "recencyDays" | "orders" | "revenue" | "averageOrder" | "medianGapDays" | "tenureDays";
  mean: number | null;
  population: number | null;
  /** (segment mean - population mean) / population standard deviation, on the clustered scale. */
  z: number;
}

/** `segments/{segmentId}`: stable across reclusters. */
export interface Segment {
  kind: "cluster" | "rule";
  name: Localized;
  /** Neutral: safe for links, tags and coupons; states nothing inferred about a person. */
  publicName: string;
  icon: string;
  /** The segmentation in which it was last present. */
  version: number;
  retired: boolean;
  size: number;
  share: number;
  revenue: number;
  revenueShare: number;
  orders: number;
  features: SegmentFeature[];
  traits: Localized[];
  renamedBy: string | null;
  updatedAt: Timestamp;
}

export interface SegmentSize {
  segmentId: string;
  name: Localized;
  size: number;
  revenue: number;
}

/** One tried number of clusters and what it earned. */
export interface Candidate {
  k: number;
  silhouette: number;
  smallestShare: number;
  chosen: boolean;
}

export interface Movement {
  from: string | null;
  to: string | null;
  count: number;
}

/** `segmentations/{version}`: one recluster. Version numbers are never reused. */
export interface Segmentation {
  version: number;
  runId: string;
  createdAt: Timestamp;
  asOf: Timestamp;
  algorithm: "kmeans" | "rfm" | "none";
  k: number;
  silhouette: number | null;
  candidates: Candidate[];
  /** Set when the data did not carry 6 groups, or another gate was not met: says which, and how far it is. */
  note: Localized | null;
  customers: number;
  /** Customers with at least one counted order and no opt-out of profiling: the ones that were clustered. */
  eligible: number;
  sizes: SegmentSize[];
  movements: Movement[];
  moved: number;
  featureNames: string[];
  scalerCenter: number[];
  scalerScale: number[];
  /** Centroid by segment id, on the scaled feature axes. */
  prototypes: Record<string, number[]>;
  rfmEdges: Partial<Record<"recency" | "frequency" | "monetary", number[]>>;
}

/** A customer on the 2-D map: first two principal components of the scaled features. */
export interface MapPoint {
  c: string;
  s: string;
  x: number;
  y: number;
}

/** `segmentations/{version}/map/points`: a sample of at most 2,000 customers, no names. */
export interface SegmentMap {
  /** Share of variance on each axis. */
  explained: number[];
  sampled: number;
  of: number;
  points: MapPoint[];
}

/** `config/segmentation`: the pointer whose one write flips the whole segmentation. */
export interface ActiveSegmentation {
  active: number;
  nextVersion: number;
  updatedAt: Timestamp;
}

/** `runs/{runId}`: a long job with its progress; written by one coordinator, at most once a second. */
export interface Run {
  kind: RunKind;
  status: "queued" | "running" | "done" | "failed" | "cancelled";
  title: string;
  done: number;
  /** Null while unknown; the bar is then indeterminate. */
  total: number | null;
  step: Localized | null;
  result: Record<string, number | number | string | null>;
  /** What happened, what is safe, and the way out. */
  error: Localized | null;
  startedAt: Timestamp;
  updatedAt: Timestamp;
  finishedAt: Timestamp | null;
  startedBy: string | null;
  ref: string | null;
}

/** `config/schedules/jobs/{job}`: the next and last run of one scheduled job. */
export interface Schedule {
  job: "sweep" | "nightly";
  every: string;
  nextAt: Timestamp;
  lastAt: Timestamp | null;
  lastOk: boolean | null;
}

export interface ColumnMatch {
  column: string;
  /** Null: the column is ignored. */
  field: string | null;
  sure: boolean;
  example: string | null;
}

export interface ImportCounts {
  rows: number;
  rejected: number;
  /** Identical rows in the file: kept as separate orders and reported. */
  repeated: number;
  created: number;
  updated: number;
  unchanged: number;
  parked: number;
  /** Customers created. */
  customers: number;
  orders: number;
  feedback: number;
  /** Texts that belong to a product only. */
  withoutCustomer: number;
  /** Records that a cleaning rule kept out; they wait in `setAside`. */
  setAside: number;
}

/** A signed statement that the people in a file agreed to be contacted. */
export interface Attestation {
  by: string;
  byName: string;
  at: Timestamp;
  channels: Channel[];
  source: string;
}

/** `imports/{importId}`: one uploaded file, from the first byte to the last write. */
export interface Import {
  kind: "orders" | "customers" | "reviews";
  fileName: string;
  fileBytes: number | null;
  connectionId: string;
  platform: Platform;
  /** Milliseconds since 1970 at creation: the source version of every record in it. */
  version: number;
  status: "uploading" | "numbering" | "importing" | "finishing" | "done" | "cancelled" | "failed";
  header: string[];
  delimiter: string;
  mapping: ColumnMatch[];
  currency: string;
  zone: string;
  dateOrder: "ymd" | "mdy" | "dmy";
  consentColumn: boolean;
  attestation: Attestation | null;
  attesting: boolean;
  attestedChunks: number;
  /** Known when the upload is complete. */
  chunks: number | null;
  chunksDone: number;
  counts: ImportCounts;
  reachable: Partial<Record<Channel, number>>;
  contactable: number | null;
  runId: string;
  sample: boolean;
  createdBy: string;
  createdByName: string;
  createdAt: Timestamp;
  updatedAt: Timestamp;
  finishedAt: Timestamp | null;
  error: Localized | null;
}

/** A row that was not taken, in its chunk's `rejected`. */
export interface RejectedRow {
  /** Line in the file, the header being line 1. */
  line: number;
  column: string | null;
  /** Code of the reason; the console has a sentence for each. */
  reason: string;
  detail: string;
  raw: string;
  /** True when the row was taken without the cell that could not be used. */
  taken: boolean;
}

/**
 * The rows of the first or last order of a part: an order whose rows the upload cut in two is put together
 * again.
 */
export interface EdgeRows {
  orderId: string;
  line: number;
  raw: string;
}

/**
 * `imports/{importId}/chunks/{part}-{n}`: up to 200 records of an upload, kept before the upload is
 * acknowledged.
 */
export interface ImportChunk {
  part: number;
  /** Place in the file among the chunks, given when the upload is complete. */
  seq: number | null;
  /** The chunk that is published when this one is done: two places on, since two are in flight. */
  next: string | null;
  rows: number;
  firstLine: number;
  /** zlib-compressed JSON list of records. */
  records: Bytes;
  /** 16 bytes a record: 8 of what identifies it, 8 of what it says; for numbering repeated rows. */
  keys: Bytes;
  rejected: RejectedRow[];
  head: EdgeRows | null;
  tail: EdgeRows | null;
  done: boolean;
  doneAt: Timestamp | null;
  attestedAt: Timestamp | null;
}

/** `parked/{id}`: a record that failed; retried until attempt 5, then waits for a person. */
export interface Parked {
  topic: string;
  status: "retrying" | "parked" | "replayed" | "discarded";
  /** `json`: the message that carries this record alone. */
  record: Record<string, string>;
  error: string;
  attempt: number;
  dueAt: Timestamp | null;
  createdAt: Timestamp;
  updatedAt: Timestamp;
}

/** `metrics/overview`: the first screen in one read. */
export interface Overview {
  customers: number;
  buyers: number;
  repeatBuyers: number;
  orders: number;
  revenue: number;
  averageOrder: number | null;
  feedback: number;
  reviewers: number;
  ratingAverage: number | null;
  unconvertedOrders: number;
  currency: string;
  firstOrderAt: Timestamp | null;
  lastOrderAt: Timestamp | null;
  /** Now for a living shop; the day after the newest order when that is over 30 days old. */
  asOf: Timestamp;
  /** True when `as_of` is not now: the screen shows an amber line. */
  dataEnded: boolean;
  sampleCustomers: number;
  /** Customers with an address and consent, by channel. */
  reachable: Partial<Record<Channel, number>>;
  /** Customers who can be reached by at least one channel. */
  contactable: number;
  computedAt: Timestamp;
}

export interface Day {
  orders: number;
  revenue: number;
  newCustomers: number;
}

/** `metrics/month-YYYY-MM`: daily figures by day of month ("01".."31") in the shop's time zone. */
export interface Month {
  month: string;
  days: Record<string, Day>;
  orders: number;
  revenue: number;
  newCustomers: number;
  computedAt: Timestamp;
}

/** `members/{uid}`: the role that firestore.rules read. */
export interface Member {
  role: Role;
  email: string;
  name: string;
  language: "en" | "zh";
  createdAt: Timestamp;
  updatedAt: Timestamp;
  updatedBy: string;
}

/** `audit/{id}`: who changed what; append only, written in the commit of the edit. */
export interface Audit {
  at: Timestamp;
  actor: string;
  actorName: string;
  actorRole: Role | "system";
  action: string;
  /** Path of the document. */
  target: string;
  before: Record<string, unknown>;
  /** Values; a personal value only as the word "changed". */
  after: Record<string, unknown>;
}

/** What the shop decided about cleaning; see `functions/ingest/cleaning`. */
export interface CleaningChoice {
  /** Names of the rules that do not run. */
  off: string[];
  /** Orders from these e-mail domains are the shop's own. */
  staffDomains: string[];
  /** By currency, the total above which an order is not believed; without one the rule's own bound holds. */
  largestOrder: Record<string, number>;
}

/** `settings/shop`. */
export interface Shop {
  name: string;
  /** The reporting currency; null until the first real data or an owner decide it. */
  currency: string | null;
  zone: string | null;
  country: string | null;
  /** Units of the reporting currency for one unit of the key. */
  rates: Record<string, number>;
  /** True while the sample shop is loaded. */
  sample: boolean;
  /** True once real data came in. */
  real: boolean;
  onboarding: Record<string, boolean>;
  cleaning: CleaningChoice;
  updatedAt: Timestamp;
}

/** `members/{uid}/views/{id}`: written by its owner's own client. */
export interface SavedView {
  page: string;
  name: string;
  query: string;
  updatedAt: Timestamp;
}

/** What a platform gives of one thing, said plainly in the console. */
export interface Given {
  thing: "customers" | "email" | "phone" | "address" | "consent" | "orders" | "products" | "stock" | "carts" | "reviews" | "messages" | "browsing" | "webhooks";
  given: "yes" | "partly" | "no";
  why: Localized | null;
}

/** One subscription at the platform, as last looked at. */
export interface WebhookState {
  topic: string;
  externalId: string | null;
  status: "active" | "disabled" | "missing";
  checkedAt: Timestamp;
}

/** How far one thing's backfill is. `cursor` continues where the last finished page ended. */
export interface StepState {
  cursor: string | null;
  /** Records read so far. */
  seen: number;
  /** What the platform says there is; null where it does not say. */
  total: number | null;
  done: boolean;
  /** Largest version seen, in ms: from where the next incremental reading starts. */
  newest: number | null;
}

export interface DriftSummary {
  at: Timestamp;
  checked: number;
  missing: number;
  stale: number;
  extra: number;
  repaired: number;
  unrepaired: number;
}

/** `connections/{connectionId}`: a connected shop without its secrets; read by members who may meet customers. */
export interface Connection {
  platform: Platform;
  /** The shop's name as the platform gives it. */
  name: string;
  /** Host, store URL or seller id: what identifies the shop at the platform. */
  shop: string;
  status: ConnectionStatus;
  /** Why it needs attention, and the way out. */
  problem: Localized | null;
  /** Why the platform was recognised as this one. */
  detectedBy: Localized | null;
  gives: Given[];
  currency: string | null;
  zone: string | null;
  scopes: string[];
  webhooks: WebhookState[];
  /** The running or last backfill, by thing. */
  steps: Partial<Record<Thing, StepState>>;
  /** Of the work on this connection: a task of an older one does nothing. */
  generation: number;
  /** When the next page, poll or reconciliation is due; the sweep sends a task for what is overdue. */
  dueAt: Timestamp | null;
  work: "idle" | "backfill" | "reconcile" | "poll";
  runId: string | null;
  /** Pages in a row that the platform did not give: the longer, the rarer we ask. */
  failures: number;
  pollCursor: string | null;
  lastEventAt: Timestamp | null;
  lastPollAt: Timestamp | null;
  /** Up to when a reconciliation has compared everything. */
  reconciledAt: Timestamp | null;
  drift: DriftSummary | null;
  /** True when the base URL is not the provider's own (a simulated shop on this machine). */
  sandbox: boolean;
  /** When the shop was last connected: what the platform says of an earlier connection is past. */
  connectedAt: Timestamp | null;
  /** When a page was last done or a task sent: what stands still is known by it. */
  workedAt: Timestamp | null;
  createdAt: Timestamp;
  createdBy: string;
  updatedAt: Timestamp;
}

/** `connections/{connectionId}/secrets/credentials`: ciphertext only; no client reads it. */
export interface Credentials {
  /** `v{key version}.{base64url nonce}.{base64url AES-256-GCM ciphertext}`, associated data: the connection's id. */
  sealed: string;
  expiresAt: Timestamp | null;
  /** Until when one worker alone may refresh the token. */
  lease: Timestamp | null;
  updatedAt: Timestamp;
}

/** `oauthStates/{HMAC of the nonce}`: one connecting in progress; used once, gone after 15 minutes. */
export interface OauthState {
  platform: Platform;
  shop: string;
  uid: string;
  /** Hash of the nonce that the browser brings back. */
  nonce: string;
  /** The app's credentials while the person is away at the platform, sealed like `Credentials`. */
  sealed: string;
  /** The member, sealed too: their name and address stand in no open document. */
  who: string;
  returnTo: string;
  detectedBy: Localized | null;
  used: boolean;
  connectionId: string | null;
  problem: Localized | null;
  expiresAt: Timestamp;
}

/** `connections/{connectionId}/limits/{operation}`: a token bucket shared by every instance. */
export interface Bucket {
  tokens: number;
  /** Tokens a second. */
  rate: number;
  burst: number;
  at: Timestamp;
}

/** One record that differed from the platform's. */
export interface DriftItem {
  thing: Thing;
  externalId: string;
  kind: "missing" | "stale" | "extra";
  field: string | null;
  ours: string | null;
  theirs: string | null;
  why: Localized;
  fixed: boolean;
}

/** `connections/{connectionId}/drift/{day}`: what one reconciliation found and repaired. */
export interface Drift {
  at: Timestamp;
  runId: string;
  /** `setAside`: of theirs, those that a rule of cleaning keeps apart here. */
  counts: Partial<Record<Thing, Partial<Record<"ours" | "theirs" | "setAside", number | null>>>>;
  checked: Partial<Record<Thing, number>>;
  missing: number;
  stale: number;
  extra: number;
  repaired: number;
  unrepaired: number;
  webhooksRestored: string[];
  /** How far the reconciliation is: the pages of each thing, then the ids of things of which we have too many. */
  leg: number;
  cursor: string | null;
  done: boolean;
  /** The first 200; the numbers above count all. */
  items: DriftItem[];
}

/** `connections/{connectionId}/drift/{day}/ids/{n}`: ids that the platform listed, to find what we have too much. */
export interface SeenIds {
  thing: Thing;
  ids: string[];
}

export interface CleaningCount {
  /** Name of the rule in `functions/ingest/cleaning`. */
  rule: string;
  changed: number;
  setAside: number;
}

export interface CleaningExample {
  rule: string;
  action: "changed" | "set aside";
  thing: string;
  externalId: string | null;
  field: string | null;
  /** Masked where it is personal. */
  before: string | null;
  after: string | null;
}

/** `cleaning/{origin}/days/{day}`: what the rules did to the records of one import, connection or write key. */
export interface Cleaning {
  /** Import id, else connection id. */
  origin: string;
  day: string;
  /** Records that a rule changed or set aside, each version once. */
  records: number;
  counts: CleaningCount[];
  examples: CleaningExample[];
  updatedAt: Timestamp;
}

/** `cleaned/{deterministic}`: what the rules did to one version of a record; folded into its day exactly once. */
export interface Cleaned {
  origin: string;
  day: string;
  touched: CleaningExample[];
  folded: boolean;
  at: Timestamp;
}

/** `setAside/{deterministic}`: a record that a rule kept out of the figures: whole, with its reason. */
export interface SetAside {
  origin: string;
  connectionId: string;
  rule: string;
  thing: string;
  externalId: string | null;
  reason: Localized;
  /** `json`: the message that carries this record alone. */
  record: Record<string, string>;
  status: "set aside" | "let in" | "discarded";
  at: Timestamp;
}

/** `carts/{hash of connection, external id}`: a checkout that was begun. */
export interface Cart {
  customerId: string | null;
  connectionId: string;
  platform: Platform;
  externalId: string;
  status: "open" | "abandoned" | "recovered";
  /** When the shopper last touched it. */
  at: Timestamp;
  currency: string;
  total: number;
  lines: OrderLine[];
  url: string | null;
  sourceVersion: number;
  contentHash: string;
  createdVersion: number;
  deleted: boolean;
  deletedVersion: number | null;
  /** When it has been abandoned long enough to be told to offers; null when there is nothing to tell. */
  dueAt: Timestamp | null;
  /** Told to offers: once a cart, however often it is left. */
  announced: boolean;
  historic: boolean;
  sample: boolean;
  updatedAt: Timestamp;
}

/** `products/{productId}/prices/{version}`: the price and stock from a moment on, kept when either changed. */
export interface ProductPrice {
  at: Timestamp;
  price: number | null;
  currency: string | null;
  stock: number | null;
}

/** What one version of a product said. */
export interface PriceSeen {
  version: number;
  price: number | null;
  currency: string | null;
  stock: number | null;
  /** Of two states of one version the larger one holds, as for the product itself. */
  hash: string;
  historic: boolean;
}

/**
 * `products/{productId}/state/prices`: the newest sightings, from which the history in `prices` follows in any
 * order of arrival.
 */
export interface PriceState {
  /** By version, ascending. */
  seen: PriceSeen[];
  /** The newest sighting that no longer fits into `seen`: nothing older is taken into the history. */
  before: PriceSeen | null;
  /** What offers know of. */
  settled: PriceSeen | null;
}

/** `writeKeys/{HMAC of the key}`: a key of the tracking API. */
export interface WriteKey {
  name: string;
  /** A browser key is public: it links an anonymous id and nothing more. */
  kind: "browser" | "server";
  /** The first characters, to recognise it by. */
  hint: string;
  connectionId: string;
  channel: "website" | "pos" | "wechat" | "email";
  /** Origins that may use a browser key; empty: any. */
  origins: string[];
  /** The secret behind `userHash`, sealed; shown once. */
  sealedHashSecret: string | null;
  disabled: boolean;
  lastUsedAt: Timestamp | null;
  createdBy: string;
  createdAt: Timestamp;
}

/** `surveys/{surveyId}`: a hosted page with one question. */
export interface Survey {
  name: string;
  question: Localized;
  thanks: Localized;
  kind: "stars" | "smileys" | "nps";
  askText: boolean;
  closed: boolean;
  answers: number;
  createdBy: string;
  createdAt: Timestamp;
  updatedAt: Timestamp;
}

/** `customers/{customerId}/notes/{noteId}`: what a member wrote about a customer. */
export interface Note {
  text: string;
  by: string;
  byName: string;
  at: Timestamp;
  editedAt: Timestamp | null;
  /** Kept for undo; no screen shows it. */
  deleted: boolean;
}

/** `customers/{customerId}/links/{otherId}`: what was decided about two accounts; the newest decision holds. */
export interface MergeDecision {
  decision: "join" | "apart";
  /** A member, or the connection whose platform merged them. */
  by: string;
  at: Timestamp;
  reason: string | null;
}

/** `customers/{customerId}/trail/{id}`: why an account was joined to or taken from this customer. */
export interface MergeTrail {
  at: Timestamp;
  action: "joined" | "parted";
  account: string;
  evidence: Localized[];
  kinds: string[];
  by: string | null;
}

/** `customers/{customerId}/suggestions/{otherId}`: two customers that look like one, for a person to decide. */
export interface Suggestion {
  other: string;
  reason: Localized;
  kinds: string[];
  at: Timestamp;
  dismissed: boolean;
}

/** Which uses a platform permits of a field. */
export interface ConsentUse {
  /** May be a target of outgoing messages. */
  target: boolean;
  /** May identify the person across shops. */
  identity: boolean;
  channels: Channel[];
}
