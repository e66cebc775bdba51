import { Switch as Radix } from "radix-ui";
import { useId, type ReactNode } from "react";

import { cx } from "@/lib/cx";

export interface SwitchProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label?: ReactNode;
  disabled?: boolean;
  className?: string;
  "aria-label"?: string;
}

/** For something that takes effect at once; a form that is saved later uses a Checkbox. */
export function Switch({ checked, onChange, label, disabled, className, ...aria }: SwitchProps) {
  const id = useId();
  return (
    <span className={cx("inline-flex items-center gap-2.5", className)}>
      <Radix.Root
        id={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChange}
        className="h-5 w-9 shrink-0 rounded-full bg-faint p-0.5 transition-colors duration-150 disabled:opacity-50 data-[state=checked]:bg-primary"
        {...aria}
      >
        <Radix.Thumb className="block size-4 rounded-full bg-white shadow-card transition-transform duration-150 data-[state=checked]:translate-x-4" />
      </Radix.Root>
      {label && (
        <label htmlFor={id} className="text-body">
          {label}
        </label>
      )}
    </span>
  );
}
