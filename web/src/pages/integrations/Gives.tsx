import { Check, CircleDashed, X } from "lucide-react";
import { useTranslation } from "react-i18next";

import { brings, lacks } from "@/data/connections";
import type { Given } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** What comes in, and, as plainly, what the platform does not hand over and why. */
export function Gives({ gives }: { gives: readonly Given[] }) {
  const { t } = useTranslation("integrations");
  const format = useFormat();
  const missing = lacks(gives);
  if (gives.length === 0) return <p className="text-body text-muted">{t("gives.unknown")}</p>;
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <div>
        <h3 className="mb-1.5 text-table font-semibold">{t("gives.read")}</h3>
        <ul className="flex flex-col gap-1.5 text-table">
          {brings(gives).map((each) => (
            <li key={each.thing} className="flex gap-2">
              {each.given === "yes" ? (
                <Check className="mt-0.5 size-4 shrink-0 text-good" aria-hidden />
              ) : (
                <CircleDashed className="mt-0.5 size-4 shrink-0 text-wait" aria-hidden />
              )}
              <span>
                {t(`thing.${each.thing}`)}
                {each.given === "partly" && <span className="text-muted"> · {t("gives.partly")}</span>}
              </span>
            </li>
          ))}
        </ul>
      </div>
      <div>
        <h3 className="mb-1.5 text-table font-semibold">{t("gives.lacks")}</h3>
        {missing.length === 0 ? (
          <p className="text-table text-muted">{t("gives.everything")}</p>
        ) : (
          <ul className="flex flex-col gap-1.5 text-table" data-figure="lacks">
            {missing.map((each) => (
              <li key={each.thing} className="flex gap-2">
                {each.given === "no" ? (
                  <X className="mt-0.5 size-4 shrink-0 text-faint" aria-hidden />
                ) : (
                  <CircleDashed className="mt-0.5 size-4 shrink-0 text-wait" aria-hidden />
                )}
                <span>
                  {t(`thing.${each.thing}`)}
                  {each.why && <span className="block text-small text-muted">{format.text(each.why)}</span>}
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
