import { CircleAlert, CircleCheck, CircleSlash, Clock, LoaderCircle, Plug } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/Badge";
import type { ConnectionStatus } from "@/generated/documents";

const LOOK = {
  connecting: { tone: "wait", icon: <Clock aria-hidden /> },
  backfilling: { tone: "primary", icon: <LoaderCircle className="animate-spin" aria-hidden /> },
  active: { tone: "good", icon: <CircleCheck aria-hidden /> },
  attention: { tone: "bad", icon: <CircleAlert aria-hidden /> },
  disconnected: { tone: "neutral", icon: <CircleSlash aria-hidden /> },
  /** Something is set up that has not spoken yet. */
  waiting: { tone: "wait", icon: <Clock aria-hidden /> },
  /** Nothing to connect: it works at any time. */
  ready: { tone: "neutral", icon: <CircleCheck aria-hidden /> },
  none: { tone: "neutral", icon: <Plug aria-hidden /> },
} as const;

export type TileState = ConnectionStatus | "waiting" | "ready" | "none";

/** The state of a connection, or of a platform; `none` where nothing is connected. */
export function StateBadge({ status }: { status: TileState }) {
  const { t } = useTranslation("integrations");
  const { tone, icon } = LOOK[status];
  return (
    <span data-state={status} className="inline-flex shrink-0">
      <Badge tone={tone} icon={icon}>
        {t(`status.${status}`)}
      </Badge>
    </span>
  );
}
