import { Tabs as Radix, ToggleGroup } from "radix-ui";
import type { ReactNode } from "react";

import { cx } from "@/lib/cx";

export interface TabsProps<T extends string> {
  value: T;
  onChange: (value: T) => void;
  label: string;
  tabs: readonly { value: T; label: ReactNode; content: ReactNode }[];
  className?: string;
}

/** Tabs with their panels; only the chosen panel is mounted, so the others read nothing. */
export function Tabs<T extends string>({ value, onChange, label, tabs, className }: TabsProps<T>) {
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as T)} className={className}>
      <Radix.List aria-label={label} className="flex gap-1 overflow-x-auto border-b">
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            className={cx(
              "-mb-px border-b-2 border-transparent px-3 py-2 text-table font-medium whitespace-nowrap text-muted transition-colors duration-150 hover:text-ink",
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
