import type { ReactNode } from "react";

import type { TilePlatform } from "@/data/connections";
import { cx } from "@/lib/cx";

/** Drawn here, one stroke like the other icons: what is sold where, not anybody's trademark. */
const DRAWING: Record<TilePlatform, ReactNode> = {
  // A carrier bag with a label.
  shopify: (
    <>
      <path d="M5.5 8h13l1 12.5h-15z" />
      <path d="M9 10.5V7a3 3 0 0 1 6 0v3.5" />
      <path d="M9.5 16.5h5" />
    </>
  ),
  // A shop window under an awning, with the post of a page behind it.
  woocommerce: (
    <>
      <path d="M4 4.5h16l1 4.5a2.6 2.6 0 0 1-4.5 1.2A3 3 0 0 1 12 10.2a3 3 0 0 1-4.5 0A2.6 2.6 0 0 1 3 9z" />
      <path d="M5 12v8h14v-8" />
      <path d="M9 16h6" />
    </>
  ),
  // A parcel.
  amazon: (
    <>
      <path d="m12 3 8 4.2v9.6L12 21l-8-4.2V7.2z" />
      <path d="m4.3 7.3 7.7 4 7.7-4M12 11.3V21" />
      <path d="m8 5.2 7.8 4.1v3" />
    </>
  ),
  // A trolley.
  flipkart: (
    <>
      <path d="M3 4.5h2.4l2.3 10.2h9.6l2.2-7.4H6.2" />
      <circle cx="9" cy="19" r="1.6" />
      <circle cx="16" cy="19" r="1.6" />
    </>
  ),
  // Steps on a page.
  tracking: (
    <>
      <rect x="3" y="4.5" width="18" height="15" rx="2" />
      <path d="M3 8.5h18" />
      <path d="m10 11.5 5.5 2.2-2.4.9-.9 2.4z" />
    </>
  ),
  // A till with its drawer.
  pos: (
    <>
      <path d="M8 3.5h8v4H8z" />
      <path d="M5.5 11 7 7.5h10l1.5 3.5" />
      <path d="M3.5 11h17v9h-17z" />
      <path d="M3.5 16.5h17M8 13.7h.01M12 13.7h.01M16 13.7h.01" />
    </>
  ),
  // Rows and columns.
  csv: (
    <>
      <path d="M6 3h8l4.5 4.5V21H6z" />
      <path d="M14 3v4.5h4.5" />
      <path d="M9 12h6.5M9 15h6.5M9 18h6.5M12.2 12v6" />
    </>
  ),
};

export function PlatformGlyph({ platform, className }: { platform: TilePlatform; className?: string }) {
  return (
    <span className={cx("flex size-11 shrink-0 items-center justify-center rounded-md bg-primary-soft text-primary-ink", className)}>
      <svg
        viewBox="0 0 24 24"
        className="size-6"
        fill="none"
        stroke="currentColor"
        strokeWidth={1.6}
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden
      >
        {DRAWING[platform]}
      </svg>
    </span>
  );
}
