import { useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowDownUp, Download, FileUp, Search, UsersRound } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { Denied } from "@/app/screens";
import { useShop } from "@/app/shop";
import { may } from "@/auth/may";
import { useMember } from "@/auth/session";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { DataTable } from "@/components/ui/DataTable";
import { DropdownMenu, MenuChoice } from "@/components/ui/DropdownMenu";
import { EmptyState } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { Input } from "@/components/ui/Input";
import { PageHeader } from "@/components/ui/PageHeader";
import { toast } from "@/components/ui/toast-store";
import { callConsole, toConsoleError } from "@/data/console";
import {
  COLUMNS,
  customerCounts,
  customerFilters,
  customerSearch,
  customerSpec,
  DEFAULT_QUERY,
  exactKind,
  FILTERS,
  isListed,
  LIFECYCLES,
  NOT_GROUPED,
  PAGE_SIZE,
  parseCustomerQuery,
  PLATFORMS,
  queryTerms,
  SORTS,
  type Column,
  type CustomerQuery,
  type Filter,
} from "@/data/customers";
import type { Chosen } from "@/data/customers-bulk";
import { COUNTRIES, countryName, LANGUAGES, languageName } from "@/data/customers-names";
import { lastColumns, readView, saveColumns, viewsPath } from "@/data/customers-views";
import { countOf, useChangedIds, useQuery, type Row } from "@/data/live";
import { usePaged } from "@/data/paged";
import type { Customer, SavedView, Segment } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { BulkBar } from "./BulkBar";
import { useCustomerColumns, type Choosing } from "./columns";
import { ExportDialog } from "./ExportDialog";
import { FilterChip, type ChipOption } from "./FilterChip";
import { TagDialog } from "./TagDialog";
import { useVisibleRows } from "./useVisibleRows";
import { ColumnsMenu, ViewsMenu } from "./ViewsMenu";

export function CustomersPage() {
  const { t } = useTranslation("customers");
  const { role } = useMember();
  return may(role, "readCustomers") ? <Customers /> : <Denied page={t("title")} permission="readCustomers" />;
}

