/** Connections as tests need them. */

import type { Timestamp } from "firebase/firestore";

import type { Connection, Given, StepState } from "@/generated/documents";

import type { Row } from "./live";

export type { Connection, Given, StepState, Timestamp };

export const at = (milliseconds: number): Timestamp =>
  ({ toMillis: () => milliseconds, toDate: () => new Date(milliseconds) }) as Timestamp;

export const step = (fields: Partial<StepState>): StepState => ({ cursor: null, seen: 0, total: null, done: false, newest: null, ...fields });

export const connection = (fields: Partial<Connection>): Row<Connection> => ({
  id: "shopify-1",
  platform: "shopify",
  name: "Lumen",
  shop: "lumen.myshopify.com",
  status: "active",
  problem: null,
  detectedBy: null,
  gives: [],
  currency: "USD",
  zone: "UTC",
  scopes: [],
  webhooks: [],
  steps: {},
  generation: 1,
  failures: 0,
  pollCursor: null,
  dueAt: null,
  workedAt: null,
  work: "idle",
  runId: null,
  lastEventAt: null,
  lastPollAt: null,
  reconciledAt: null,
  drift: null,
  sandbox: false,
  connectedAt: null,
  createdAt: at(0),
  createdBy: "u",
  updatedAt: at(0),
  ...fields,
});
