import { Check, Minus, ShieldCheck, X } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Card } from "@/components/ui/Card";
import { permittedUse, type Use } from "@/data/connections";
import type { Platform } from "@/generated/documents";

const USES = ["message", "identity", "statistics"] as const;

const ICON: Record<Use, React.ReactNode> = {
  yes: <Check className="size-4 text-good" aria-hidden />,
  consent: <ShieldCheck className="size-4 text-primary-ink" aria-hidden />,
  no: <X className="size-4 text-faint" aria-hidden />,
  unread: <Minus className="size-4 text-faint" aria-hidden />,
};

/** Which field may be used for what: a platform's terms and the person's consent decide, not the marketer. */
export function PermittedUses({ platform }: { platform: Platform }) {
  const { t } = useTranslation("integrations");
  const rows = permittedUse(platform);
  const shown = (["yes", "consent", "no", "unread"] as const).filter((use) => rows.some((row) => USES.some((each) => row[each] === use)));
  return (
    <Card flush title={t("use.title")} hint={t("use.hint")} data-section="use">
      <table className="w-full border-t text-table">
        <thead>
          <tr className="text-small text-faint">
            <th scope="col" className="sr-only">
              {t("use.field")}
            </th>
            {USES.map((each) => (
              <th key={each} scope="col" className="px-1.5 py-2 text-center font-medium first-of-type:pl-5 last:pr-5">
                {t(`use.${each}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.field} className="border-t">
              <th scope="row" className="py-1.5 pr-2 pl-5 text-left font-normal">
                {t(`use.of.${row.field}`)}
              </th>
              {USES.map((each) => (
                <td key={each} className="px-1.5 py-1.5 last:pr-5">
                  <span className="flex justify-center">
                    {ICON[row[each]]}
                    <span className="sr-only">{t(`use.word.${row[each]}`)}</span>
                  </span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <ul className="flex flex-wrap gap-x-4 gap-y-1 border-t px-5 py-3 text-small text-muted" aria-hidden>
        {shown.map((use) => (
          <li key={use} className="flex items-center gap-1.5">
            {ICON[use]}
            {t(`use.word.${use}`)}
          </li>
        ))}
      </ul>
    </Card>
  );
}
