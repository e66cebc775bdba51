import { LoaderCircle } from "lucide-react";
import { Slot } from "radix-ui";
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";

import { cx } from "@/lib/cx";

const LOOK = {
  primary: "bg-primary text-white hover:bg-primary-hover",
  secondary: "border border-line-strong bg-surface text-ink hover:bg-subtle",
  ghost: "text-muted hover:bg-subtle hover:text-ink",
  danger: "bg-bad-fill text-white hover:brightness-110",
  link: "text-primary-ink underline-offset-4 hover:underline",
};

const SIZE = {
  sm: "h-8 gap-1.5 px-3 text-table",
  md: "h-9 gap-2 px-4 text-body",
  icon: "size-9 justify-center",
  "icon-sm": "size-8 justify-center",
};

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: keyof typeof LOOK;
  size?: keyof typeof SIZE;
  /** Shows a spinner and refuses clicks while an action runs; the label stays, so that the width does not jump. */
  busy?: boolean;
  /** Draw the look on the child (a link) instead of on a button. */
  asChild?: boolean;
  icon?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

/** A button; `size="icon"` needs an `aria-label`. */
export function Button({ look = "secondary", size = "md", busy = false, asChild, icon, className, children, disabled, ...rest }: ButtonProps) {
  const classes = cx(
    "inline-flex shrink-0 items-center justify-center rounded-md font-medium whitespace-nowrap transition-colors duration-150",
    "disabled:pointer-events-none disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
    LOOK[look],
    look === "link" ? "gap-1.5 text-[length:inherit]" : SIZE[size],
    className,
  );
  if (asChild) {
    return (
      <Slot.Root className={classes} {...rest}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button type="button" className={classes} disabled={disabled || busy} aria-busy={busy || undefined} {...rest}>
      {busy ? <LoaderCircle className="animate-spin" aria-hidden /> : icon}
      {children}
    </button>
  );
}
