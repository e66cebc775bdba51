import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";

const PLACES = [
  { id: "shops", to: "/integrations" },
  { id: "keys", to: "/integrations/keys", needs: "manageKeys" },
  { id: "surveys", to: "/integrations/surveys" },
] as const;

/** The three rooms of the area, as links that look like tabs. */
export function SubNav() {
  const { t } = useTranslation("integrations");
  const role = useRole();
  return (
    <nav aria-label={t("title")} className="mb-5 flex gap-1 overflow-x-auto border-b">
      {PLACES.filter((place) => !("needs" in place) || may(role, place.needs)).map((place) => (
        <Link
          key={place.id}
          to={place.to}
          activeOptions={{ exact: true }}
          className="-mb-px border-b-2 border-transparent px-3 py-2 text-table font-medium whitespace-nowrap text-muted transition-colors duration-150 hover:text-ink focus-visible:outline-offset-[-2px] data-[status=active]:border-primary data-[status=active]:text-ink"
        >
          {t(`nav.${place.id}`)}
        </Link>
      ))}
    </nav>
  );
}
