import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Button } from "@/components/ui/Button";
import { startRecluster } from "@/data/recluster";
import { useFormat } from "@/lib/useFormat";

/** Starts a recluster; nothing for a role that may not. `running` while one is on its way. */
export function ReclusterButton({ look = "secondary", running = false }: { look?: "primary" | "secondary"; running?: boolean }) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const role = useRole();
  const [busy, setBusy] = useState(false);
  if (!may(role, "recluster")) return null;
  const start = async () => {
    setBusy(true);
    await startRecluster(format.language);
    setBusy(false);
  };
  return (
    <Button look={look} busy={busy || running} onClick={() => void start()} icon={<RefreshCw aria-hidden />}>
      {t("recluster")}
    </Button>
  );
}
