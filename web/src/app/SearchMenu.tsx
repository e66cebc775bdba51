import { useNavigate } from "@tanstack/react-router";
import { FileUp, Plus, RefreshCw, UserRound, UserRoundSearch } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { type Command, type CommandGroup, CommandMenu } from "@/components/ui/CommandMenu";
import { Kbd } from "@/components/ui/Kbd";
import { toast } from "@/components/ui/toast-store";
import { callConsole, toConsoleError } from "@/data/console";
import { exactKind, matchesRest, searchTerms } from "@/data/customers";
import { type QuerySpec, useQuery } from "@/data/live";
import { startRecluster } from "@/data/recluster";
import type { Customer, Segment } from "@/generated/documents";
import { SegmentIcon } from "@/components/SegmentIcon";
import { useFormat } from "@/lib/useFormat";

import { placesFor } from "./nav";

/** The text once it has rested, so that a word is one query and not one a letter. */
function useRested(text: string, milliseconds: number): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), milliseconds);
    return () => clearTimeout(timer);
  }, [text, milliseconds]);
  return rested;
}

const customersSpec = (token: string): QuerySpec => ({
  collection: "customers",
  where: [["searchTokens", "array-contains", token]],
  orderBy: [["stats.revenue", "desc"]],
  limit: 8,
});

/** Search over customers, segments, pages and actions. Mounted while open, so that nothing is read before. */
export function SearchMenu({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("frame");
  const format = useFormat();
  const navigate = useNavigate();
  const role = useRole();
  const [query, setQuery] = useState("");
  const typed = query.trim();
  const rested = useRested(typed, 160);
  const people = may(role, "readCustomers");
  const { token, rest } = searchTerms(rested);
  const found = useQuery<Customer>(people && token && rested ? customersSpec(token) : null);
  const segments = useQuery<Segment>({ collection: "segments", where: [["retired", "==", false]] });
  const exact = may(role, "lookUp") ? exactKind(typed) : null;

  const lookUp = async (kind: "email" | "phone" | "order") => {
    try {
      const { customerId } = await callConsole<{ customerId: string | null }>("customer.lookup", { [kind]: typed });
      if (customerId) void navigate({ to: "/customers/$customerId", params: { customerId } });
      else toast({ tone: "plain", title: t("search.notFound", { value: typed }), detail: t("search.notFoundBody") });
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
    }
  };
  const matches = (...texts: string[]) => texts.some((text) => text.toLowerCase().includes(typed.toLowerCase()));

  const customers: Command[] =
    found.state === "ready"
      ? found.data
          .filter((customer) => !customer.mergedInto && matchesRest(customer, rest))
          .map((customer) => ({
            id: `customer-${customer.id}`,
            label: customer.displayName ?? customer.externalId ?? customer.id,
            hint: `${format.number(customer.stats.orders)} ${t("search.orders", { count: customer.stats.orders })} · ${format.money(customer.stats.revenue, { whole: true })}`,
            icon: <UserRound aria-hidden />,
            run: () => void navigate({ to: "/customers/$customerId", params: { customerId: customer.id } }),
          }))
      : [];
  const groups: CommandGroup[] = [
    {
      id: "exact",
      title: t("search.exact"),
      commands: exact
        ? [
            {
              id: "exact",
              label: t(`search.by.${exact}`, { value: typed }),
              icon: <UserRoundSearch aria-hidden />,
              run: () => void lookUp(exact),
            },
          ]
        : [],
    },
    { id: "customers", title: t("search.customers"), commands: typed ? customers : [] },
    {
      id: "segments",
      title: t("search.segments"),
      commands: (segments.data ?? [])
        .filter((segment) => !typed || matches(segment.name.en, segment.name.zh))
        .sort((a, b) => b.size - a.size)
        .slice(0, typed ? 8 : 4)
        .map((segment) => ({
          id: `segment-${segment.id}`,
          label: format.text(segment.name),
          hint: format.number(segment.size),
          icon: <SegmentIcon name={segment.icon} />,
          run: () => void navigate({ to: "/segments/$segmentId", params: { segmentId: segment.id } }),
        })),
    },
    {
      id: "pages",
      title: t("search.pages"),
      commands: placesFor(role)
        .flatMap((group) => group.places)
        .filter((place) => !typed || matches(t(`place.${place.id}`), place.id))
        .map((place) => ({
          id: `page-${place.id}`,
          label: t(`place.${place.id}`),
          hint: (
            <span className="flex gap-1">
              <Kbd>g</Kbd>
              <Kbd>{place.key}</Kbd>
            </span>
          ),
          icon: <place.icon aria-hidden />,
          run: () => void navigate({ to: place.to }),
        })),
    },
    {
      id: "actions",
      title: t("search.actions"),
      commands: [
        {
          id: "recluster",
          allowed: may(role, "recluster"),
          label: t("search.recluster"),
          icon: <RefreshCw aria-hidden />,
          run: () => void startRecluster(format.language).then((started) => {
              if (started) void navigate({ to: "/segments" });
            }),
        },
        {
          id: "import",
          allowed: may(role, "import"),
          label: t("search.import"),
          icon: <FileUp aria-hidden />,
          run: () => void navigate({ to: "/imports/new" }),
        },
        {
          id: "invite",
          allowed: may(role, "manageMembers"),
          label: t("search.invite"),
          icon: <Plus aria-hidden />,
          run: () => void navigate({ to: "/members" }),
        },
      ].filter((action) => action.allowed && (!typed || matches(action.label))),
    },
  ];
  return (
    <CommandMenu
      open
      onOpenChange={(open) => !open && onClose()}
      label={t("search.label")}
      placeholder={t(people ? "search.placeholder" : "search.placeholderNoPeople")}
      query={query}
      onQuery={setQuery}
      groups={groups}
      searching={people && typed !== "" && token !== null && (found.state === "loading" || rested !== typed)}
      empty={t(people && typed.length < 2 ? "search.short" : "search.empty", { value: typed })}
      footer={
        <>
          <span className="inline-flex items-center gap-1">
            <Kbd>↑</Kbd>
            <Kbd>↓</Kbd> {t("search.choose")}
          </span>
          <span className="inline-flex items-center gap-1">
            <Kbd>↵</Kbd> {t("search.run")}
          </span>
          <span className="inline-flex items-center gap-1">
            <Kbd>Esc</Kbd> {t("common:close")}
          </span>
        </>
      }
    />
  );
}
