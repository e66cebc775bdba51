import { Tabs as Radix, ToggleGroup } from "radix-ui";
import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";

import { cx } from "@/lib/cx";

export interface TabsProps<T extends string> {
  value: T;
  onChange: (value: T) => void;
  label: string;
  tabs: readonly { value: T; label: ReactNode; content: ReactNode }[];
  className?: string;
}

type Cut = "none" | "start" | "end" | "both";

/** More tabs than fit: the edge behind which they are fades. */
const FADE: Record<Cut, string> = {
  none: "",
  start: "[mask-image:linear-gradient(to_right,transparent,black_36px)]",
  end: "[mask-image:linear-gradient(to_left,transparent,black_36px)]",
  both: "[mask-image:linear-gradient(to_right,transparent,black_36px,black_calc(100%-36px),transparent)]",
};

/** At which edges a strip goes on; the chosen tab is brought into sight. */
function useCut(value: string, count: number) {
  const list = useRef<HTMLDivElement>(null);
  const [cut, setCut] = useState<Cut>("none");
  const look = useCallback(() => {
    const strip = list.current;
    if (!strip) return;
    const before = strip.scrollLeft > 1;
    const after = strip.scrollLeft + strip.clientWidth < strip.scrollWidth - 1;
    setCut(before ? (after ? "both" : "start") : after ? "end" : "none");
  }, []);
  useEffect(() => {
    const strip = list.current;
    if (!strip) return undefined;
    const seen = new ResizeObserver(look);
    // The strip and its labels: a count that comes in later makes a label longer.
    [strip, ...strip.children].forEach((each) => seen.observe(each));
    return () => seen.disconnect();
  }, [look, count]);
  useEffect(() => {
    const strip = list.current;
    const chosen = strip?.querySelector<HTMLElement>("[data-state=active]");
    if (!strip || !chosen) return;
    const [edge, tab] = [strip.getBoundingClientRect(), chosen.getBoundingClientRect()];
    // Room for the fade, so that a neighbour shows too.
    if (tab.left < edge.left) strip.scrollLeft -= edge.left - tab.left + 40;
    else if (tab.right > edge.right) strip.scrollLeft += tab.right - edge.right + 40;
  }, [value]);
  return { list, cut, look };
}

/** Tabs with their panels; only the chosen panel is mounted, so the others read nothing. */
export function Tabs<T extends string>({ value, onChange, label, tabs, className }: TabsProps<T>) {
  const { list, cut, look } = useCut(value, tabs.length);
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as T)} className={className}>
      <Radix.List
        ref={list}
        aria-label={label}
        onScroll={look}
        data-cut={cut}
        className={cx(
          "flex gap-1 overflow-x-auto overflow-y-hidden [scrollbar-width:none] [&::-webkit-scrollbar]:hidden",
          // The line lies under the tabs, so that nothing stands out of the strip and scrolls up and down.
          "shadow-[inset_0_-1px_0_var(--line)]",
          FADE[cut],
        )}
      >
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            className={cx(
              "border-b-2 border-transparent px-3 py-2 text-table font-medium whitespace-nowrap text-muted transition-colors duration-150 hover:text-ink",
              "data-[state=active]:border-primary data-[state=active]:text-ink focus-visible:outline-offset-[-2px]",
            )}
          >
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.value} value={tab.value} className="pt-4">
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}

export interface SegmentedProps<T extends string> {
  value: T;
  onChange: (value: T) => void;
  label: string;
  options: readonly { value: T; label: ReactNode }[];
}

/** A small either-or switch, for instance "revenue | orders" above a chart. */
export function Segmented<T extends string>({ value, onChange, label, options }: SegmentedProps<T>) {
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      // Pressing the chosen one again asks for nothing: one is always chosen.
      onValueChange={(next) => next && onChange(next as T)}
      aria-label={label}
      className="inline-flex rounded-md bg-subtle p-0.5"
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className="rounded-[6px] px-2.5 py-1 text-small font-medium text-muted transition-colors duration-150 hover:text-ink data-[state=on]:bg-surface data-[state=on]:text-ink data-[state=on]:shadow-card"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
