/** The mark: five strokes of one sound. */
export function Logo({ className = "size-8" }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden>
      <rect width="32" height="32" rx="8" fill="#2563EB" />
      <path d="M7 13v6M11.5 9v14M16 12v8M20.5 7v18M25 13.5v5" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" />
    </svg>
  );
}
