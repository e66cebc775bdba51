import { PageHeader } from "@/components/ui/PageHeader";

export function MembersPage() {
  return <PageHeader title="MembersPage" />;
}