function Customers() {
  const { t, i18n } = useTranslation(["customers", "customer", "common"]);
  const format = useFormat();
  const { active, pending } = useShop();
  const member = useMember();
  const navigate = useNavigate();
  const raw = useSearch({ strict: false }) as Record<string, unknown>;
  const query = useMemo(() => parseCustomerQuery(raw), [raw]);
  const change = useCallback(
    (next: Partial<CustomerQuery>) =>
      void navigate({
        to: "/customers",
        search: customerSearch({ ...query, ...next }),
        replace: true,
        resetScroll: false,
      }),
    [navigate, query],
  );

  const spec = useMemo(() => customerSpec(query, pending), [query, pending]);
  const paged = usePaged<Customer>(spec, PAGE_SIZE);
  const { rows: loaded, show } = paged;
  const rows = useMemo(() => loaded.filter((row) => isListed(row, query, active)), [loaded, query, active]);
  const changed = useChangedIds(loaded.length > 0 ? (loaded as Row<Customer>[]) : undefined);
  const thin = rows.length < loaded.length;
  const box = useRef<HTMLDivElement>(null);
  // Rows that were sifted out leave no index on the screen: then every page read so far stays live.
  useVisibleRows(
    box,
    rows.length,
    useCallback((first, last) => show(thin ? 0 : first, thin ? loaded.length - 1 : last), [show, thin, loaded.length]),
  );
  const onMore = useCallback(() => show(0, loaded.length - 1), [show, loaded.length]);
  const searching = rows.length === 0 && !paged.complete && !paged.error;
  useEffect(() => {
    if (searching && loaded.length > 0) onMore();
  }, [searching, loaded.length, onMore]);

  const segmentRows = useQuery<Segment>({ collection: "segments", where: [["retired", "==", false]] });
  const segments = useMemo(() => new Map((segmentRows.data ?? []).map((row) => [row.id, row])), [segmentRows.data]);
  const [picked, setPicked] = useState<ReadonlySet<string>>(NOBODY);
  const [everybody, setEverybody] = useState(false);
  const [doing, setDoing] = useState<"tag" | "export" | null>(null);
  // Another question, another choice.
  const asked = JSON.stringify(customerFilters(query));
  useEffect(() => {
    setPicked(NOBODY);
    setEverybody(false);
  }, [asked]);
  const edits = may(member.role, "editCustomers");
  const choosing = useMemo<Choosing | null>(
    () =>
      edits
        ? {
            ids: everybody ? new Set(rows.map((row) => row.id)) : picked,
            page:
              rows.length > 0 && (everybody || rows.every((row) => picked.has(row.id)))
                ? true
                : picked.size > 0 && "indeterminate",
            onRow: (id, on) => {
              const next = new Set(everybody ? rows.map((row) => row.id) : picked);
              if (on) next.add(id);
              else next.delete(id);
              setEverybody(false);
              setPicked(next);
            },
            onPage: (on) => {
              setEverybody(false);
              setPicked(on ? new Set(rows.map((row) => row.id)) : NOBODY);
            },
          }
        : null,
    [edits, everybody, picked, rows],
  );
  const columns = useCustomerColumns(segments, choosing);
  const saved = useQuery<SavedView>({ collection: viewsPath(member.id) });
  const views = useMemo(() => (saved.data ?? []).map(readView).filter((view) => view !== null), [saved.data]);
  const [chosen, setChosen] = useState<Column[] | null>(null);
  const shown = useMemo(() => chosen ?? lastColumns(saved.data ?? []), [chosen, saved.data]);
  const visibility = useMemo(
    () => Object.fromEntries(COLUMNS.map((column) => [column, shown.includes(column)])),
    [shown],
  );
  const choose = (next: Column[]) => {
    setChosen(next);
    // The choice is shown at once; losing it would cost no more than choosing again.
    saveColumns(member.id, next).catch(() => toast({ tone: "bad", title: t("views.failed") }));
  };

  const count = useCount(query, active, pending);
  const options: Record<Filter, ChipOption[]> = {
    segment: [...segments.values()].map((row) => ({ value: (row as Row<Segment>).id, label: format.text(row.name) })),
    lifecycle: LIFECYCLES.map((stage) => ({ value: stage, label: t(`lifecycle.${stage}`) })),
    country: choices(
      loaded.map((row) => row.country),
      COUNTRIES,
      (code) => countryName(code, i18n.language),
    ),
    language: choices(
      loaded.map((row) => row.language),
      LANGUAGES,
      (code) => languageName(code, i18n.language),
    ),
    platform: PLATFORMS.map((platform) => ({ value: platform, label: t(`customer:platform.${platform}`) })),
    tag: [...new Set(loaded.flatMap((row) => row.tags.manual))].sort().map((tag) => ({ value: tag, label: tag })),
  };
  const selection: Chosen | null =
    everybody && count !== null ? { query, count } : picked.size > 0 ? { ids: [...picked] } : null;
  const listed: Chosen = { query, count: count ?? rows.length };
  const segmentName = (id: string) => {
    const held = segments.get(id);
    return held ? format.text(held.name) : t("movedFrom.other");
  };
  // A segment that was dissolved, or that a proposal would bring, has no card to be chosen by.
  if (query.segment && !segments.has(query.segment)) options.segment.push({ value: query.segment, label: segmentName(query.segment) });
  const filtered = query.q !== "" || FILTERS.some((filter) => query[filter] !== null);
  const { rest } = queryTerms(query);

  return (
    <>
      <PageHeader
        title={t("title")}
        description={
          rest.length > 0
            ? paged.complete && t("shown", { count: rows.length, formatted: format.number(rows.length) })
            : count !== null && t(filtered ? "matching" : "all", { count, formatted: format.number(count) })
        }
        actions={
          <>
            <ViewsMenu
              uid={member.id}
              views={views}
              current={{ search: customerSearch(query), columns: [...shown] }}
              onOpen={(view) => {
                setChosen(view.columns);
                void navigate({ to: "/customers", search: view.search });
              }}
            />
            <ColumnsMenu shown={shown} onChange={choose} />
            {edits && (
              <Button
                size="sm"
                icon={<Download aria-hidden />}
                disabled={rows.length === 0}
                onClick={() => {
                  setPicked(NOBODY);
                  setEverybody(false);
                  setDoing("export");
                }}
              >
                {t("export.button")}
              </Button>
            )}
          </>
        }
      />
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SearchBox typed={query.q} onSearch={(q) => change({ q })} />
        {FILTERS.map((filter) => (
          <FilterChip
            key={filter}
            label={t(`filterBy.${filter}`)}
            value={query[filter]}
            options={options[filter]}
            free={filter === "tag"}
            onChange={(value) => change({ [filter]: value, ...(filter === "segment" ? UNMOVED : {}) })}
          />
        ))}
        {query.movedFrom && (
          <FilterChip
            label={t("movedFrom.label")}
            value={query.movedFrom}
            options={[{ value: query.movedFrom, label: query.movedFrom === NOT_GROUPED ? t("movedFrom.none") : segmentName(query.movedFrom) }]}
            onChange={(value) => value === null && change(UNMOVED)}
          />
        )}
        <DropdownMenu
          trigger={
            <Button size="sm" look="ghost" icon={<ArrowDownUp aria-hidden />}>
              {t(`sort.${query.sort}-${query.direction}`)}
            </Button>
          }
        >
          <MenuChoice
            value={`${query.sort}-${query.direction}`}
            onChange={(value) => {
              const [sort, direction] = value.split("-") as [CustomerQuery["sort"], "asc" | "desc"];
              change({ sort, direction });
            }}
            options={SORTS.flatMap((sort) =>
              (["desc", "asc"] as const).map((direction) => ({
                value: `${sort}-${direction}`,
                label: t(`sort.${sort}-${direction}`),
              })),
            )}
          />
        </DropdownMenu>
        {filtered && (
          <Button
            size="sm"
            look="link"
            className="text-table"
            onClick={() => change({ ...DEFAULT_QUERY, sort: query.sort, direction: query.direction })}
          >
            {t("filter.clear")}
          </Button>
        )}
      </div>
      {selection && (
        <BulkBar
          selection={selection}
          matching={count}
          everybody={everybody}
          onEverybody={() => setEverybody(true)}
          onClear={() => {
            setPicked(NOBODY);
            setEverybody(false);
          }}
          onTag={() => setDoing("tag")}
          onExport={() => setDoing("export")}
        />
      )}
      <Card flush>
        <div ref={box}>
          {paged.error ? (
            <ErrorState onRetry={paged.retry} />
          ) : (
            <DataTable
              label={t("title")}
              columns={columns}
              rows={rows}
              rowId={(row) => row.id}
              changed={changed}
              onOpen={(row) => void navigate({ to: "/customers/$customerId", params: { customerId: row.id } })}
              sort={{ field: query.sort, direction: query.direction }}
              onSort={({ field, direction }) => change({ sort: field as CustomerQuery["sort"], direction })}
              visibility={visibility}
              loading={paged.loading || searching}
              more={!paged.complete}
              onMore={onMore}
              empty={filtered ? <NoMatch q={query.q} onClear={() => change({ ...DEFAULT_QUERY })} /> : <NoCustomers />}
            />
          )}
        </div>
      </Card>
      {doing === "tag" && selection && (
        <TagDialog
          chosen={selection}
          known={[...new Set(loaded.flatMap((row) => row.tags.manual))].sort()}
          onClose={() => setDoing(null)}
        />
      )}
      {doing === "export" && (
        <ExportDialog chosen={selection ?? listed} query={query} shown={shown} onClose={() => setDoing(null)} />
      )}
    </>
  );
}

