import { Info as Mark } from "lucide-react";
import { Tooltip as Radix } from "radix-ui";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

export interface InfoProps {
  /** How the figure was made, and when. */
  children: ReactNode;
  /** What it is about, for screen readers. */
  about: string;
}

/** A small mark that tells how a figure was made: on hover, on focus, and on a tap. */
export function Info({ children, about }: InfoProps) {
  const { t } = useTranslation("figures");
  const [open, setOpen] = useState(false);
  return (
    <Radix.Root open={open} onOpenChange={setOpen}>
      <Radix.Trigger asChild>
        <button
          type="button"
          aria-label={t("howMade", { name: about })}
          className="inline-flex size-5 shrink-0 items-center justify-center rounded-full align-text-bottom text-faint hover:text-ink"
          // A tap must not close at once what its own focus opened.
          onPointerDown={(event) => event.preventDefault()}
          onClick={(event) => {
            event.preventDefault();
            setOpen(true);
          }}
        >
          <Mark className="size-3.5" aria-hidden />
        </button>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          sideOffset={6}
          collisionPadding={8}
          className="fade-in z-50 max-w-80 rounded-md bg-ink px-3 py-2 text-small font-normal text-canvas shadow-float"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
