import { PageHeader } from "@/components/ui/PageHeader";

export function SegmentPage() {
  return <PageHeader title="SegmentPage" />;
}
