import { flexRender, getCoreRowModel, useReactTable, type ColumnDef, type Row, type RowData, type VisibilityState } from "@tanstack/react-table";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";

import { cx } from "@/lib/cx";
import { useMedia } from "@/lib/useMedia";

import { Skeleton } from "./Skeleton";

declare module "@tanstack/react-table" {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- the names are given by the library
  interface ColumnMeta<TData extends RowData, TValue> {
    /** Field to sort by; without it the header is not a button. */
    sort?: string;
    align?: "right";
    /** CSS width of the grid track, for instance "minmax(160px, 2fr)"; default "minmax(96px, 1fr)". */
    width?: string;
    /** The label, for the phone cards and the column menu, where the header is not plain text. */
    label?: string;
    /** On a phone: the head of the card ("title"), left out ("hidden"), else a labelled line. */
    phone?: "title" | "hidden";
  }
}

export interface Sort {
  field: string;
  direction: "asc" | "desc";
}

export interface DataTableProps<T> {
  /** What the table is, for screen readers. */
  label: string;
  columns: ColumnDef<T, unknown>[];
  rows: readonly T[];
  rowId: (row: T) => string;
  /** Ids that changed just now: their row glows briefly. See `useChangedIds`. */
  changed?: ReadonlySet<string>;
  onOpen?: (row: T) => void;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  visibility?: VisibilityState;
  loading?: boolean;
  /** Shown instead of rows when there are none. */
  empty?: ReactNode;
  /** Called when the end comes near; `more` says that there is a next page. */
  onMore?: () => void;
  more?: boolean;
  /** Told which rows are on the screen, for a list that listens only to those. */
  onShow?: (first: number, last: number) => void;
  rowHeight?: number;
}

/**
 * A table that draws only the rows on the screen, at any length, and becomes a list of cards on a phone.
 * Sorting and paging belong to the caller (they are queries); the page scrolls, not the table.
 */
export function DataTable<T>({
  label,
  columns,
  rows,
  rowId,
  changed,
  onOpen,
  sort,
  onSort,
  visibility,
  loading = false,
  empty,
  onMore,
  more = false,
  onShow,
  rowHeight = 48,
}: DataTableProps<T>) {
  const phone = useMedia("(max-width: 767px)");
  const table = useReactTable({
    data: rows as T[],
    columns,
    getRowId: rowId,
    getCoreRowModel: getCoreRowModel(),
    ...(visibility ? { state: { columnVisibility: visibility } } : {}),
  });
  const model = table.getRowModel().rows;
  const body = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    setMargin(body.current ? body.current.getBoundingClientRect().top + window.scrollY : 0);
  }, [phone, loading, rows.length === 0]); // eslint-disable-line react-hooks/exhaustive-deps -- remeasure when the shape changes
  const virtual = useWindowVirtualizer({
    count: model.length,
    estimateSize: () => (phone ? 120 : rowHeight),
    overscan: 8,
    scrollMargin: margin,
    getItemKey: (index) => model[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (more && !loading && last >= model.length - 10) onMore?.();
  }, [more, loading, last, model.length, onMore]);
  const top = items[0]?.index ?? -1;
  const show = useRef(onShow);
  useEffect(() => {
    show.current = onShow;
  });
  useEffect(() => {
    if (last >= 0) show.current?.(top, last);
  }, [top, last]);

  const leaf = table.getVisibleLeafColumns();
  const template = leaf.map((column) => column.columnDef.meta?.width ?? "minmax(96px, 1fr)").join(" ");

  if (loading && rows.length === 0) return <TableSkeleton columns={phone ? 1 : leaf.length} template={phone ? "1fr" : template} label={label} />;
  if (rows.length === 0 && empty) return <>{empty}</>;

  return (
    <div role="table" aria-label={label} aria-rowcount={more ? -1 : model.length + 1} className="w-full overflow-x-auto text-table">
      {!phone && (
        <div role="rowgroup" className="min-w-fit border-b bg-subtle/60">
          {table.getHeaderGroups().map((group) => (
            <div key={group.id} role="row" className="grid items-center gap-x-4 px-5" style={{ gridTemplateColumns: template }}>
              {group.headers.map((header) => {
                const meta = header.column.columnDef.meta;
                const content = flexRender(header.column.columnDef.header, header.getContext());
                const active = meta?.sort !== undefined && sort?.field === meta.sort;
                return (
                  <div
                    key={header.id}
                    role="columnheader"
                    aria-sort={active ? (sort.direction === "asc" ? "ascending" : "descending") : undefined}
                    className={cx("flex h-9 min-w-0 items-center text-small font-medium text-muted", meta?.align === "right" && "justify-end")}
                  >
                    {meta?.sort && onSort ? (
                      <button
                        type="button"
                        className="inline-flex min-w-0 items-center gap-1 rounded-sm hover:text-ink"
                        onClick={() =>
                          onSort({ field: meta.sort as string, direction: active && sort.direction === "desc" ? "asc" : "desc" })
                        }
                      >
                        <span className="truncate">{content}</span>
                        <SortMark direction={active ? sort.direction : undefined} />
                      </button>
                    ) : (
                      <span className="truncate">{content}</span>
                    )}
                  </div>
                );
              })}
            </div>
          ))}
        </div>
      )}
      <div ref={body} role="rowgroup" className={cx("relative", !phone && "min-w-fit")} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = model[item.index];
          if (!row) return null;
          return (
            <div
              key={row.id}
              ref={virtual.measureElement}
              data-index={item.index}
              role="row"
              aria-rowindex={item.index + 2}
              tabIndex={onOpen ? 0 : undefined}
              onClick={onOpen && ((event) => !isControl(event.target, event.currentTarget) && onOpen(row.original))}
              onKeyDown={
                onOpen &&
                ((event) => {
                  if (event.key === "Enter" && event.target === event.currentTarget) onOpen(row.original);
                })
              }
              style={{
                transform: `translateY(${item.start - margin}px)`,
                ...(phone ? {} : { gridTemplateColumns: template, minHeight: rowHeight }),
              }}
              className={cx(
                "absolute top-0 left-0 w-full border-b focus-visible:outline-offset-[-2px]",
                onOpen && "cursor-pointer transition-colors duration-150 hover:bg-subtle/70",
                changed?.has(row.id) && "glow",
                phone ? "px-4 py-3" : "grid items-center gap-x-4 px-5 py-1",
              )}
            >
              {phone ? <PhoneCard row={row} /> : row.getVisibleCells().map((cell) => (
                <div
                  key={cell.id}
                  role="cell"
                  className={cx("min-w-0 truncate", cell.column.columnDef.meta?.align === "right" && "tabular text-right")}
                >
                  {flexRender(cell.column.columnDef.cell, cell.getContext())}
                </div>
              ))}
            </div>
          );
        })}
      </div>
      {more && (
        <div className="flex h-12 items-center px-5" aria-hidden>
          <Skeleton className="h-3.5 w-full" />
        </div>
      )}
    </div>
  );
}

