import { Link } from "@tanstack/react-router";
import { CalendarClock, Coins, FileUp, Store } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useShop } from "@/app/shop";
import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Banner } from "@/components/ui/Banner";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { PageHeader } from "@/components/ui/PageHeader";
import { Time } from "@/components/ui/Time";
import { useDoc, useQuery } from "@/data/live";
import { useSegmentations, useSegments } from "@/data/segments";
import type { Localized, Month, Overview } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { CareToday } from "./CareToday";
import { Checklist } from "./Checklist";
import { Figures } from "./Figures";
import { Insights } from "./Insights";
import { LastRuns } from "./LastRuns";
import { MoodOfWeek } from "./MoodOfWeek";
import { RevenueBySegment } from "./RevenueBySegment";
import { SegmentSizes } from "./SegmentSizes";
import { Totals } from "./Totals";
import { Trend } from "./Trend";

/*
 * Reads of the first paint, at most 20: member, shop, pointer (the frame), this page's overview, the last twelve months and
 * the last four segmentations. Runs, the segments' given names, insights, care and mood follow once those are on the screen.
 */
const MONTHS = 12;
const VERSIONS = 4;

/** What changed, in ten seconds. */
export function OverviewPage() {
  const { t } = useTranslation("overview");
  const format = useFormat();
  const role = useRole();
  const { shop, loaded, active } = useShop();
  const [everyMonth, setEveryMonth] = useState(false);
  const overview = useDoc<Overview>("metrics/overview");
  const months = useQuery<Month>({ collection: "metrics", orderBy: [["month", "desc"]], limit: MONTHS });
  const everything = useQuery<Month>(everyMonth ? { collection: "metrics", orderBy: [["month", "desc"]], limit: 600 } : null);
  const versions = useSegmentations(VERSIONS);
  const painted = overview.state !== "loading" && months.state !== "loading";
  const segments = useSegments(painted);
  const names = useMemo(() => new Map<string, Localized>((segments.data ?? []).map((segment) => [segment.id, segment.name])), [segments.data]);

  const figures = overview.data;
  const isEmpty = overview.state === "ready" && (!figures || (figures.customers === 0 && figures.orders === 0 && figures.feedback === 0));
  const importing = may(role, "import");

  return (
    <>
      <PageHeader
        title={t("title")}
        description={
          figures && !isEmpty ? (
            <>
              {shop?.name && <>{shop.name} · </>}
              {t("computed")} <Time at={figures.computedAt} />
            </>
          ) : (
            t("description")
          )
        }
        actions={
          importing && (
            <Button asChild>
              <Link to="/imports/new">
                <FileUp aria-hidden />
                {t("import")}
              </Link>
            </Button>
          )
        }
      />
      {overview.state === "failed" || overview.state === "denied" ? (
        <Card>
          <ErrorState onRetry={overview.retry} />
        </Card>
      ) : isEmpty ? (
        <Card>
          <EmptyState
            icon={<Store aria-hidden />}
            title={t("empty.title")}
            className="min-h-96"
            action={
              importing && (
                <Button look="primary" asChild>
                  <Link to="/imports/new">
                    <FileUp aria-hidden />
                    {t("empty.action")}
                  </Link>
                </Button>
              )
            }
          >
            {t(importing ? "empty.body" : "empty.bodyReader")}
          </EmptyState>
        </Card>
      ) : (
        <div className="flex flex-col gap-5">
          {figures?.dataEnded && (
            <Banner tone="wait" icon={<CalendarClock className="text-wait" aria-hidden />}>
              {t("ended", { end: format.date(figures.lastOrderAt), asOf: format.date(figures.asOf) })}
            </Banner>
          )}
          {figures && figures.unconvertedOrders > 0 && (
            <Banner tone="wait" icon={<Coins className="text-wait" aria-hidden />}>
              {t("unconverted", { count: figures.unconvertedOrders, number: format.number(figures.unconvertedOrders), currency: figures.currency })}
              {t(may(role, "editShop") ? "unconvertedFix" : "unconvertedAsk")}
            </Banner>
          )}
          {loaded && shop && figures && <Checklist shop={shop} />}
          <Figures overview={figures ?? undefined} months={months.data} />
          <div className="grid items-start gap-5 xl:grid-cols-[3fr_2fr]">
            <div className="flex flex-col gap-5">
              <Insights enabled={painted} />
              {painted && <CareToday />}
            </div>
            <MoodOfWeek enabled={painted} />
          </div>
          {figures && <Totals overview={figures} />}
          <div className="grid gap-5 xl:grid-cols-[3fr_2fr]">
            <Trend months={everyMonth ? everything : months} asOf={figures?.asOf} everyMonth={everyMonth} onEveryMonth={setEveryMonth} />
            <RevenueBySegment versions={versions} names={names} none={loaded && active === null} />
          </div>
          <div className="grid gap-5 xl:grid-cols-[3fr_2fr]">
            <SegmentSizes versions={versions} names={names} none={loaded && active === null} />
            <LastRuns enabled={painted} />
          </div>
        </div>
      )}
    </>
  );
}
