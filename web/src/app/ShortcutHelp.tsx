import { useTranslation } from "react-i18next";

import { useRole } from "@/auth/session";
import { Dialog } from "@/components/ui/Dialog";
import { Kbd } from "@/components/ui/Kbd";

import { placesFor } from "./nav";
import { searchKey } from "./useShortcuts";

export function ShortcutHelp({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { t } = useTranslation("frame");
  const role = useRole();
  const rows: [keys: string[], label: string][] = [
    [[searchKey], t("help.search")],
    [["/"], t("help.search")],
    [["["], t("help.rail")],
    [["?"], t("help.this")],
    ...placesFor(role)
      .flatMap((group) => group.places)
      .map((place): [string[], string] => [["g", place.key], t("help.go", { place: t(`place.${place.id}`) })]),
  ];
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t("help.title")}>
      <ul className="flex flex-col pb-3">
        {rows.map(([keys, label]) => (
          <li key={keys.join()} className="flex items-center justify-between gap-4 border-b py-2 last:border-0">
            <span>{label}</span>
            <span className="flex gap-1">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
