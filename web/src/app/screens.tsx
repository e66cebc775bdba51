import { Link } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { useTranslation } from "react-i18next";

import { whoMay, type Permission } from "@/auth/may";
import { Button } from "@/components/ui/Button";
import { EmptyState, NoPermission } from "@/components/ui/EmptyState";
import { ErrorState } from "@/components/ui/ErrorState";
import { PageHeader } from "@/components/ui/PageHeader";
import { Skeleton } from "@/components/ui/Skeleton";

/** While a page's file is on its way. */
export function PageSkeleton() {
  return (
    <div aria-busy role="status">
      <Skeleton className="mb-2 h-7 w-48" />
      <Skeleton className="mb-6 h-4 w-80 max-w-full" />
      <Skeleton className="h-72 w-full rounded-lg" />
    </div>
  );
}

/** A page that threw: the frame stays, so that every other page is one click away. */
export function CrashScreen() {
  const { t } = useTranslation("common");
  return (
    <ErrorState title={t("error.crash")}>
      {t("error.crashBody")}
      <div className="mt-4">
        <Button onClick={() => window.location.reload()}>{t("error.reload")}</Button>
      </div>
    </ErrorState>
  );
}

export function NotFoundScreen() {
  const { t } = useTranslation("common");
  return (
    <EmptyState
      icon={<Compass aria-hidden />}
      title={t("notFound.title")}
      className="min-h-96"
      action={
        <Button look="primary" asChild>
          <Link to="/">{t("notFound.action")}</Link>
        </Button>
      }
    >
      {t("notFound.body")}
    </EmptyState>
  );
}

/** A page that this role may not read, and who may: `<Denied page={t("title")} permission="readCustomers" />`. */
export function Denied({ page, permission }: { page: string; permission: Permission }) {
  const { t, i18n } = useTranslation("common");
  const roles = new Intl.ListFormat(i18n.language, { type: "disjunction" }).format(whoMay(permission).map((role) => t(`role.${role}`)));
  return (
    <>
      <PageHeader title={page} />
      <NoPermission title={t("denied.title")}>{t("denied.body", { roles })}</NoPermission>
    </>
  );
}
