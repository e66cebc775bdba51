import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { moversSearch } from "@/data/customers";
import type { Movement } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** How many went; opens the very people, where there is a segment that holds them and the role may meet them. */
export function MoversLink({ move, version }: { move: Movement; version: number }) {
  const { t } = useTranslation("segments");
  const format = useFormat();
  const people = may(useRole(), "readCustomers");
  const shown = format.number(move.count);
  if (!people || move.to === null) return <>{shown}</>;
  return (
    <Link
      to="/customers"
      search={moversSearch(move, version)}
      className="rounded-sm font-medium text-primary-ink hover:underline"
      title={t("moved.open", { count: move.count })}
    >
      {shown}
    </Link>
  );
}
