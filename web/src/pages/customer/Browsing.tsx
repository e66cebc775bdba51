import { Eye, PackageCheck } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { EmptyState } from "@/components/ui/EmptyState";
import { BROWSING_KINDS, kindsSpec, timelineSpec } from "@/data/customers-one";
import type { Event } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { FilterChip } from "../customers/FilterChip";
import { EventItem } from "./EventItem";
import { PagedList } from "./PagedList";

/** What this person looked at. One kind at a time where the customer has too many accounts to ask for all at once. */
export function Browsing({ ids }: { ids: readonly string[] }) {
  const { t } = useTranslation("customer");
  const everything = kindsSpec(ids, BROWSING_KINDS);
  const [kind, setKind] = useState<(typeof BROWSING_KINDS)[number] | null>(null);
  const shown = kind ?? (everything ? null : BROWSING_KINDS[0]);
  return (
    <>
      <div className="mb-2">
        <FilterChip
          label={t("filter.kind")}
          value={shown}
          options={BROWSING_KINDS.map((each) => ({ value: each, label: t(`event.${each}`) }))}
          onChange={(next) => setKind(BROWSING_KINDS.find((each) => each === next) ?? null)}
        />
      </div>
      <Events
        spec={shown || !everything ? timelineSpec(ids, { kind: shown, channel: null }) : everything}
        empty={
          <EmptyState icon={<Eye aria-hidden />} title={t("browsing.empty")}>
            {t("browsing.emptyBody")}
          </EmptyState>
        }
      />
    </>
  );
}

/** Messages that were sent to this person. */
export function Deliveries({ ids }: { ids: readonly string[] }) {
  const { t } = useTranslation("customer");
  return (
    <Events
      spec={timelineSpec(ids, { kind: "delivery", channel: null })}
      empty={
        <EmptyState icon={<PackageCheck aria-hidden />} title={t("deliveries.empty")}>
          {t("deliveries.emptyBody")}
        </EmptyState>
      }
    />
  );
}

function Events({ spec, empty }: { spec: ReturnType<typeof timelineSpec>; empty: ReactNode }) {
  const format = useFormat();
  return (
    <PagedList<Event> spec={spec} size={30} className="flex flex-col" empty={empty}>
      {(event, fresh) => (
        <li key={event.id} className="grid grid-cols-[84px_minmax(0,1fr)] items-start border-b last:border-0">
          <span className="pt-2.5 text-small text-faint">{format.date(event.at)}</span>
          <EventItem event={event} fresh={fresh} />
        </li>
      )}
    </PagedList>
  );
}
