import type { Bin } from "@/generated/documents";

/** The bin that holds a value: its lower end belongs to it, its upper end to the next; -1 when there is none. */
export const binOf = (bins: readonly Bin[], value: number): number =>
  bins.findIndex((bin) => value >= bin.low && (bin.high === null || value < bin.high));
