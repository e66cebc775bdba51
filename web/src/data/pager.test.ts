import { describe, expect, it, vi } from "vitest";

import { Pager, type Listen } from "./pager";

interface Row {
  id: string;
  at: number;
}

/** A sorted list that listeners follow, as Firestore does with `startAfter` and `limit`. */
function source(count: number, size: number) {
  let rows: Row[] = Array.from({ length: count }, (_, at) => ({ id: `r${at}`, at }));
  const open = new Set<() => void>();
  let opened = 0;
  const listen: Listen<Row, number> = (after, onPage) => {
    opened += 1;
    const send = () => {
      const page = rows.filter((row) => after === null || row.at > after).slice(0, size);
      const last = page.at(-1);
      onPage({ rows: page, last: page.length === size && last ? { cursor: last.at, key: last.id } : null });
    };
    open.add(send);
    send();
    return () => open.delete(send);
  };
  return {
    listen,
    open,
    opened: () => opened,
    change: (next: (rows: Row[]) => Row[]) => {
      rows = next(rows).sort((a, b) => a.at - b.at);
      for (const send of [...open]) send();
    },
    ids: () => rows.map((row) => row.id),
  };
}

const ids = (rows: readonly Row[]) => rows.map((row) => row.id);

describe("Pager", () => {
  it("reads the next page only when it comes near, and knows the end", () => {
    const data = source(25, 10);
    const pager = new Pager(data.listen, 10);
    pager.subscribe(() => undefined);
    expect(pager.snapshot()).toMatchObject({ loading: false, complete: false });
    expect(pager.snapshot().rows).toHaveLength(10);
    pager.show(0, 3);
    expect(data.opened()).toBe(1);
    pager.show(2, 8);
    expect(pager.snapshot().rows).toHaveLength(20);
    pager.show(10, 19);
    expect(ids(pager.snapshot().rows)).toEqual(data.ids());
    expect(pager.snapshot().complete).toBe(true);
  });

  it("listens only to pages on the screen", () => {
    const data = source(100, 10);
    const pager = new Pager(data.listen, 10);
    pager.subscribe(() => undefined);
    for (let row = 0; row < 90; row += 5) pager.show(row, row + 8);
    pager.show(80, 84);
    expect(data.open.size).toBe(1);
    expect(pager.snapshot().rows).toHaveLength(100);
  });

  it("neither loses nor doubles a row when a live change moves the border of two pages", () => {
    const data = source(40, 10);
    const pager = new Pager(data.listen, 10);
    pager.subscribe(() => undefined);
    pager.show(0, 9);
    pager.show(5, 18);
    data.change((rows) => [...rows, { id: "new", at: 0.5 }]);
    expect(ids(pager.snapshot().rows)).toEqual(data.ids().slice(0, pager.snapshot().rows.length));
    data.change((rows) => rows.filter((row) => row.id !== "r3" && row.id !== "r4"));
    expect(ids(pager.snapshot().rows)).toEqual(data.ids().slice(0, pager.snapshot().rows.length));
  });

  it("drops the pages behind one that is no longer full", () => {
    const data = source(15, 10);
    const pager = new Pager(data.listen, 10);
    pager.subscribe(() => undefined);
    pager.show(0, 9);
    expect(pager.snapshot().rows).toHaveLength(15);
    data.change((rows) => rows.slice(0, 4));
    expect(pager.snapshot()).toMatchObject({ complete: true });
    expect(pager.snapshot().rows).toHaveLength(4);
  });

  it("closes every listener when nobody watches, and goes on when somebody does", () => {
    const data = source(15, 10);
    const pager = new Pager(data.listen, 10);
    const leave = pager.subscribe(() => undefined);
    leave();
    expect(data.open.size).toBe(0);
    data.change((rows) => rows.slice(1));
    pager.subscribe(() => undefined);
    expect(ids(pager.snapshot().rows)[0]).toBe("r1");
  });

  it("says an error and reads anew on retry", () => {
    const data = source(5, 10);
    let broken = true;
    const told = vi.fn();
    const pager = new Pager<Row, number>((after, onPage, onError) => {
      if (!broken) return data.listen(after, onPage, onError);
      onError(new Error("denied"));
      return () => undefined;
    }, 10);
    pager.subscribe(told);
    expect(pager.snapshot().error).toBeInstanceOf(Error);
    broken = false;
    pager.retry();
    expect(pager.snapshot()).toMatchObject({ error: null, complete: true });
    expect(told).toHaveBeenCalled();
  });
});
