import { HeartHandshake } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useState } from "react";

import { Denied } from "@/app/screens";
import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { PageHeader } from "@/components/ui/PageHeader";
import { Skeleton } from "@/components/ui/Skeleton";
import { Segmented } from "@/components/ui/Tabs";
import { casesSpec, PAGE } from "@/data/cases";
import { useArrivals, usePaged } from "@/data/paged";
import type { Case } from "@/generated/documents";

import { CaseCard } from "./CaseCard";
import { Warnings } from "./Warnings";

/** Who needs a person: open cases, and customers whose risk just rose. */
export function CarePage() {
  const { t } = useTranslation("care");
  if (!may(useRole(), "workCases")) return <Denied page={t("title")} permission="workCases" />;
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1.45fr)_minmax(0,1fr)]">
        <Cases />
        <Warnings />
      </div>
    </>
  );
}

function Cases() {
  const { t } = useTranslation("care");
  const [status, setStatus] = useState<Case["status"]>("open");
  const cases = usePaged<Case>(casesSpec(status), PAGE);
  const fresh = useArrivals(cases.rows, cases.loading);
  return (
    <section aria-labelledby="cases-title" className="min-w-0">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h2 id="cases-title" className="text-h2 font-semibold">
          {t("cases.title")}
        </h2>
        <Segmented<Case["status"]>
          label={t("cases.which")}
          value={status}
          onChange={setStatus}
          options={[
            { value: "open", label: t("cases.open") },
            { value: "done", label: t("cases.done") },
          ]}
        />
      </div>
      {cases.error ? (
        <Card>
          <ErrorState onRetry={cases.retry} />
        </Card>
      ) : cases.loading ? (
        <div className="flex flex-col gap-3" role="status" aria-busy>
          {Array.from({ length: 3 }, (_, index) => (
            <Skeleton key={index} className="h-40 w-full rounded-lg" />
          ))}
        </div>
      ) : cases.rows.length === 0 ? (
        <Card>
          <EmptyState icon={<HeartHandshake aria-hidden />} title={t(`cases.none.${status}`)}>
            {t(`cases.noneBody.${status}`)}
          </EmptyState>
        </Card>
      ) : (
        <>
          <ul className="flex flex-col gap-3">
            {cases.rows.map((each) => (
              <li key={each.id}>
                <CaseCard held={each} glowing={fresh.has(each.id)} />
              </li>
            ))}
          </ul>
          {!cases.complete && (
            <Button className="mt-3 w-full" look="ghost" busy={cases.more} onClick={() => cases.show(0, cases.rows.length - 1)}>
              {t("cases.more")}
            </Button>
          )}
        </>
      )}
    </section>
  );
}
