import { PageHeader } from "@/components/ui/PageHeader";

export function CustomerPage() {
  return <PageHeader title="CustomerPage" />;
}
