import { PageHeader } from "@/components/ui/PageHeader";

export function OverviewPage() {
  return <PageHeader title="OverviewPage" />;
}
