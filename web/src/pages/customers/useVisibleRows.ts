import { useEffect, useRef, type RefObject } from "react";

/**
 * Tells which rows of a `DataTable` are on the screen, so that only their pages stay live. The table draws rows with a
 * `data-index`; the page scrolls.
 */
export function useVisibleRows(box: RefObject<HTMLElement | null>, count: number, show: (first: number, last: number) => void): void {
  const latest = useRef(show);
  useEffect(() => {
    latest.current = show;
  }, [show]);
  useEffect(() => {
    let frame = 0;
    const look = () => {
      frame = 0;
      let first = Infinity;
      let last = -1;
      for (const row of box.current?.querySelectorAll<HTMLElement>("[data-index]") ?? []) {
        const { top, bottom } = row.getBoundingClientRect();
        if (bottom < 0 || top > window.innerHeight) continue;
        const index = Number(row.dataset.index);
        first = Math.min(first, index);
        last = Math.max(last, index);
      }
      if (last >= 0) latest.current(first, last);
    };
    const soon = () => {
      frame ||= requestAnimationFrame(look);
    };
    soon();
    window.addEventListener("scroll", soon, { passive: true });
    window.addEventListener("resize", soon);
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener("scroll", soon);
      window.removeEventListener("resize", soon);
    };
  }, [box, count]);
}
