/**
 * A long list read page by page, live where it is looked at.
 *
 * Each page is a listener of its own that begins behind the last row of the page before it. Only pages on the screen keep
 * their listener; the others keep what they last heard. When a live change moves a page's last row, the page behind it is
 * asked anew from there, so that no row is shown twice or lost between two pages.
 */

export interface PageData<Row, Cursor> {
  rows: Row[];
  /** Where the next page begins; null when this page is not full. */
  last: { cursor: Cursor; key: string } | null;
}

export type Listen<Row, Cursor> = (
  after: Cursor | null,
  onPage: (page: PageData<Row, Cursor>) => void,
  onError: (error: unknown) => void,
) => () => void;

export interface Paged<Row> {
  rows: readonly Row[];
  /** The first page is not there yet. */
  loading: boolean;
  /** A further page is on its way. */
  more: boolean;
  /** Every row is loaded. */
  complete: boolean;
  error: unknown;
}

interface Page<Row, Cursor> {
  after: Cursor | null;
  afterKey: string;
  data: PageData<Row, Cursor> | null;
  stop: (() => void) | null;
}

export class Pager<Row extends { id: string }, Cursor> {
  private pages: Page<Row, Cursor>[] = [];
  private readonly watchers = new Set<() => void>();
  private state: Paged<Row> = { rows: [], loading: true, more: false, complete: false, error: null };
  private first = 0;
  private last = 0;
  private readonly listen: Listen<Row, Cursor>;
  private readonly size: number;

  constructor(listen: Listen<Row, Cursor>, size: number) {
    this.listen = listen;
    this.size = size;
  }

  readonly snapshot = (): Paged<Row> => this.state;

  /** Watch the list; the first watcher opens it, the last one leaving closes every listener. */
  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    if (this.watchers.size === 1) this.open();
    return () => {
      this.watchers.delete(watcher);
      if (this.watchers.size === 0) this.close();
    };
  };

  /** Tell which rows are on the screen; the page behind the last one is fetched before it is reached. */
  readonly show = (firstRow: number, lastRow: number): void => {
    this.first = Math.max(0, Math.floor(firstRow / this.size));
    this.last = Math.max(this.first, Math.floor((lastRow + this.size / 2) / this.size));
    if (this.watchers.size > 0) this.settle();
  };

  readonly retry = (): void => {
    this.close();
    this.pages = [];
    this.state = { rows: [], loading: true, more: false, complete: false, error: null };
    this.open();
    this.tell();
  };

  private open(): void {
    if (this.pages.length === 0) this.pages.push({ after: null, afterKey: "", data: null, stop: null });
    this.settle();
  }

  private close(): void {
    for (const page of this.pages) {
      page.stop?.();
      page.stop = null;
    }
  }

  /** Open the listeners of pages on the screen, close the others, add the page that comes into view. */
  private settle(): void {
    if (this.state.error) return;
    const tail = this.pages.at(-1);
    if (tail?.data?.last && this.last >= this.pages.length) {
      this.pages.push({ after: tail.data.last.cursor, afterKey: tail.data.last.key, data: null, stop: null });
      this.publish();
    }
    for (const [index, page] of this.pages.entries()) {
      // A page that has no rows yet stays open until it has: it decides whether there is more.
      const wanted = (index >= this.first && index <= this.last) || !page.data;
      if (wanted && !page.stop) this.start(page);
      else if (!wanted && page.stop) {
        page.stop();
        page.stop = null;
      }
    }
  }

  private start(page: Page<Row, Cursor>): void {
    let ended = false;
    let close: (() => void) | null = null;
    page.stop = () => {
      ended = true;
      close?.();
    };
    close = this.listen(
      page.after,
      (data) => {
        if (!ended) this.arrived(page, data);
      },
      (error) => {
        if (ended) return;
        this.close();
        this.state = { ...this.state, error, loading: false, more: false };
        this.tell();
      },
    );
    // A source may answer before it returns, and that answer may already have closed the page.
    if (ended) close();
  }

  private arrived(page: Page<Row, Cursor>, data: PageData<Row, Cursor>): void {
    page.data = data;
    const index = this.pages.indexOf(page);
    const next = this.pages[index + 1];
    if (next && !data.last) {
      for (const gone of this.pages.splice(index + 1)) gone.stop?.();
    } else if (next && data.last && next.afterKey !== data.last.key) {
      next.after = data.last.cursor;
      next.afterKey = data.last.key;
      if (next.stop) {
        next.stop();
        next.stop = null;
        this.start(next);
      }
    }
    this.publish();
    this.settle();
  }

  private publish(): void {
    const seen = new Set<string>();
    const rows: Row[] = [];
    for (const page of this.pages) {
      for (const row of page.data?.rows ?? []) {
        if (seen.has(row.id)) continue;
        seen.add(row.id);
        rows.push(row);
      }
    }
    const tail = this.pages.at(-1);
    this.state = {
      rows,
      loading: !this.pages[0]?.data,
      more: this.pages.length > 1 && !tail?.data,
      complete: Boolean(tail?.data && !tail.data.last),
      error: null,
    };
    this.tell();
  }

  private tell(): void {
    for (const watcher of [...this.watchers]) watcher();
  }
}
