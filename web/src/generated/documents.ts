// Generated from schema/ by scripts/generate. Do not edit: change the Python and run it again.
import type { Bytes, Timestamp } from "firebase/firestore";

export type Role = "owner" | "admin" | "marketer" | "analyst" | "support";
export type Channel = "email" | "sms" | "push" | "in_app" | "wechat" | "webhook";
export type RecordKind = "customer" | "order" | "feedback" | "product" | "event" | "cart" | "deleted" | "link";
export type Platform = "csv" | "sample" | "shopify" | "woocommerce" | "amazon" | "flipkart" | "tracking" | "pos" | "wechat";
export type GroupName = "delighted" | "surprised" | "worried" | "disappointed" | "frustrated" | "neutral";
export type SentimentName = "negative" | "neutral" | "positive";
export type TraitName = "openness" | "conscientiousness" | "extraversion" | "agreeableness" | "neuroticism";
export type OceanReason = "not enough text" | "language not supported" | "opted out" | "no text";
export type ValueTier = "top" | "high" | "middle" | "low";
export type RiskTier = "high" | "medium" | "low";
export type ModelName = "churn" | "intent" | "engagement" | "campaign" | "value" | "discount" | "segmentation" | "text";
export type Health = "green" | "yellow" | "red";
export type RunKind = "import" | "recluster" | "sample" | "remove_sample" | "nightly" | "refresh" | "backfill" | "reconcile" | "learn";
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
      "segment.before",
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
  "customers to move": {
    "collection": "customers",
    "sorts": [
      "segment.from"
    ],
    "filters": [
      "mergedInto",
      "segment.id",
      "segment.before",
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
      "asc"
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
  "customer moods": {
    "collection": "emotions",
    "sorts": [
      "at"
    ],
    "filters": [
      "customerId",
      "status"
    ],
    "arrayFilters": [],
    "directions": [
      "desc"
    ],
    "sums": []
  },
  "sentences of a mood": {
    "collection": "emotions",
    "sorts": [
      "at"
    ],
    "filters": [
      "top",
      "frustrated"
    ],
    "arrayFilters": [],
    "directions": [
      "desc"
    ],
    "sums": []
  },
  "moods of a product": {
    "collection": "emotions",
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
  "cases": {
    "collection": "cases",
    "sorts": [
      "openedAt"
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
  "cases of a customer": {
    "collection": "cases",
    "sorts": [
      "openedAt"
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
  "insights": {
    "collection": "insights",
    "sorts": [
      "createdAt"
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
  "moods since": {
    "collection": "emotions",
    "sorts": [
      "at"
    ],
    "filters": [],
    "arrayFilters": [],
    "directions": [
      "asc"
    ],
    "sums": []
  },
  "words since": {
    "collection": "feedback",
    "sorts": [
      "at"
    ],
    "filters": [],
    "arrayFilters": [],
    "directions": [
      "asc"
    ],
    "sums": []
  },
  "frustrated customers": {
    "collection": "customers",
    "sorts": [
      "psyche.frustration.at"
    ],
    "filters": [],
    "arrayFilters": [],
    "directions": [
      "asc"
    ],
    "sums": []
  },
  "risk that rose": {
    "collection": "customers",
    "sorts": [
      "predictions.crossedAt"
    ],
    "filters": [],
    "arrayFilters": [],
    "directions": [
      "desc"
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
  },
  "sample moods": {
    "collection": "emotions",
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
  "sample cases": {
    "collection": "cases",
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
  "sample insights": {
    "collection": "insights",
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

/** A distribution over the six groups; sums to 1. */
export interface EmotionGroups {
  delighted: number;
  surprised: number;
  worried: number;
  disappointed: number;
  frustrated: number;
  neutral: number;
}

/** A score between 0 and 1 (0.5 = the mean writer of shop reviews) with its 90 % interval: a hint, never a label. */
export interface Trait {
  score: number;
  low: number;
  high: number;
}

/** Five traits, never a label. */
export interface Ocean {
  openness: Trait;
  conscientiousness: Trait;
  extraversion: Trait;
  agreeableness: Trait;
  neuroticism: Trait;
}

/** The newest text that is negative and angry, annoyed, disappointed, disapproving or disgusted. */
export interface Frustration {
  feedbackId: string;
  at: Timestamp;
  settled: "positive text" | "closed case" | null;
}

/** Folded anew from the newest 200 scored texts sorted by id, decayed as of `as_of`; never incrementally. */
export interface Psyche {
  asOf: Timestamp;
  /** Scored texts that it rests on. */
  texts: number;
  words: number;
  /** Sum of the decayed weights: what the means rest on. */
  weight: number;
  /** Decayed mean of P(positive) - P(negative). */
  sentiment: number | null;
  sentimentLow: number | null;
  sentimentHigh: number | null;
  groups: EmotionGroups | null;
  /** The strongest group; null without scored words. */
  mood: GroupName | null;
  frustration: Frustration | null;
  ocean: Ocean | null;
  oceanReason: OceanReason | null;
  oceanWords: number;
  models: string[];
}

export interface Affinity {
  category: string;
  /** Of what the customer bought and looked at, decayed. */
  share: number;
}

/** Behaviour that needs the timeline beside `stats`; what each is stands in `docs/features.md`. */
export interface Habits {
  asOf: Timestamp;
  visits30: number;
  visits90: number;
  /** Products looked at. */
  views90: number;
  carts90: number;
  cartAbandonment: number | null;
  /** Orders with any discount. */
  discountShare: number | null;
  /** Discount money over full price. */
  discountDepth: number | null;
  /** Orders refunded in whole or part. */
  returnShare: number | null;
  itemsPerOrder: number | null;
  /** Coefficient of variation of the gaps between order days; null below four order days. */
  rhythm: number | null;
  /** Mean percentile of the prices bought at within their category: 0 cheapest, 1 dearest. */
  priceTier: number | null;
  spend365: number | null;
  /** Share of orders by channel. */
  channels: Record<string, number>;
  /** Hour of the shop's clock at which they are most active; null below five moments. */
  bestHour: number | null;
  /** 0 = Monday. */
  bestWeekday: number | null;
  affinity: Affinity[];
}

/** What moved a prediction, in words. */
export interface Driver {
  name: string;
  text: Localized;
  /** Signed, on the scale of log odds (or of the value). */
  effect: number;
}

/** A calibrated probability with its 90 % interval, or why there is none. */
export interface Probability {
  value: number | null;
  low: number | null;
  high: number | null;
  /** What gave it: the trained model, or the named baseline that it had to beat. */
  basis: "model" | "baseline" | null;
  /** `churn@3`: a document of `models` and its version. */
  model: string;
  /** Which condition is not met; then there is no value. */
  unmet: Localized | null;
  drivers: Driver[];
}

/** The next twelve months by BG/NBD and Gamma-Gamma, each with its 90 % predictive interval. */
export interface LifetimeValue {
  expected: number | null;
  low: number | null;
  high: number | null;
  purchases: number | null;
  purchasesLow: number | null;
  purchasesHigh: number | null;
  alive: number | null;
  nextOrderAt: Timestamp | null;
  nextOrderLow: Timestamp | null;
  nextOrderHigh: Timestamp | null;
  model: string;
  unmet: Localized | null;
}

/** What a discount changes in the probability to buy: from randomised offers, or guessed from behaviour. */
export interface Uplift {
  value: number | null;
  low: number | null;
  high: number | null;
  basis: "randomised offers" | "behaviour with shrinkage";
  model: string;
  unmet: Localized | null;
}

/** Everything predicted about a customer as of one moment. */
export interface Predictions {
  asOf: Timestamp;
  value: LifetimeValue;
  /** No order within the shop's own churn horizon. */
  churn: Probability;
  /** An order within 30 days. */
  intent: Probability;
  /** A click, visit or order within 30 days. Opens do not count: mail privacy proxies inflate them. */
  engagement: Probability;
  /** An order within 14 days of a message. */
  campaign: Probability;
  discount: Uplift;
  valueTier: ValueTier | null;
  churnTier: RiskTier | null;
  /** When the risk last crossed the threshold upwards. */
  crossedAt: Timestamp | null;
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
  /** The second-nearest segment. */
  second: string | null;
  /** How much farther the second-nearest is, as a share of its distance: 0 on the border, towards 1 deep inside. */
  margin: number | null;
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

/** A tag that a rule or a model gave, with its reason. */
export interface AutoTag {
  tag: string;
  reason: Localized;
  /** Inferred by a model: shown in purple. */
  model: boolean;
  /** When a model's tag ends by itself. */
  until: Timestamp | null;
  /** The text that it rests on. */
  evidence: string | null;
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
  psyche: Psyche | null;
  habits: Habits | null;
  predictions: Predictions | null;
  ruleSegments: string[];
  tags: Tags;
  /** Inferred from words and behaviour, each with its evidence and an end. */
  modelTags: AutoTag[];
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
  /** See `ml/segmentation/features.py`; `emotion.delighted` and `ocean.openness` for the words. */
  name: string;
  block: "behaviour" | "emotion" | "personality";
  mean: number | null;
  population: number | null;
  /** (segment mean - population mean) / population standard deviation, on the clustered scale. */
  z: number;
}

/** What a card says it is based on: shares of the distance to the population that each block explains. */
export interface Basis {
  behaviour: number;
  words: number;
  personality: number;
  /** Members with scored words. */
  wordsKnown: number;
  /** Members with enough text for a personality score. */
  oceanKnown: number;
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
  /** Id of the archetype in `ml/segmentation/archetypes.toml`; null where the match is too weak for its name. */
  persona: string | null;
  /** How well the profile fits the archetype. */
  strength: number | null;
  basis: Basis | null;
  /** Mean over the members with scored words; null where nobody has any. */
  mood: EmotionGroups | null;
  moodCustomers: number;
  sentiment: number | null;
  ocean: Ocean | null;
  renamedBy: string | null;
  updatedAt: Timestamp;
}

export interface SegmentSize {
  segmentId: string;
  name: Localized;
  size: number;
  revenue: number;
}

/** One tried grouping and what it earned. */
export interface Candidate {
  algorithm: "kmeans" | "dbscan" | "hdbscan";
  k: number;
  /** Noise counts against it. */
  silhouette: number;
  smallestShare: number;
  /** Mean adjusted Rand index of refits on bootstrap samples. */
  stability: number | null;
  /** Entropy of the sizes over its maximum. */
  balance: number | null;
  noise: number;
  score: number | null;
  /** Why it could not be chosen. */
  out: Localized | null;
  chosen: boolean;
}

export interface Movement {
  from: string | null;
  to: string | null;
  count: number;
}

/** How far a segment that lived on is from where it was in the version before. */
export interface Drift {
  segmentId: string;
  /** Distance of the two centres on the weighted axes: about how many standard deviations a feature moved. */
  shift: number;
  before: number;
  /** Members. */
  after: number;
}

/** `segmentations/{version}`: one recluster. Version numbers are never reused. */
export interface Segmentation {
  version: number;
  runId: string;
  createdAt: Timestamp;
  asOf: Timestamp;
  algorithm: "kmeans" | "dbscan" | "hdbscan" | "rfm" | "none";
  k: number;
  silhouette: number | null;
  stability: number | null;
  candidates: Candidate[];
  /** A search tries algorithms and numbers of groups; a warm run keeps them and only moves people. */
  mode: "search" | "warm";
  /** A proposal waits for Publish or Keep; `kept` means that the one before it stayed in force. */
  status: "fitting" | "proposed" | "published" | "kept";
  /** Why it is a proposal and not in force. */
  proposal: Localized | null;
  /** Adjusted mutual information between cluster and has-words. */
  wordsGate: number | null;
  /**
   * What that had to stay under for the mood to count: 0.05, or a little over what behaviour alone has; null where
   * the mood is out, and in versions that did not keep it.
   */
  wordsBound: number | null;
  wordsShare: number;
  oceanShare: number;
  /** Weight of each block that took part. */
  blocks: Record<string, number>;
  searchedAt: Timestamp | null;
  /** Set when the data did not carry 6 groups, or another gate was not met: says which, and how far it is. */
  note: Localized | null;
  customers: number;
  /** Customers with at least one counted order and no opt-out of profiling: the ones that were clustered. */
  eligible: number;
  sizes: SegmentSize[];
  movements: Movement[];
  moved: number;
  drift: Drift[];
  featureNames: string[];
  scalerCenter: number[];
  scalerScale: number[];
  /** Centroid by segment id, on the scaled and weighted feature axes. */
  prototypes: Record<string, number[]>;
  /** Core samples of a density grouping (at most 500), row by row; empty where the centroids decide. */
  cores: number[];
  /** The segment of each core sample. */
  coreSegments: string[];
  /** The population's median of each feature in its own unit. */
  typical: number[];
  featureVersion: number;
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

export interface SentimentScore {
  label: SentimentName;
  negative: number;
  neutral: number;
  positive: number;
}

/** One text's contribution to its writer's traits: logits in the order of TRAITS and the tokens they rest on. */
export interface OceanPart {
  logits: number[];
  tokens: number;
  model: string;
}

/** A word and what leaving it out changes: positive numbers spoke for the label. */
export interface EvidenceSpan {
  /** Characters from the beginning of title + line feed + text (or of the text where there is no title). */
  start: number;
  end: number;
  sentiment: number;
  emotion: number;
}

/** The words that moved the labels, by occlusion. */
export interface Evidence {
  sentiment: SentimentName;
  /** Label of the 28 in English, a group elsewhere. */
  emotion: string | null;
  spans: EvidenceSpan[];
  method: "occlusion";
  at: Timestamp;
}

/** `emotions/{feedbackId}`: what a model read in one text; a text that cannot be scored says why. */
export interface Emotion {
  customerId: string | null;
  productId: string | null;
  at: Timestamp | null;
  kind: string;
  rating: number | null;
  /** BCP 47 primary tag as detected; `und` where it cannot be told. */
  language: string;
  status: "scored" | "not supported" | "too short" | "opted out" | "no words";
  /** Words; two Chinese characters count as one. */
  words: number;
  sentiment: SentimentScore | null;
  groups: EmotionGroups | null;
  top: GroupName | null;
  /** Probabilities of the 28 labels; English only. */
  emotions: Record<string, number>;
  /** Labels over their thresholds. */
  emotionLabels: string[];
  /** Negative, and anger, annoyance, disappointment, disapproval or disgust over the threshold. */
  frustrated: boolean;
  ocean: OceanPart | null;
  /** Name and version of the artefact. */
  model: string | null;
  /** Of title and text: a text that was changed is scored anew, the same text is not. */
  textHash: string;
  evidence: Evidence | null;
  sample: boolean;
  scoredAt: Timestamp;
}

/** How predictions before T met what happened after T. Null where the outcome had one class only. */
export interface Metrics {
  rows: number;
  positives: number;
  auc: number | null;
  aucLow: number | null;
  aucHigh: number | null;
  prAuc: number | null;
  brier: number | null;
  logLoss: number | null;
  /** Share of outcomes inside their 90 % interval (value). */
  coverage: number | null;
  /** Mean absolute error over the mean outcome (value); Qini coefficient (discount). */
  error: number | null;
  errorLow: number | null;
  errorHigh: number | null;
}

export interface CalibrationBin {
  predicted: number;
  observed: number;
  low: number;
  high: number;
  rows: number;
}

/** Population stability index of one feature between training and now: under 0.1 calm, over 0.25 changed. */
export interface Drift {
  feature: string;
  text: Localized | null;
  psi: number;
}

/** What the AUC loses when the feature is permuted in the test rows. */
export interface Importance {
  feature: string;
  text: Localized;
  value: number;
}

/** One time slice of the backtest. */
export interface Slice {
  trainedTo: Timestamp;
  testedTo: Timestamp;
  model: Metrics;
  baseline: Metrics;
}

/** `models/{name}/versions/{n}`: everything that serving needs, kept for roll-back. */
export interface ModelVersion {
  version: number;
  trainedAt: Timestamp;
  asOf: Timestamp;
  estimator: string;
  features: string[];
  parameters: Record<string, unknown>;
  metrics: Metrics | null;
  baseline: Metrics | null;
  health: Health;
  trainedBy: string | null;
}

export interface VersionLine {
  version: number;
  trainedAt: Timestamp;
  estimator: string;
  auc: number | null;
  brier: number | null;
  error: number | null;
  health: Health;
}

/** `models/{name}`: the model in force, what earned it its place, and its health. */
export interface ModelCard {
  name: ModelName;
  /** The version in force; 0 before the first training. */
  version: number;
  /** A member rolled back to it: training makes new versions but puts none in force. */
  pinned: boolean;
  inUse: "model" | "baseline" | "none";
  estimator: string;
  baseline: string;
  /** Why the model, or the baseline, is in use. */
  why: Localized;
  health: Health;
  reasons: Localized[];
  unmet: Localized | null;
  horizonDays: number | null;
  trainedAt: Timestamp | null;
  asOf: Timestamp | null;
  metrics: Metrics | null;
  baselineMetrics: Metrics | null;
  slices: Slice[];
  calibration: CalibrationBin[];
  drift: Drift[];
  importance: Importance[];
  /** Named parameters of the fit that a reader knows (r, alpha, a, b, p, q, v, log likelihoods; Qini). */
  fit: Record<string, number | null>;
  history: VersionLine[];
  updatedAt: Timestamp;
}

/** `cases/{caseId}`: a customer who needs a person; one a cause, however often it is told. */
export interface Case {
  customerId: string;
  kind: "frustrated" | "risk" | "manual";
  reason: Localized;
  feedbackId: string | null;
  status: "open" | "done";
  assignee: string | null;
  assigneeName: string | null;
  note: string | null;
  openedAt: Timestamp;
  doneAt: Timestamp | null;
  doneBy: string | null;
  doneByName: string | null;
  sample: boolean;
  updatedAt: Timestamp;
}

export interface InsightAction {
  label: Localized;
  /** A path of the console. */
  to: string;
}

export interface InsightPeriod {
  start: Timestamp;
  end: Timestamp;
  beforeStart: Timestamp | null;
  beforeEnd: Timestamp | null;
}

/** One sentence about the data in both languages, longer than a label. */
export interface Finding {
  en: string;
  zh: string;
}

/**
 * `insights/{insightId}`: a thing worth knowing, one document a subject, with what it rests on.
 *
 * Ids only: words are read by who may.
 */
export interface Insight {
  day: string;
  kind: "segment" | "mood" | "product" | "risk" | "revenue" | "habit";
  title: Localized;
  body: Finding;
  value: number;
  before: number | null;
  /** 90 % interval of the change. */
  low: number;
  high: number;
  unit: "share" | "points" | "count" | "money" | "rating" | "days";
  /** How far above the noise: the change over its standard error. */
  strength: number;
  /** Whether the shop would be glad; null where it is neither. */
  good: boolean | null;
  period: InsightPeriod;
  customers: string[];
  customersCount: number;
  feedback: string[];
  segmentId: string | null;
  productId: string | null;
  action: InsightAction;
  /** `past`: not beyond the noise any more, kept for what was said of it. */
  status: "new" | "dismissed" | "past";
  useful: boolean | null;
  decidedBy: string | null;
  sample: boolean;
  createdAt: Timestamp;
  updatedAt: Timestamp;
}

export interface RiskNight {
  day: string;
  /** Whose risk rose over the threshold in the seven days to this one. */
  customers: number;
}

/** `metrics/risk`: how many customers' risk rose, night by night: what a week is compared with. */
export interface RiskLog {
  /** The first night that was counted. */
  since: string;
  threshold: number;
  nights: RiskNight[];
}

export interface Block {
  on: boolean;
  weight: number;
}

export interface Blocks {
  behaviour: Block;
  emotion: Block;
  personality: Block;
}

/** `settings/training`: what advanced administrators decide; every field has a default that works. */
export interface Training {
  /** History that training looks at; null = all. */
  historyDays: number | null;
  blocks: Blocks;
  kMin: number;
  kMax: number;
  pinnedK: number | null;
  pinnedAlgorithm: "kmeans" | "dbscan" | "hdbscan" | null;
  schedule: "nightly" | "weekly" | "off";
  /** Days between two searches for a better grouping; in between the nightly run only moves people. */
  searchDays: number;
  /** Days without an order that count as churned; null = from the shop's own rhythm. */
  churnDays: number | null;
  riskThreshold: number;
  /** AUC that a model must gain over its baseline to be used. */
  gain: number;
  mostBrier: number;
  updatedAt: Timestamp | null;
  updatedBy: string | null;
}

export interface SettingEffect {
  setting: string;
  value: string;
  effect: Finding;
}

/** `metrics/training`: what each setting did in the last run. */
export interface TrainingEffects {
  runId: string;
  at: Timestamp;
  effects: SettingEffect[];
}

/** Mood of some texts: `n` of them, their mean distribution, and the mean of P(positive) - P(negative). */
export interface MoodRow {
  n: number;
  groups: EmotionGroups;
  sentiment: number;
  low: number;
  /** 90 % interval of the sentiment. */
  high: number;
}

export interface SegmentMood {
  n: number;
  groups: EmotionGroups;
  sentiment: number;
  low: number;
  /** 90 % interval of the sentiment. */
  high: number;
  segmentId: string;
  name: Localized;
  /** Members with scored words. */
  customers: number;
  size: number;
}

export interface WeekMood {
  n: number;
  groups: EmotionGroups;
  sentiment: number;
  low: number;
  /** 90 % interval of the sentiment. */
  high: number;
  week: string;
  start: Timestamp;
}

export interface ProductMood {
  n: number;
  groups: EmotionGroups;
  sentiment: number;
  low: number;
  /** 90 % interval of the sentiment. */
  high: number;
  productId: string;
  title: string;
  /** Sentiment in the 90 days before the last 30; null without texts then. */
  before: number | null;
  /** Sentiment in the last 30 days. */
  recent: number | null;
}

export interface SegmentOcean {
  /** Null: everybody. */
  segmentId: string | null;
  name: Localized;
  /** Members with enough text. */
  customers: number;
  size: number;
  /** Mean of their scores with the 90 % interval of the mean; null where nobody has enough text. */
  ocean: Ocean | null;
}

/** Some texts by their strongest mood: `n` of them, and the share of each mood. */
export interface MoodShares {
  n: number;
  groups: EmotionGroups;
}

/** The share of texts with one strongest mood, in two sets of texts; `low`..`high` is the 90 % interval of `by`. */
export interface MoodMove {
  mood: GroupName;
  n: number;
  share: number;
  nBefore: number;
  before: number;
  by: number;
  low: number;
  high: number;
  /** Null: of all texts. */
  productId: string | null;
  productTitle: string | null;
}

/** The last seven days against the 28 before them, whole days of the shop's zone. */
export interface MoodChange {
  period: InsightPeriod;
  now: MoodShares;
  /** Null where nobody wrote anything then. */
  before: MoodShares | null;
  /** What moved most; null where no mood moved more than by chance. */
  biggest: MoodMove | null;
  /** The three texts behind it. */
  behind: string[];
}

/** The mood that is more frequent where a topic is named than in the other texts, most clearly of all moods. */
export interface TopicMood {
  topic: string;
  name: Localized;
  mood: GroupName;
  /** Texts that name it. */
  n: number;
  share: number;
  others: number;
  low: number;
  /** 90 % interval of `share - others`. */
  high: number;
  languages: Record<string, number>;
  /** The newest texts that name it in this mood. */
  feedback: string[];
}

/** `metrics/emotions`: mood by segment, week, product and topic, and personality by segment. */
export interface EmotionFigures {
  asOf: Timestamp;
  texts: number;
  scored: number;
  notSupported: number;
  tooShort: number;
  optedOut: number;
  languages: Record<string, number>;
  overall: MoodRow | null;
  segments: SegmentMood[];
  /** Weeks of the shop's zone, oldest first; a week without texts is left out. */
  weeks: WeekMood[];
  products: ProductMood[];
  ocean: SegmentOcean[];
  /** Null where the last seven days have no texts. */
  change: MoodChange | null;
  /** Those that move a mood beyond the noise, the strongest first. */
  topics: TopicMood[];
  computedAt: Timestamp;
}

export interface RfmCell {
  recency: number;
  /** Mean of frequency and monetary, halves up: the usual two-dimensional grid. */
  worth: number;
  name: Localized;
  customers: number;
  /** Customers in the cell 30 days before, by the history known then. */
  before: number;
  revenue: number;
}

export interface RfmMove {
  from: string | null;
  fromName: Localized;
  to: string;
  toName: Localized;
  customers: number;
}

export interface Cohort {
  month: string;
  /** Customers with their first order in the month. */
  size: number;
  /** Share that ordered again in the n-th month after; complete months only. */
  retained: number[];
}

export interface Bin {
  low: number;
  /** Null: and more. */
  high: number | null;
  n: number;
}

/** Whether buyers whose first order held this product came back within 180 days. */
export interface SecondOrder {
  productId: string;
  title: string;
  buyers: number;
  returned: number;
  share: number;
  low: number;
  high: number;
}

export interface Funnel {
  days: number;
  visitors: number;
  viewers: number;
  carted: number;
  /** Customers with each step in the period; each step counts those who also did the steps before it. */
  bought: number;
}

export interface WeekTrend {
  week: string;
  start: Timestamp;
  orders: number;
  customers: number;
  newCustomers: number;
  revenue: number;
  discounted: number;
  refunded: number;
}

/** `metrics/behaviour`: how customers buy. */
export interface BehaviourFigures {
  asOf: Timestamp;
  currency: string;
  customers: number;
  grid: RfmCell[];
  moves: RfmMove[];
  cohorts: Cohort[];
  /** Days between two orders of a customer. */
  gaps: Bin[];
  medianGap: number | null;
  secondOrders: SecondOrder[];
  secondOrderOverall: number | null;
  /** Null where the shop sends no visits. */
  funnel: Funnel | null;
  trends: WeekTrend[];
  /** Orders by hour of the week in the shop's zone, Monday 0:00 first; empty where moments have no hour. */
  clock: number[];
  unmet: Localized | null;
  computedAt: Timestamp;
}

export interface TierLine {
  name: string;
  label: Localized;
  customers: number;
  revenue: number;
}

export interface SegmentPrediction {
  segmentId: string;
  name: Localized;
  customers: number;
  /** Sum of the expected values of the next twelve months. */
  value: number | null;
  churn: number | null;
  intent: number | null;
}

/** `metrics/predictions`: distributions over customers. */
export interface PredictionFigures {
  asOf: Timestamp;
  currency: string;
  customers: number;
  predicted: number;
  value: Bin[];
  valueTotal: number | null;
  valueLow: number | null;
  valueHigh: number | null;
  churn: Bin[];
  intent: Bin[];
  engagement: Bin[];
  discount: Bin[];
  churnDays: number | null;
  atRisk: number;
  /** Crossed the threshold in the last seven days. */
  crossed: number;
  valueTiers: TierLine[];
  churnTiers: TierLine[];
  segments: SegmentPrediction[];
  computedAt: Timestamp;
}

export interface AffinityRow {
  category: string;
  buyers: number;
  share: number;
  /** Lift by segment: the share of members who bought it over the share of all buyers. */
  segments: Record<string, number>;
}

/** Two products in one customer's history; lift over what independence would give. */
export interface ProductPair {
  a: string;
  aTitle: string;
  b: string;
  bTitle: string;
  customers: number;
  lift: number;
  low: number;
  high: number;
}

/** `metrics/affinity`: who buys what, and what goes together. */
export interface AffinityFigures {
  asOf: Timestamp;
  buyers: number;
  categories: AffinityRow[];
  pairs: ProductPair[];
  unmet: Localized | null;
  computedAt: Timestamp;
}

/** Another way to cut the same customers: by RFM, mood, personality, value or risk. */
export interface Grouping {
  name: string;
  label: Localized;
  note: Localized | null;
  groups: TierLine[];
}

/** `metrics/groupings`. */
export interface Groupings {
  asOf: Timestamp;
  currency: string;
  groupings: Grouping[];
  computedAt: Timestamp;
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
