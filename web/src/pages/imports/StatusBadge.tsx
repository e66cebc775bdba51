import { Ban, Check, CircleAlert, LoaderCircle } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/Badge";
import type { Import } from "@/generated/documents";

const LOOK: Record<Import["status"], { tone: "neutral" | "primary" | "good" | "bad"; icon: React.ReactNode }> = {
  uploading: { tone: "primary", icon: <LoaderCircle className="animate-spin" aria-hidden /> },
  numbering: { tone: "primary", icon: <LoaderCircle className="animate-spin" aria-hidden /> },
  importing: { tone: "primary", icon: <LoaderCircle className="animate-spin" aria-hidden /> },
  finishing: { tone: "primary", icon: <LoaderCircle className="animate-spin" aria-hidden /> },
  done: { tone: "good", icon: <Check aria-hidden /> },
  cancelled: { tone: "neutral", icon: <Ban aria-hidden /> },
  failed: { tone: "bad", icon: <CircleAlert aria-hidden /> },
};

export function StatusBadge({ item }: { item: Pick<Import, "status"> }) {
  const { t } = useTranslation("imports");
  const { tone, icon } = LOOK[item.status];
  return (
    <Badge tone={tone} icon={icon}>
      {t(`status.${item.status}`)}
    </Badge>
  );
}
