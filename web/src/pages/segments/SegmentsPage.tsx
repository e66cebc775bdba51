import { PageHeader } from "@/components/ui/PageHeader";

export function SegmentsPage() {
  return <PageHeader title="SegmentsPage" />;
}
