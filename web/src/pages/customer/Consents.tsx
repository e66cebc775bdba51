import { Ban, Check, CircleHelp } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/Badge";
import { Card } from "@/components/ui/Card";
import { Time } from "@/components/ui/Time";
import type { Row } from "@/data/live";
import type { Channel, Customer } from "@/generated/documents";

import { usePlatformName } from "./platformName";

const CHANNELS = ["email", "sms", "push", "wechat"] as const satisfies readonly Channel[];

/** What each channel may be used for, since when and from where; what is unknown counts as no. */
export function Consents({ customer }: { customer: Row<Customer> }) {
  const { t } = useTranslation(["customer", "common"]);
  const platformName = usePlatformName();
  return (
    <Card title={t("consents")} hint={t("consentsHint")}>
      <ul className="flex flex-col gap-3">
        {CHANNELS.map((channel) => {
          const state = customer.consent[channel];
          const usable = customer.reach[channel];
          return (
            <li key={channel} className="text-table">
              <p className="flex items-center justify-between gap-3">
                <span>{t(`common:channel.${channel}`)}</span>
                {!state ? (
                  <Badge icon={<CircleHelp aria-hidden />}>{t("consent.unknown")}</Badge>
                ) : state.status === "denied" ? (
                  <Badge tone="bad" icon={<Ban aria-hidden />}>
                    {t("consent.denied")}
                  </Badge>
                ) : usable ? (
                  <Badge tone="good" icon={<Check aria-hidden />}>
                    {t("consent.granted")}
                  </Badge>
                ) : (
                  <Badge tone="wait">{t("consent.noAddress")}</Badge>
                )}
              </p>
              {state && (
                <p className="text-small break-words text-faint">
                  <Time at={state.at} /> · {platformName(state.source)}
                </p>
              )}
            </li>
          );
        })}
      </ul>
      <p className="mt-4 flex items-center justify-between gap-3 border-t pt-3 text-table">
        <span>{t("profiling.title")}</span>
        <Badge tone={customer.profiling === "allowed" ? "neutral" : "bad"}>
          {t(customer.profiling === "allowed" ? "profiling.allowed" : "profiling.out")}
        </Badge>
      </p>
      {customer.profiling === "opted out" && <p className="mt-1 text-small text-faint">{t("profiling.outHint")}</p>}
    </Card>
  );
}
