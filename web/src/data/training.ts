/** The training settings as a form: their defaults and bounds, what was typed, and what of it is to be saved. */

import type { SettingEffect, Training, TrainingEffects } from "@/generated/documents";

import { type Live, type Row, useDoc } from "./live";

/** What an administrator decides, without the record's own bookkeeping. */
export type Settings = Omit<Training, "updatedAt" | "updatedBy">;
export type SettingName = keyof Settings;

export const BLOCKS = ["behaviour", "emotion", "personality"] as const;
export type BlockName = (typeof BLOCKS)[number];

export const ALGORITHMS = ["kmeans", "dbscan", "hdbscan"] as const;
export const SCHEDULES = ["nightly", "weekly", "off"] as const;

/** What holds where nothing was saved. */
export const DEFAULTS: Settings = {
  historyDays: null,
  blocks: { behaviour: { on: true, weight: 1 }, emotion: { on: true, weight: 1 }, personality: { on: true, weight: 1 } },
  kMin: 6,
  kMax: 10,
  pinnedK: null,
  pinnedAlgorithm: null,
  schedule: "nightly",
  searchDays: 7,
  churnDays: null,
  riskThreshold: 0.7,
  gain: 0.01,
  mostBrier: 0.25,
};

/** How customers are grouped: what a marketer may decide too. */
export const pinsOf = ({ blocks, kMin, kMax, pinnedK, pinnedAlgorithm }: Settings) => ({ blocks, kMin, kMax, pinnedK, pinnedAlgorithm });

export interface Bound {
  low: number;
  high: number;
  whole: boolean;
}

const whole = (low: number, high: number): Bound => ({ low, high, whole: true });
const real = (low: number, high: number): Bound => ({ low, high, whole: false });

/** The numbers that the backend accepts. */
export const BOUNDS = {
  historyDays: whole(90, 3650),
  weight: real(0, 5),
  kMin: whole(2, 12),
  kMax: whole(2, 12),
  pinnedK: whole(2, 12),
  searchDays: whole(1, 90),
  churnDays: whole(14, 365),
  riskThreshold: real(0.3, 0.95),
  gain: real(0, 0.2),
  mostBrier: real(0.05, 0.3),
} as const satisfies Record<string, Bound>;

type NumberName = Exclude<keyof typeof BOUNDS, "weight">;

/** A form holds numbers as they are typed; null is the choice of no number ("all", "automatic", "not pinned"). */
export type Draft = Omit<Settings, NumberName | "blocks"> & {
  blocks: Record<BlockName, { on: boolean; weight: string }>;
} & { [Name in NumberName]: null extends Settings[Name] ? string | null : string };

export const useTraining = (): Live<Row<Training> | null> => useDoc<Training>("settings/training");
/** Written by every learning job that came to its end: null says that none did yet. */
export const useTrainingEffects = (): Live<Row<TrainingEffects> | null> => useDoc<TrainingEffects>("metrics/training");

/** The saved settings, with the default for what the document does not have. */
export function settingsOf(held: Partial<Training> | null): Settings {
  const names = Object.keys(DEFAULTS) as SettingName[];
  const given = names.filter((name) => held?.[name] !== undefined).map((name) => [name, held?.[name]]);
  const found = { ...DEFAULTS, ...(Object.fromEntries(given) as Partial<Settings>) };
  return { ...found, blocks: { ...DEFAULTS.blocks, ...found.blocks } };
}

const typed = (value: number | null): string | null => (value === null ? null : String(value));

/** Settings as a form shows them. */
export function draftOf(settings: Settings): Draft {
  const block = (name: BlockName) => ({ on: settings.blocks[name].on, weight: String(settings.blocks[name].weight) });
  return {
    schedule: settings.schedule,
    pinnedAlgorithm: settings.pinnedAlgorithm,
    blocks: { behaviour: block("behaviour"), emotion: block("emotion"), personality: block("personality") },
    historyDays: typed(settings.historyDays),
    pinnedK: typed(settings.pinnedK),
    churnDays: typed(settings.churnDays),
    kMin: String(settings.kMin),
    kMax: String(settings.kMax),
    searchDays: String(settings.searchDays),
    riskThreshold: String(settings.riskThreshold),
    gain: String(settings.gain),
    mostBrier: String(settings.mostBrier),
  };
}

