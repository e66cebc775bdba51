import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "./Button";

export interface SheetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
}

/** A panel from the right edge, for details beside the page; full width on a phone. */
export function Sheet({ open, onOpenChange, title, children, footer }: SheetProps) {
  const { t } = useTranslation("common");
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fade-in fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          className="slide-in fixed inset-y-0 right-0 z-50 flex w-full flex-col bg-raised shadow-float sm:w-[440px]"
        >
          <header className="flex items-center justify-between gap-4 border-b px-5 py-4">
            <Radix.Title className="text-h2 font-semibold">{title}</Radix.Title>
            <Radix.Close asChild>
              <Button look="ghost" size="icon-sm" aria-label={t("close")} className="-mr-2">
                <X aria-hidden />
              </Button>
            </Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto p-5">{children}</div>
          {footer && <footer className="flex justify-end gap-2 border-t px-5 py-4">{footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
