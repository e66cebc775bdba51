import { PageHeader } from "@/components/ui/PageHeader";

export function NewImportPage() {
  return <PageHeader title="NewImportPage" />;
}
