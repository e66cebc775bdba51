import { RefreshCw, Search } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Button } from "@/components/ui/Button";
import { Tooltip } from "@/components/ui/Tooltip";
import { startRecluster } from "@/data/recluster";
import { useFormat } from "@/lib/useFormat";

interface ReclusterButtonProps {
  look?: "primary" | "secondary";
  /** One is on its way. */
  running?: boolean;
  /** Offer to look for a better grouping too. */
  search?: boolean;
}

/** Starts a recluster; nothing for a role that may not. */
export function ReclusterButton({ look = "secondary", running = false, search = false }: ReclusterButtonProps) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const role = useRole();
  const [busy, setBusy] = useState(false);
  if (!may(role, "recluster")) return null;
  const start = async (anew: boolean) => {
    setBusy(true);
    await startRecluster(format.language, anew);
    setBusy(false);
  };
  return (
    <>
      {search && (
        <Tooltip content={t("searchMade")}>
          <Button disabled={busy || running} onClick={() => void start(true)} icon={<Search aria-hidden />}>
            {t("search")}
          </Button>
        </Tooltip>
      )}
      <Button look={look} busy={busy || running} onClick={() => void start(false)} icon={<RefreshCw aria-hidden />}>
        {t("recluster")}
      </Button>
    </>
  );
}
