/** What models predict and how well: the figures of the page, the models' cards, and what their lists are made of. */

import type { AffinityFigures, CalibrationBin, Driver, Health, LifetimeValue, Metrics, ModelCard, ModelName, PredictionFigures } from "@/generated/documents";

import { type Live, type Row, useDoc, useQuery } from "./live";

export const usePredictions = (): Live<Row<PredictionFigures> | null> => useDoc<PredictionFigures>("metrics/predictions");
export const useAffinity = (): Live<Row<AffinityFigures> | null> => useDoc<AffinityFigures>("metrics/affinity");

/** In the order in which they matter to a shop. */
export const MODELS = ["churn", "value", "intent", "engagement", "campaign", "discount", "segmentation", "text"] as const satisfies readonly ModelName[];

const SPEC = { collection: "models", limit: 20 } as const;

/** Every model's card. */
export const useModels = (): Live<Row<ModelCard>[]> => useQuery<ModelCard>(SPEC);

/** Cards in the order of `MODELS`; one that nobody knows comes last. */
export function inOrder<T extends { id: string }>(cards: readonly T[]): T[] {
  const place = (card: T) => {
    const at = MODELS.findIndex((name) => name === card.id);
    return at < 0 ? MODELS.length : at;
  };
  return [...cards].sort((a, b) => place(a) - place(b) || (a.id < b.id ? -1 : 1));
}

/** Models whose fall-back took over: health is red, or a baseline serves where a version was trained and is not good enough. */
export const fellBack = (cards: readonly Row<ModelCard>[]): Row<ModelCard>[] => cards.filter((card) => card.health === "red");

/** What a population stability index says: under 0.1 calm, over 0.25 changed. */
export const driftOf = (psi: number): Health => (psi > 0.25 ? "red" : psi >= 0.1 ? "yellow" : "green");

export interface MetricLine {
  id: "auc" | "prAuc" | "brier" | "logLoss" | "coverage" | "error";
  model: number | null;
  low: number | null;
  high: number | null;
  baseline: number | null;
  baselineLow: number | null;
  baselineHigh: number | null;
  /** Whether the model does better; null where there is nothing to compare, or no better and worse. */
  better: boolean | null;
}

const LESS_IS_MORE = new Set(["brier", "logLoss", "error"]);

/** The measures that exist, beside the baseline's. `name`: the Qini of `discount` is better when larger. */
export function metricLines(name: string, model: Metrics | null, baseline: Metrics | null): MetricLine[] {
  const ids = ["auc", "prAuc", "brier", "logLoss", "coverage", "error"] as const;
  return ids
    .map((id) => {
      const ends = (of: Metrics | null) =>
        id === "auc" ? [of?.aucLow ?? null, of?.aucHigh ?? null] : id === "error" ? [of?.errorLow ?? null, of?.errorHigh ?? null] : [null, null];
      const [low = null, high = null] = ends(model);
      const [baselineLow = null, baselineHigh = null] = ends(baseline);
      const [own, other] = [model?.[id] ?? null, baseline?.[id] ?? null];
      const less = LESS_IS_MORE.has(id) && name !== "discount";
      const better = own === null || other === null || own === other || id === "coverage" ? null : own > other !== less;
      return { id, model: own, low, high, baseline: other, baselineLow, baselineHigh, better };
    })
    .filter((line) => line.model !== null || line.baseline !== null);
}

/** Under one in ten, a date would contradict the probability beside it: the model's date holds only for who still buys. */
const LIKELY = 0.1;

export const mayOrder = ({ alive, purchases }: Pick<LifetimeValue, "alive" | "purchases">): boolean => (alive ?? 1) >= LIKELY && (purchases ?? 1) >= LIKELY;

/** Of the groups above the base rate, the one with most test rows (the highest of equals): an example of how well a model's words held. */
export function exampleOf(bins: readonly CalibrationBin[]): CalibrationBin | null {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  const base = bins.reduce((sum, bin) => sum + bin.observed * bin.rows, 0) / rows;
  return bins.filter((bin) => bin.predicted > base).sort((a, b) => b.rows - a.rows || b.predicted - a.predicted)[0] ?? null;
}

/** A model and its version out of `churn@3`. */
export function modelOf(reference: string): { name: string; version: number } {
  const [name = "", version = "0"] = reference.split("@");
  return { name, version: Number(version) || 0 };
}

/** Drivers with the strongest first, each with its length against the strongest. */
export function driverBars(drivers: readonly Driver[]): (Driver & { share: number })[] {
  const top = Math.max(...drivers.map((driver) => Math.abs(driver.effect)), 1e-9);
  return [...drivers].sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)).map((driver) => ({ ...driver, share: Math.abs(driver.effect) / top }));
}
