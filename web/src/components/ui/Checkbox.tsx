import { Check, Minus } from "lucide-react";
import { Checkbox as Radix } from "radix-ui";
import { useId, type ReactNode } from "react";

import { cx } from "@/lib/cx";

export interface CheckboxProps {
  checked: boolean | "indeterminate";
  onChange: (checked: boolean) => void;
  /** Without a label, give an `aria-label`. */
  label?: ReactNode;
  hint?: ReactNode;
  disabled?: boolean;
  className?: string;
  "aria-label"?: string;
}

export function Checkbox({ checked, onChange, label, hint, disabled, className, ...aria }: CheckboxProps) {
  const id = useId();
  return (
    <div className={cx("flex items-start gap-2.5", className)}>
      <Radix.Root
        id={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={(next) => onChange(next === true)}
        className="mt-0.5 flex size-[18px] shrink-0 items-center justify-center rounded-sm border border-faint bg-surface text-white disabled:opacity-50 data-[state=checked]:border-primary data-[state=checked]:bg-primary data-[state=indeterminate]:border-primary data-[state=indeterminate]:bg-primary"
        {...aria}
      >
        <Radix.Indicator>
          {checked === "indeterminate" ? <Minus className="size-3.5" aria-hidden /> : <Check className="size-3.5" strokeWidth={3} aria-hidden />}
        </Radix.Indicator>
      </Radix.Root>
      {label && (
        <label htmlFor={id} className="text-body">
          {label}
          {hint && <span className="block text-small text-faint">{hint}</span>}
        </label>
      )}
    </div>
  );
}
