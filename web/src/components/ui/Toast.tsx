import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import { Toast as Radix } from "radix-ui";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "./Button";
import { currentToasts, dismissToast, subscribeToasts } from "./toast-store";

const ICON = {
  good: <CircleCheck className="text-good" aria-hidden />,
  bad: <CircleAlert className="text-bad" aria-hidden />,
  plain: <Info className="text-primary-ink" aria-hidden />,
};

/** Draws what `toast()` was called with; mounted once, in the application's root. */
export function Toaster() {
  const { t } = useTranslation("common");
  const messages = useSyncExternalStore(subscribeToasts, currentToasts);
  return (
    <Radix.Provider swipeDirection="right" label={t("notifications")}>
      {messages.map((message) => (
        <Radix.Root
          key={message.id}
          duration={message.tone === "bad" ? 9000 : 5000}
          onOpenChange={(open) => !open && dismissToast(message.id)}
          className="slide-in flex items-start gap-3 rounded-md border bg-raised p-4 shadow-float [&>svg]:mt-0.5 [&>svg]:size-[18px] [&>svg]:shrink-0"
        >
          {ICON[message.tone]}
          <div className="min-w-0 flex-1">
            <Radix.Title className="text-body font-medium">{message.title}</Radix.Title>
            {message.detail && <Radix.Description className="text-table text-muted">{message.detail}</Radix.Description>}
            {message.action && (
              <Radix.Action asChild altText={message.action.label}>
                <Button look="link" className="mt-1 text-table" onClick={message.action.run}>
                  {message.action.label}
                </Button>
              </Radix.Action>
            )}
          </div>
          <Radix.Close asChild>
            <Button look="ghost" size="icon-sm" aria-label={t("close")} className="-my-1 -mr-2">
              <X aria-hidden />
            </Button>
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport className="fixed right-0 bottom-16 z-[60] flex w-full flex-col gap-2 p-4 outline-none sm:bottom-0 sm:w-[400px]" />
    </Radix.Provider>
  );
}
