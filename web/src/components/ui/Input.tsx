import type { InputHTMLAttributes, ReactNode, Ref, TextareaHTMLAttributes } from "react";

import { cx } from "@/lib/cx";

const BASE =
  "w-full rounded-md border border-line-strong bg-surface text-body text-ink placeholder:text-faint transition-colors duration-150 " +
  "hover:border-faint focus-visible:outline-offset-0 disabled:opacity-50 aria-[invalid=true]:border-bad";

export interface InputProps extends InputHTMLAttributes<HTMLInputElement> {
  /** A small picture before the text, for instance a magnifying glass. */
  leading?: ReactNode;
  ref?: Ref<HTMLInputElement>;
}

export function Input({ leading, className, ...rest }: InputProps) {
  if (!leading) return <input className={cx(BASE, "h-9 px-3", className)} {...rest} />;
  return (
    <span className={cx("relative block", className)}>
      <span className="pointer-events-none absolute inset-y-0 left-3 flex items-center text-faint [&_svg]:size-4">{leading}</span>
      <input className={cx(BASE, "h-9 pr-3 pl-9")} {...rest} />
    </span>
  );
}

export function Textarea({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea className={cx(BASE, "min-h-20 px-3 py-2", className)} {...rest} />;
}
