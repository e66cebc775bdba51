import { useMemo } from "react";

import { useShop } from "@/app/shop";
import { category } from "@/components/charts/palette";
import { toast } from "@/components/ui/toast-store";
import type { Groupings, Localized, Segment, Segmentation, SegmentFeature } from "@/generated/documents";
import type { Language } from "@/lib/format";

import { callConsole, toConsoleError } from "./console";
import { type Live, type Row, useDoc, useQuery } from "./live";

/** Every living segment, largest revenue first. */
export function useSegments(enabled = true): Live<Row<Segment>[]> {
  const live = useQuery<Segment>(enabled ? { collection: "segments", where: [["retired", "==", false]] } : null);
  return useMemo(
    () => (live.state === "ready" ? { ...live, data: [...live.data].sort((a, b) => b.revenue - a.revenue || (a.id < b.id ? -1 : 1)) } : live),
    [live],
  );
}

/** The last versions that were in force up to the active one, oldest first: proposals, decided or not, are left out. */
export function useSegmentations(count: number): Live<Row<Segmentation>[]> {
  const { active, loaded } = useShop();
  const live = useQuery<Segmentation>(
    loaded && active !== null
      ? { collection: "segmentations", where: [["version", "<=", active]], orderBy: [["version", "desc"]], limit: count }
      : null,
  );
  return useMemo(() => (live.state === "ready" ? { ...live, data: inForce(live.data) } : live), [live]);
}

/** Oldest first. Versions from before proposals carry no status: they were in force. */
export const inForce = <T extends { status?: Segmentation["status"] }>(versions: readonly T[]): T[] =>
  versions.filter((version) => (version.status ?? "published") === "published").reverse();

/** The newest version where it waits for Publish or Keep; null where nothing waits. */
export function useProposal(): Row<Segmentation> | null {
  const { active, loaded } = useShop();
  const live = useQuery<Segmentation>(loaded ? { collection: "segmentations", orderBy: [["version", "desc"]], limit: 3 } : null);
  return useMemo(() => openProposal(live.data ?? [], active), [live.data, active]);
}

export const openProposal = <T extends { version: number; status: Segmentation["status"] }>(versions: readonly T[], active: number | null): T | null =>
  versions.find((version) => version.status === "proposed" && version.version > (active ?? 0)) ?? null;

export interface SizeChange {
  id: string;
  name: Localized;
  /** Null: the segment does not exist there. */
  before: number | null;
  after: number | null;
}

/** Sizes now beside those of a proposal, the largest first; who appears and who vanishes included. */
export function sizeChanges(now: Pick<Segmentation, "sizes"> | null, next: Pick<Segmentation, "sizes">, names: ReadonlyMap<string, Localized> = new Map()): SizeChange[] {
  const found = new Map<string, SizeChange>();
  for (const size of now?.sizes ?? []) found.set(size.segmentId, { id: size.segmentId, name: names.get(size.segmentId) ?? size.name, before: size.size, after: null });
  for (const size of next.sizes) {
    const held = found.get(size.segmentId);
    if (held) held.after = size.size;
    else found.set(size.segmentId, { id: size.segmentId, name: names.get(size.segmentId) ?? size.name, before: null, after: size.size });
  }
  return [...found.values()].sort((a, b) => (b.after ?? b.before ?? 0) - (a.after ?? a.before ?? 0) || (a.id < b.id ? -1 : 1));
}

/** Publish or keep a proposal. True when it was decided. */
export async function decideProposal(version: number, decision: "publish" | "keep", language: Language, done: string): Promise<boolean> {
  try {
    await callConsole(`segmentation.${decision}`, { version });
    toast({ tone: "good", title: done });
    return true;
  } catch (error) {
    toast({ tone: "bad", title: toConsoleError(error).say(language) });
    return false;
  }
}

export const useGroupings = (): Live<Row<Groupings> | null> => useDoc<Groupings>("metrics/groupings");

export type Unit = "days" | "count" | "money" | "share" | "number";

const UNITS: Record<string, Unit> = {
  recencyDays: "days",
  medianGapDays: "days",
  tenureDays: "days",
  revenue: "money",
  averageOrder: "money",
  orders: "count",
  itemsPerOrder: "count",
  visits90: "count",
  rhythm: "number",
};

/** What a feature is counted in; everything else is a share between 0 and 1. */
export const unitOf = (name: string): Unit => UNITS[name] ?? "share";

export const BLOCKS = ["behaviour", "emotion", "personality"] as const satisfies readonly SegmentFeature["block"][];

export interface FeaturePair {
  name: string;
  block: SegmentFeature["block"];
  population: number | null;
  a: SegmentFeature | null;
  b: SegmentFeature | null;
  /** How far the two are apart, in standard deviations of the population. */
  apart: number;
}

/** Features of two segments side by side, those that tell them apart most first; a feature that only one has comes last. */
export function comparePair(a: Pick<Segment, "features">, b: Pick<Segment, "features">): FeaturePair[] {
  const of = (segment: Pick<Segment, "features">) => new Map(segment.features.map((feature) => [feature.name, feature]));
  const [left, right] = [of(a), of(b)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .map((name): FeaturePair => {
      const [one, other] = [left.get(name) ?? null, right.get(name) ?? null];
      return {
        name,
        block: one?.block ?? other?.block ?? "behaviour",
        population: one?.population ?? other?.population ?? null,
        a: one,
        b: other,
        apart: one && other ? Math.abs(one.z - other.z) : -1,
      };
    })
    .sort((x, y) => y.apart - x.apart);
}

export function useActiveSegmentation(): Live<Row<Segmentation> | null> {
  const { active } = useShop();
  return useDoc<Segmentation>(active === null ? null : `segmentations/${active}`);
}

/** A colour for each segment, the same on every page while the same segments live: by the order of their ids. */
export function segmentColors(ids: Iterable<string>): (id: string) => { index: number; css: string } {
  const order = new Map([...new Set(ids)].sort().map((id, index) => [id, index]));
  return (id) => {
    const index = order.get(id) ?? 9;
    return { index, css: category(index) };
  };
}

export interface SizeLine {
  id: string;
  name: Localized;
  /** One value a version; 0 where the segment did not exist. */
  sizes: number[];
}

/** Sizes of each segment over versions. Names: what people call it now, else the newest computed one. */
export function sizesOverTime(versions: readonly Segmentation[], names: ReadonlyMap<string, Localized> = new Map()): SizeLine[] {
  const lines = new Map<string, SizeLine>();
  versions.forEach((version, at) => {
    for (const size of version.sizes) {
      const line = lines.get(size.segmentId) ?? { id: size.segmentId, name: size.name, sizes: versions.map(() => 0) };
      line.name = names.get(size.segmentId) ?? size.name;
      line.sizes[at] = size.size;
      lines.set(size.segmentId, line);
    }
  });
  return [...lines.values()].sort((a, b) => (b.sizes.at(-1) ?? 0) - (a.sizes.at(-1) ?? 0));
}
