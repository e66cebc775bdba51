import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { cx } from "@/lib/cx";

import { Button } from "./Button";

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons, the primary one last. */
  footer?: ReactNode;
  size?: "md" | "lg";
}

/** Where typing or choosing goes on; Radix hides form controls of its own behind its buttons. */
const FIELD = ["input", "textarea", "select", "[role=combobox]"]
  .map((control) => `${control}:not([disabled]):not([type=hidden]):not([aria-hidden=true])`)
  .join(", ");

/** The cross is the last thing that is wanted: what asks to be first, else the first field, else the dialog itself. */
function focusFirst(event: Event) {
  event.preventDefault();
  const content = event.currentTarget as HTMLElement;
  const first = content.querySelector<HTMLElement>("[data-autofocus]:not([disabled])") ?? content.querySelector<HTMLElement>(FIELD) ?? content;
  first.focus({ preventScroll: true });
}

/** A question in the middle of the screen; on a phone it sits at the bottom edge, near the thumb. */
export function Dialog({ open, onOpenChange, title, description, children, footer, size = "md" }: DialogProps) {
  const { t } = useTranslation("common");
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fade-in fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          onOpenAutoFocus={focusFirst}
          {...(description ? {} : { "aria-describedby": undefined })}
          className={cx(
            "pop fixed z-50 flex max-h-[calc(100dvh-32px)] flex-col overflow-hidden bg-raised shadow-float outline-none",
            "inset-x-0 bottom-0 rounded-t-lg sm:inset-x-auto sm:bottom-auto sm:top-1/2 sm:left-1/2 sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-lg",
            size === "lg" ? "sm:w-[720px]" : "sm:w-[480px]",
          )}
        >
          <header className="flex items-start justify-between gap-4 px-6 pt-5 pb-2">
            <div>
              <Radix.Title className="text-h2 font-semibold">{title}</Radix.Title>
              {description && <Radix.Description className="mt-1 text-body text-muted">{description}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              <Button look="ghost" size="icon-sm" aria-label={t("close")} className="-mr-2">
                <X aria-hidden />
              </Button>
            </Radix.Close>
          </header>
          {children && <div className="min-h-0 overflow-y-auto px-6 py-3">{children}</div>}
          {footer && <footer className="flex flex-wrap justify-end gap-2 border-t px-6 py-4">{footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
