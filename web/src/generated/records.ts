// Generated from schema/ by scripts/generate. Do not edit: change the Python and run it again.
import type { Channel, IdentityClaim, OrderLine, Platform } from "./documents";

/** Who a record is about. `key` alone decides the customer; the rest is profile. */
export interface Person {
  /**
   * The account's id at the source; without one the normalised e-mail, else the phone (prefixed `email:`,
   * `phone:`).
   */
  key: string;
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
  /** Typed at a checkout or till without an account: such an address never joins two customers. */
  guest: boolean;
  /** A relay address, or a platform that forbids more than statistics: never joined, never a target. */
  relay: boolean;
  identities: IdentityClaim[];
}

export interface ConsentChange {
  channel: Channel;
  status: "granted" | "denied";
  at: string;
  source: string;
}

export interface CustomerRecord {
  /** The source's version (update time in ms); an older one never overwrites a newer one. */
  version: number;
  /** Line of the uploaded file, for reports. */
  line: number | null;
  kind: "customer";
  person: Person;
  consent: ConsentChange[];
  profiling: "allowed" | "opted out" | null;
  /** When the account was opened, if known. */
  at: string | null;
}

/** An order's total as the platform itself expressed it in the shop's currency, at the rate of that day. */
export interface ShopMoney {
  currency: string;
  total: number;
}

export interface OrderRecord {
  /** The source's version (update time in ms); an older one never overwrites a newer one. */
  version: number;
  /** Line of the uploaded file, for reports. */
  line: number | null;
  kind: "order";
  /** External id, or the hash of the row when the file has none (`generated_id`). */
  id: string;
  generatedId: boolean;
  /** None where the platform gives no buyer: the order is a statistic without a customer. */
  person: Person | null;
  placedAt: string;
  status: "paid" | "refunded" | "cancelled" | "test";
  currency: string;
  total: number;
  shopMoney: ShopMoney | null;
  discount: number;
  refunded: number;
  lines: OrderLine[];
  items: number;
  channel: "website" | "pos" | "wechat" | "storefront" | "csv" | null;
  tax: number;
  shipping: number;
  discountCodes: string[];
  /** The platform marks it as a staff or internal order. */
  staff: boolean;
  consent: ConsentChange[];
}

export interface FeedbackRecord {
  /** The source's version (update time in ms); an older one never overwrites a newer one. */
  version: number;
  /** Line of the uploaded file, for reports. */
  line: number | null;
  kind: "feedback";
  id: string;
  generatedId: boolean;
  person: Person | null;
  words: "review" | "message" | "survey" | "chat";
  at: string | null;
  product: string | null;
  productTitle: string | null;
  title: string | null;
  text: string;
  rating: number | null;
  language: string | null;
}

export interface ProductRecord {
  /** The source's version (update time in ms); an older one never overwrites a newer one. */
  version: number;
  /** Line of the uploaded file, for reports. */
  line: number | null;
  kind: "product";
  id: string;
  title: string | null;
  category: string | null;
  price: number | null;
  currency: string | null;
  compareAt: number | null;
  stock: number | null;
  image: string | null;
  url: string | null;
  skus: string[];
  status: "active" | "hidden";
}

export interface CartRecord {
  /** The source's version (update time in ms); an older one never overwrites a newer one. */
  version: number;
  /** Line of the uploaded file, for reports. */
  line: number | null;
  kind: "cart";
  id: string;
  person: Person | null;
  at: string;
  status: "open" | "abandoned" | "recovered";
  currency: string;
  total: number;
  lines: OrderLine[];
  url: string | null;
  consent: ConsentChange[];
}

/** The platform deleted a thing, or asks that a person be forgotten (`what` = customer, `redact`). */
export interface DeletedRecord {
  /** The source's version (update time in ms); an older one never overwrites a newer one. */
  version: number;
  /** Line of the uploaded file, for reports. */
  line: number | null;
  kind: "deleted";
  what: "customer" | "order" | "product" | "cart";
  /** External id; for a customer the account's key. */
  id: string;
  /** Erase the personal data too: contact, names, words. */
  redact: boolean;
}