/** The number that was typed; null when it is none, is out of bounds, or is not whole where it must be. */
export function numberIn(text: string, bound: Bound): number | null {
  if (!/^\d*\.?\d+$/.test(text.trim())) return null;
  const value = Number(text);
  return value < bound.low || value > bound.high || (bound.whole && !Number.isInteger(value)) ? null : value;
}

export type Problem = "bounds" | "order" | "noBlock";

/** What is wrong, by the field's name as the backend names it. */
export function problems(draft: Draft): Record<string, Problem> {
  const found: Record<string, Problem> = {};
  for (const name of Object.keys(BOUNDS) as (keyof typeof BOUNDS)[]) {
    if (name === "weight") continue;
    const text = draft[name];
    if (text !== null && numberIn(text, BOUNDS[name]) === null) found[name] = "bounds";
  }
  for (const name of BLOCKS) {
    if (numberIn(draft.blocks[name].weight, BOUNDS.weight) === null) found[`blocks.${name}.weight`] = "bounds";
  }
  if (!found["kMin"] && !found["kMax"] && Number(draft.kMin) > Number(draft.kMax)) found["kMin"] = "order";
  // Mirrors the backend: a block that is on with no weight takes no part either.
  if (!BLOCKS.some((name) => draft.blocks[name].on && Number(draft.blocks[name].weight) !== 0)) found["blocks"] = "noBlock";
  return found;
}

/** The settings of a form without problems. */
export function toSettings(draft: Draft): Settings {
  const block = (name: BlockName) => ({ on: draft.blocks[name].on, weight: Number(draft.blocks[name].weight) });
  const number = (text: string | null) => (text === null ? null : Number(text));
  return {
    schedule: draft.schedule,
    pinnedAlgorithm: draft.pinnedAlgorithm,
    blocks: { behaviour: block("behaviour"), emotion: block("emotion"), personality: block("personality") },
    historyDays: number(draft.historyDays),
    pinnedK: number(draft.pinnedK),
    churnDays: number(draft.churnDays),
    kMin: Number(draft.kMin),
    kMax: Number(draft.kMax),
    searchDays: Number(draft.searchDays),
    riskThreshold: Number(draft.riskThreshold),
    gain: Number(draft.gain),
    mostBrier: Number(draft.mostBrier),
  };
}

const sameBlocks = (left: Settings["blocks"], right: Settings["blocks"]): boolean =>
  BLOCKS.every((name) => left[name].on === right[name].on && left[name].weight === right[name].weight);

export interface Changed {
  /** What to save; a block that changed brings all blocks, since they are saved as one field. */
  now: Partial<Settings>;
  /** What the same fields were, for taking it back. */
  before: Partial<Settings>;
}

/** The fields in which `wanted` differs from `saved`, with both values. */
export function changedFields(saved: Settings, wanted: Settings): Changed {
  const names = (Object.keys(DEFAULTS) as SettingName[]).filter((name) =>
    name === "blocks" ? !sameBlocks(saved.blocks, wanted.blocks) : saved[name] !== wanted[name],
  );
  const pick = (from: Settings) => Object.fromEntries(names.map((name) => [name, from[name]])) as Partial<Settings>;
  return { now: pick(wanted), before: pick(saved) };
}

/** What the last run says of a setting: of the setting itself, and of its parts (`gain.churn` for `gain`). */
export const effectsOf = (effects: TrainingEffects | null, setting: string): SettingEffect[] =>
  (effects?.effects ?? []).filter((each) => each.setting === setting || each.setting.startsWith(`${setting}.`));
