import { CircleCheck, OctagonX, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/Badge";
import type { Health } from "@/generated/documents";

const LOOK = {
  green: { tone: "good", icon: <CircleCheck aria-hidden /> },
  yellow: { tone: "wait", icon: <TriangleAlert aria-hidden /> },
  red: { tone: "bad", icon: <OctagonX aria-hidden /> },
} as const;

/** Health by colour, shape and word. */
export function HealthBadge({ health }: { health: Health }) {
  const { t } = useTranslation("predictions");
  return (
    <Badge tone={LOOK[health].tone} icon={LOOK[health].icon}>
      {t(`health.${health}`)}
    </Badge>
  );
}
