import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Ribbon } from "@/components/ui/Ribbon";

import { useShop } from "./shop";

/** While the sample shop is loaded nobody may take its figures for their own. */
export function SampleRibbon() {
  const { t } = useTranslation("frame");
  const { shop } = useShop();
  const role = useRole();
  if (!shop?.sample) return null;
  return (
    <Ribbon
      action={
        may(role, "import") && (
          <Link to="/imports/new" className="rounded-sm font-semibold underline underline-offset-2">
            {t("sample.action")}
          </Link>
        )
      }
    >
      {t(shop.real ? "sample.mixed" : "sample.only")}
    </Ribbon>
  );
}
