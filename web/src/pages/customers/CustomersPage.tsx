import { PageHeader } from "@/components/ui/PageHeader";

export function CustomersPage() {
  return <PageHeader title="CustomersPage" />;
}
