import { PageHeader } from "@/components/ui/PageHeader";

export function RunsPage() {
  return <PageHeader title="RunsPage" />;
}
