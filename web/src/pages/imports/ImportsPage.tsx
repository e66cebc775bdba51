import { PageHeader } from "@/components/ui/PageHeader";

export function ImportsPage() {
  return <PageHeader title="ImportsPage" />;
}