const NOBODY: ReadonlySet<string> = new Set();
const UNMOVED = { movedFrom: null, movedIn: null };

/** Codes seen in the rows first, then all others by name. */
function choices(seen: (string | null)[], all: readonly string[], name: (code: string) => string): ChipOption[] {
  const option = (value: string): ChipOption => ({ value, label: name(value) });
  const byName = (left: ChipOption, right: ChipOption) => left.label.localeCompare(right.label);
  const first = [...new Set(seen.filter((code): code is string => code !== null))];
  return [
    ...first.map(option).sort(byName),
    ...all
      .filter((code) => !first.includes(code))
      .map(option)
      .sort(byName),
  ];
}

/** How many match, by aggregations; asked anew when the question changes. */
function useCount(query: CustomerQuery, active: number | null, pending: boolean): number | null {
  const [count, setCount] = useState<{ key: string; value: number } | null>(null);
  const counts = customerCounts(query, active, pending);
  const key = JSON.stringify(counts);
  useEffect(() => {
    let ended = false;
    const { add, less } = JSON.parse(key) as typeof counts;
    Promise.all([...add, ...less].map(countOf))
      .then((found) => {
        const value = found.reduce((sum, each, index) => sum + (index < add.length ? each : -each), 0);
        if (!ended) setCount({ key, value });
      })
      // The list itself says what is wrong; a missing count is only left out.
      .catch(() => undefined);
    return () => {
      ended = true;
    };
  }, [key]);
  return count?.key === key ? count.value : null;
}

