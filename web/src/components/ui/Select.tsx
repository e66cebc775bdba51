import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import type { ReactNode } from "react";

import { cx } from "@/lib/cx";

export interface Option {
  /** Not empty: Radix keeps the empty string for "nothing chosen". */
  value: string;
  label: ReactNode;
  /** A second, quieter line. */
  hint?: ReactNode;
  disabled?: boolean;
}

export interface SelectProps {
  value: string | undefined;
  onChange: (value: string) => void;
  options: readonly Option[];
  placeholder?: string;
  size?: "sm" | "md";
  disabled?: boolean;
  className?: string;
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
}

/** One of a list, with type-ahead and arrows. */
export function Select({ value, onChange, options, placeholder, size = "md", disabled, className, ...aria }: SelectProps) {
  return (
    <Radix.Root value={value ?? ""} onValueChange={onChange} disabled={disabled}>
      <Radix.Trigger
        {...aria}
        className={cx(
          "inline-flex items-center justify-between gap-2 rounded-md border border-line-strong bg-surface text-left text-ink transition-colors duration-150",
          "hover:bg-subtle focus-visible:outline-offset-0 disabled:opacity-50 data-[placeholder]:text-faint aria-[invalid=true]:border-bad",
          size === "sm" ? "h-8 px-2.5 text-table" : "h-9 px-3 text-body",
          className,
        )}
      >
        <span className="truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <Radix.Icon>
          <ChevronDown className="size-4 shrink-0 text-faint" aria-hidden />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          className="pop z-50 max-h-[min(360px,var(--radix-select-content-available-height))] min-w-(--radix-select-trigger-width) overflow-hidden rounded-md border bg-raised shadow-float"
        >
          <Radix.Viewport className="p-1">
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled}
                className="relative flex cursor-pointer items-center gap-2 rounded-sm py-1.5 pr-8 pl-2.5 text-table outline-none select-none data-[disabled]:opacity-50 data-[highlighted]:bg-subtle"
              >
                <div>
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                  {option.hint && <div className="text-small text-faint">{option.hint}</div>}
                </div>
                <Radix.ItemIndicator className="absolute right-2">
                  <Check className="size-4 text-primary-ink" aria-hidden />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
