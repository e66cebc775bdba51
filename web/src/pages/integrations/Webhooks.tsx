import { CircleAlert, CircleCheck, CircleSlash } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/Badge";
import { Card } from "@/components/ui/Card";
import { Time } from "@/components/ui/Time";
import type { WebhookState } from "@/generated/documents";

const LOOK = {
  active: { tone: "good", icon: <CircleCheck aria-hidden /> },
  disabled: { tone: "bad", icon: <CircleSlash aria-hidden /> },
  missing: { tone: "bad", icon: <CircleAlert aria-hidden /> },
} as const;

/** What the platform promised to tell us, as last looked at. */
export function Webhooks({ webhooks }: { webhooks: readonly WebhookState[] }) {
  const { t } = useTranslation("integrations");
  return (
    <Card flush title={t("webhooks.title")} hint={t("webhooks.hint")} data-section="webhooks">
      {webhooks.length === 0 ? (
        <p className="px-5 pb-5 text-body text-muted">{t("webhooks.none")}</p>
      ) : (
        <table className="w-full border-t text-table">
          <thead className="sr-only">
            <tr>
              <th scope="col">{t("webhooks.topic")}</th>
              <th scope="col">{t("webhooks.state")}</th>
              <th scope="col">{t("webhooks.checked")}</th>
            </tr>
          </thead>
          <tbody>
            {webhooks.map((hook) => (
              <tr key={hook.topic} className="border-b last:border-b-0" data-topic={hook.topic}>
                <th scope="row" className="py-2 pr-3 pl-5 text-left font-mono text-small font-normal break-all">
                  {hook.topic}
                </th>
                <td className="px-2 py-2 text-right">
                  <Badge tone={LOOK[hook.status].tone} icon={LOOK[hook.status].icon}>
                    {t(`webhooks.status.${hook.status}`)}
                  </Badge>
                </td>
                <td className="py-2 pr-5 pl-2 text-right text-small whitespace-nowrap text-faint">
                  <Time at={hook.checkedAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}
