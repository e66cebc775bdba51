import { useId, type ReactNode } from "react";

import { cx } from "@/lib/cx";

export interface FieldProps {
  label: ReactNode;
  /** A sentence under the control that says what is expected. */
  hint?: ReactNode;
  /** What is wrong, next to the field; replaces the hint and is announced. */
  error?: ReactNode;
  optional?: ReactNode;
  className?: string;
  children: (ids: { id: string; "aria-describedby"?: string; "aria-invalid"?: true }) => ReactNode;
}

/** Label, control, hint and error of one form field: `<Field label="Name">{(ids) => <Input {...ids} />}</Field>`. */
export function Field({ label, hint, error, optional, className, children }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={cx("flex flex-col gap-1", className)}>
      <label htmlFor={id} className="flex items-baseline justify-between text-table font-medium">
        {label}
        {optional && <span className="text-small font-normal text-faint">{optional}</span>}
      </label>
      {children({
        id,
        ...(note ? { "aria-describedby": `${id}-note` } : {}),
        ...(error ? { "aria-invalid": true as const } : {}),
      })}
      {note && (
        <p id={`${id}-note`} role={error ? "alert" : undefined} className={cx("text-small", error ? "text-bad" : "text-faint")}>
          {note}
        </p>
      )}
    </div>
  );
}
