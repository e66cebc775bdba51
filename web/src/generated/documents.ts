// Generated from schema/ by scripts/generate. Do not edit: change the Python and run it again.
import type { Bytes, Timestamp } from "firebase/firestore";

export type Role = "owner" | "admin" | "marketer" | "analyst" | "support";
export type Channel = "email" | "sms" | "push" | "in_app" | "wechat" | "webhook";
export type RecordKind = "customer" | "order" | "feedback" | "product" | "event";
export type Platform = "csv" | "sample" | "shopify" | "woocommerce" | "amazon" | "flipkart" | "tracking" | "pos" | "wechat";
export type RunKind = "import" | "recluster" | "sample" | "remove_sample" | "nightly" | "refresh";

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
      "segment.id",
      "lifecycleStage",
      "country",
      "language"
    ],
    "arrayFilters": [
      "searchTokens"
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

export interface Tags {
  manual: string[];
  auto: string[];
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
  kind: "storefront" | "email" | "phone" | "openid" | "unionid" | "anonymous";
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
  customerId: string;
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
  price: number | null;
  currency: string | null;
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
  kind: "order" | "refund" | "feedback" | "visit" | "product_viewed" | "cart" | "delivery" | "click" | "profile" | "consent" | "till";
  channel: "website" | "email" | "sms" | "push" | "wechat" | "pos" | "storefront" | "csv" | "console";
  at: Timestamp;
  /** A language-neutral detail such as a product's name or the first words of a review. */
  title: string | null;
  amount: number | null;
  currency: string | null;
  /** Path of the document that this line is about. */
  ref: string | null;
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
  updatedAt: Timestamp;
}

/** `members/{uid}/views/{id}`: written by its owner's own client. */
export interface SavedView {
  page: string;
  name: string;
  query: string;
  updatedAt: Timestamp;
}
