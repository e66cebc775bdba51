import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useEffect, type ReactNode } from "react";

export interface PageHeaderProps {
  /** Also the browser's title. */
  title: string;
  /** Something richer than the plain title, for instance with an icon. */
  heading?: ReactNode;
  description?: ReactNode;
  /** Where this page belongs to: `[{ label: "Segments", to: "/segments" }]`. */
  trail?: readonly { label: string; to: string }[];
  actions?: ReactNode;
}

/** The top of every page: where you are, what it is, and what you can do. */
export function PageHeader({ title, heading, description, trail, actions }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · Timbre`;
  }, [title]);
  return (
    <header className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        {trail && (
          <nav aria-label="Breadcrumb" className="mb-1 flex items-center gap-1 text-small text-muted">
            {trail.map((step) => (
              <span key={step.to} className="inline-flex items-center gap-1">
                <Link to={step.to} className="rounded-sm hover:text-ink hover:underline">
                  {step.label}
                </Link>
                <ChevronRight className="size-3.5 text-faint" aria-hidden />
              </span>
            ))}
          </nav>
        )}
        <h1 className="text-h1 font-semibold tracking-tight">{heading ?? title}</h1>
        {description && <p className="mt-0.5 max-w-3xl text-body text-muted">{description}</p>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
