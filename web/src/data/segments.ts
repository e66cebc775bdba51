import { useMemo } from "react";

import { useShop } from "@/app/shop";
import { category } from "@/components/charts/palette";
import type { Localized, Segment, Segmentation } from "@/generated/documents";

import { type Live, type Row, useDoc, useQuery } from "./live";

/** Every living segment, largest revenue first. */
export function useSegments(enabled = true): Live<Row<Segment>[]> {
  const live = useQuery<Segment>(enabled ? { collection: "segments", where: [["retired", "==", false]] } : null);
  return useMemo(
    () => (live.state === "ready" ? { ...live, data: [...live.data].sort((a, b) => b.revenue - a.revenue || (a.id < b.id ? -1 : 1)) } : live),
    [live],
  );
}

/** The last versions up to the active one, oldest first. A version that is not flipped yet is a proposal and left out. */
export function useSegmentations(count: number): Live<Row<Segmentation>[]> {
  const { active, loaded } = useShop();
  const live = useQuery<Segmentation>(
    loaded && active !== null
      ? { collection: "segmentations", where: [["version", "<=", active]], orderBy: [["version", "desc"]], limit: count }
      : null,
  );
  return useMemo(() => (live.state === "ready" ? { ...live, data: [...live.data].reverse() } : live), [live]);
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
