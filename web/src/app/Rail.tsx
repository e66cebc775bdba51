import { Link } from "@tanstack/react-router";
import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useRole } from "@/auth/session";
import { Button } from "@/components/ui/Button";
import { Tooltip } from "@/components/ui/Tooltip";
import { cx } from "@/lib/cx";

import { Logo } from "./Logo";
import { placesFor } from "./nav";
import { useShop } from "./shop";

/** The left rail: where you can go, in groups; icons alone when narrow. */
export function Rail({ narrow, onToggle }: { narrow: boolean; onToggle: () => void }) {
  const { t } = useTranslation("frame");
  const { shop } = useShop();
  const role = useRole();
  return (
    <nav
      aria-label={t("navigation")}
      className={cx(
        "sticky top-0 hidden h-dvh shrink-0 flex-col border-r bg-surface transition-[width] duration-200 md:flex",
        narrow ? "w-16" : "w-56",
      )}
    >
      <Link to="/" className={cx("flex h-14 items-center gap-2.5 border-b", narrow ? "justify-center" : "px-4")} aria-label={narrow ? "Timbre" : undefined}>
        <Logo className="size-8 shrink-0" />
        {!narrow && (
          <span className="min-w-0">
            <span className="block text-h3 leading-5 font-semibold tracking-tight">Timbre</span>
            {shop && <span className="block truncate text-micro text-faint">{shop.name}</span>}
          </span>
        )}
      </Link>
      <div className="flex-1 overflow-y-auto px-3 py-3">
        {placesFor(role).map((group) => (
          <div key={group.id} className="mb-4">
            {narrow ? <div className="mx-2 mb-2 h-px bg-line first:hidden" /> : <p className="px-2.5 pb-1 text-small font-medium text-faint">{t(`group.${group.id}`)}</p>}
            <ul className="flex flex-col gap-0.5">
              {group.places.map((place) => {
                const link = (
                  <Link
                    to={place.to}
                    activeOptions={{ exact: place.to === "/" }}
                    className={cx(
                      "flex h-9 items-center gap-3 rounded-md text-body font-medium text-muted transition-colors duration-150 hover:bg-subtle hover:text-ink",
                      "data-[status=active]:bg-primary-soft data-[status=active]:text-primary-ink",
                      narrow ? "justify-center" : "px-2.5",
                    )}
                    aria-label={narrow ? t(`place.${place.id}`) : undefined}
                  >
                    <place.icon className="size-[18px] shrink-0" aria-hidden />
                    {!narrow && t(`place.${place.id}`)}
                  </Link>
                );
                return (
                  <li key={place.id}>
                    {narrow ? (
                      <Tooltip content={t(`place.${place.id}`)} side="right">
                        {link}
                      </Tooltip>
                    ) : (
                      link
                    )}
                  </li>
                );
              })}
            </ul>
          </div>
        ))}
      </div>
      <div className={cx("border-t p-3", narrow && "flex justify-center")}>
        <Button
          look="ghost"
          size={narrow ? "icon" : "sm"}
          onClick={onToggle}
          aria-label={narrow ? t("railOpen") : undefined}
          icon={narrow ? <PanelLeftOpen aria-hidden /> : <PanelLeftClose aria-hidden />}
        >
          {!narrow && t("railClose")}
        </Button>
      </div>
    </nav>
  );
}