/** Names are found while typing; Enter looks an e-mail, a phone number or an order up exactly. */
function SearchBox({ typed, onSearch }: { typed: string; onSearch: (q: string) => void }) {
  const { t } = useTranslation("customers");
  const navigate = useNavigate();
  const format = useFormat();
  const [text, setText] = useState(typed);
  const [busy, setBusy] = useState(false);
  // What this box itself asked for last; anything else in the address came from outside (back, a view) and is taken over.
  const asked = useRef(typed);
  useEffect(() => {
    if (typed === asked.current) return;
    asked.current = typed;
    setText(typed);
  }, [typed]);
  useEffect(() => {
    if (text.trim() === asked.current) return undefined;
    const timer = setTimeout(() => {
      asked.current = text.trim();
      onSearch(asked.current);
    }, 350);
    return () => clearTimeout(timer);
  }, [text, onSearch]);

  const lookUp = async () => {
    const kind = exactKind(text);
    if (!kind) {
      asked.current = text.trim();
      onSearch(asked.current);
      return;
    }
    setBusy(true);
    try {
      const { customerId } = await callConsole<{ customerId: string | null }>("customer.lookup", {
        [kind]: text.trim(),
      });
      if (customerId) await navigate({ to: "/customers/$customerId", params: { customerId } });
      else if (kind === "order") onSearch(text.trim());
      else toast({ tone: "plain", title: t(`lookup.none.${kind}`, { text: text.trim() }) });
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      role="search"
      className="w-full sm:w-80"
      onSubmit={(event) => {
        event.preventDefault();
        void lookUp();
      }}
    >
      <Input
        type="search"
        leading={<Search aria-hidden />}
        aria-label={t("search.label")}
        placeholder={t("search.placeholder")}
        value={text}
        aria-busy={busy}
        onChange={(event) => setText(event.target.value)}
      />
    </form>
  );
}

function NoMatch({ q, onClear }: { q: string; onClear: () => void }) {
  const { t } = useTranslation("customers");
  return (
    <EmptyState
      icon={<Search aria-hidden />}
      title={t("noMatch.title")}
      action={<Button onClick={onClear}>{t("filter.clear")}</Button>}
    >
      {q ? t("noMatch.search") : t("noMatch.filter")}
    </EmptyState>
  );
}

function NoCustomers() {
  const { t } = useTranslation("customers");
  const navigate = useNavigate();
  const { role } = useMember();
  return (
    <EmptyState
      icon={<UsersRound aria-hidden />}
      title={t("empty.title")}
      action={
        may(role, "import") && (
          <Button look="primary" icon={<FileUp aria-hidden />} onClick={() => void navigate({ to: "/imports/new" })}>
            {t("empty.action")}
          </Button>
        )
      }
    >
      {t("empty.body")}
    </EmptyState>
  );
}