/** A click on a link or button inside a row is that control's, not the row's. */
function isControl(target: EventTarget, row: EventTarget): boolean {
  const hit = target instanceof Element ? target.closest("a,button,input,[role=checkbox],[role=menuitem]") : null;
  return hit !== null && hit !== row;
}

function SortMark({ direction }: { direction: "asc" | "desc" | undefined }) {
  const Mark = direction === undefined ? ChevronsUpDown : direction === "asc" ? ArrowUp : ArrowDown;
  return <Mark className={cx("size-3.5 shrink-0", direction === undefined ? "text-faint" : "text-primary-ink")} aria-hidden />;
}

function PhoneCard<T>({ row }: { row: Row<T> }) {
  const cells = row.getVisibleCells().filter((cell) => cell.column.columnDef.meta?.phone !== "hidden");
  const title = cells.filter((cell) => cell.column.columnDef.meta?.phone === "title");
  const rest = cells.filter((cell) => cell.column.columnDef.meta?.phone !== "title");
  return (
    <>
      {title.map((cell) => (
        <div key={cell.id} role="cell" className="mb-1.5 min-w-0 font-medium">
          {flexRender(cell.column.columnDef.cell, cell.getContext())}
        </div>
      ))}
      <div className="grid grid-cols-2 gap-x-4 gap-y-1">
        {rest.map((cell) => {
          const { header, meta } = cell.column.columnDef;
          return (
            <div key={cell.id} role="cell" className="flex min-w-0 flex-col">
              <span className="text-micro text-faint">{meta?.label ?? (typeof header === "string" ? header : cell.column.id)}</span>
              <span className="tabular min-w-0 truncate">{flexRender(cell.column.columnDef.cell, cell.getContext())}</span>
            </div>
          );
        })}
      </div>
    </>
  );
}

function TableSkeleton({ columns, template, label }: { columns: number; template: string; label: string }) {
  return (
    <div role="status" aria-busy aria-label={label}>
      {Array.from({ length: 8 }, (_, row) => (
        <div key={row} className="grid h-12 items-center gap-x-4 border-b px-5" style={{ gridTemplateColumns: template }}>
          {Array.from({ length: columns }, (_, column) => (
            <Skeleton key={column} className={cx("h-3.5", column === 0 ? "w-4/5" : "w-3/5")} />
          ))}
        </div>
      ))}
    </div>
  );
}
