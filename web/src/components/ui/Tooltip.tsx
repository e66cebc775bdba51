import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";

export interface TooltipProps {
  content: ReactNode;
  /** One focusable or hoverable element. */
  children: ReactNode;
  side?: "top" | "right" | "bottom" | "left";
}

export const TooltipProvider = Radix.Provider;

/** A hint on hover and on focus; never the only place of a fact that is needed. */
export function Tooltip({ content, children, side = "top" }: TooltipProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="fade-in z-50 max-w-72 rounded-md bg-ink px-2.5 py-1.5 text-small text-canvas shadow-float"
        >
          {content}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
