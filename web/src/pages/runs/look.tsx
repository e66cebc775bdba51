import {
  BrainCircuit,
  CircleAlert,
  CircleCheck,
  CircleSlash,
  Clock,
  DownloadCloud,
  FileUp,
  LoaderCircle,
  MoonStar,
  RefreshCw,
  Scale,
  Shapes,
  Store,
  Trash2,
  type LucideIcon,
} from "lucide-react";

import type { Run } from "@/generated/documents";

export const KIND_ICON: Record<Run["kind"], LucideIcon> = {
  import: FileUp,
  recluster: Shapes,
  sample: Store,
  remove_sample: Trash2,
  nightly: MoonStar,
  refresh: RefreshCw,
  backfill: DownloadCloud,
  reconcile: Scale,
  learn: BrainCircuit,
};

export const STATUS: Record<
  Run["status"],
  { tone: "neutral" | "primary" | "good" | "bad" | "wait"; icon: React.ReactNode }
> = {
  queued: { tone: "wait", icon: <Clock aria-hidden /> },
  running: { tone: "primary", icon: <LoaderCircle className="animate-spin" aria-hidden /> },
  done: { tone: "good", icon: <CircleCheck aria-hidden /> },
  failed: { tone: "bad", icon: <CircleAlert aria-hidden /> },
  cancelled: { tone: "neutral", icon: <CircleSlash aria-hidden /> },
};