/** The platform itself joined two of its accounts (`customers/merge`). */
export interface LinkRecord {
  /** The source's version (update time in ms); an older one never overwrites a newer one. */
  version: number;
  /** Line of the uploaded file, for reports. */
  line: number | null;
  kind: "link";
  person: Person;
  /** Key of the account that went into `person`. */
  other: string;
}

export interface EventRecord {
  /** The source's version (update time in ms); an older one never overwrites a newer one. */
  version: number;
  /** Line of the uploaded file, for reports. */
  line: number | null;
  kind: "event";
  id: string;
  person: Person;
  event: "visit" | "product_viewed" | "cart" | "till" | "page" | "search" | "checkout" | "signup" | "click" | "custom";
  channel: "website" | "email" | "sms" | "push" | "wechat" | "pos" | "storefront";
  at: string;
  title: string | null;
  product: string | null;
  session: string | null;
  url: string | null;
  properties: Record<string, string>;
}

/** Where a message's records come from. */
export interface Origin {
  connectionId: string;
  platform: Platform;
  /** True for import, backfill and repair: records whose event is older than 24 hours are then history. */
  bulk: boolean;
  sample: boolean;
  importId: string | null;
  /** Id of the import's chunk that the message is. */
  chunk: string | null;
  /** Cleaning rules that a member let these records pass. */
  letIn: string[];
}

/** Topic `platform-events`: up to 200 records of one origin. */
export interface PlatformEvents {
  origin: Origin;
  records: Record<string, unknown>[];
  attempt: number;
}

/** Topic `customers-changed`: published after a commit and before its ack, also when a replay changed nothing. */
export interface CustomersChanged {
  ids: string[];
  fields: string[];
  historic: boolean;
  attempt: number;
}

/** Topic `recluster`: the run document exists already, so that the console shows it at once. */
export interface Recluster {
  runId: string;
  /** Look for a better grouping now; else only when it is due. */
  search: boolean;
  attempt: number;
}

/** Topic `texts`: feedback to score, or to explain word by word. */
export interface Texts {
  ids: string[];
  /** Also find the evidence: a member looks at the text. */
  explain: boolean;
  historic: boolean;
  attempt: number;
}

/** Topic `learn`: one step of the learning job; a finished step publishes the next. */
export interface Learn {
  runId: string;
  step: "texts" | "people" | "segments" | "models" | "predict" | "figures" | "insights";
  cursor: string | null;
  /** The recluster's run that follows the step `people`. */
  then: string | null;
  /** Train also where training is not due. */
  force: boolean;
  attempt: number;
}

/** Topic `jobs`: one step of a long job of the app codebase; a finished step publishes the next. */
export interface Job {
  kind: "import" | "attest" | "remove_sample" | "reprice" | "forget_shop";
  id: string;
  /** Which step; the steps of a kind are listed where the kind is handled. */
  step: number;
  cursor: string | null;
  attempt: number;
}

/** Topic `platform-webhooks`: one verified call of a platform, as it came; normalised by who takes it from here. */
export interface WebhookEvent {
  connectionId: string;
  platform: Platform;
  topic: string;
  /** The raw body as text. */
  body: string;
  /** Those the platform's file names as needed (lower case), never a signature. */
  headers: Record<string, string>;
  receivedAt: string;
  attempt: number;
}

/** Topic `offer-events`: something happened that an offer may answer. */
export interface OfferEvent {
  /** The same for the same happening, however often it is told. */
  id: string;
  kind: "price_drop" | "back_in_stock" | "cart_abandoned" | "risk_rose" | "frustrated";
  at: string;
  productId: string | null;
  customerId: string | null;
  cartId: string | null;
  before: number | null;
  after: number | null;
  currency: string | null;
  historic: boolean;
  attempt: number;
}
