import { Link } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useRole } from "@/auth/session";

import { placesFor } from "./nav";

const ITEM =
  "flex min-w-0 flex-1 flex-col items-center justify-center gap-0.5 rounded-md py-1.5 text-micro font-medium tracking-tight text-muted data-[status=active]:text-primary-ink [&_svg]:size-5";

/** On a phone: the main places and the search, in reach of a thumb. */
export function BottomBar({ onSearch }: { onSearch: () => void }) {
  const { t } = useTranslation("frame");
  const role = useRole();
  const all = placesFor(role).flatMap((group) => group.places);
  // Five places and the search; files are within reach through Integrations, Settings through the search.
  const places = all.filter((place) => place.id !== "members" && place.id !== "imports").slice(0, 5);
  return (
    <nav
      aria-label={t("navigation")}
      className="fixed inset-x-0 bottom-0 z-30 flex items-stretch border-t bg-surface px-1 pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {places.map((place) => (
        <Link key={place.id} to={place.to} activeOptions={{ exact: place.to === "/" }} className={ITEM}>
          <place.icon aria-hidden />
          <span className="max-w-full truncate">{t(`place.${place.id}`)}</span>
        </Link>
      ))}
      <button type="button" onClick={onSearch} className={ITEM}>
        <Search aria-hidden />
        <span>{t("common:search")}</span>
      </button>
    </nav>
  );
}
