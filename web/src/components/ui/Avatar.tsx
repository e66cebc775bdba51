import { cx } from "@/lib/cx";

/** First letters of a name (or the first character of a Chinese one), at most two. */
export function initials(name: string | null | undefined): string {
  const words = (name ?? "").trim().split(/[\s@._-]+/).filter(Boolean);
  if (words.length === 0) return "?";
  const letters = words.slice(0, 2).map((word) => [...word][0] ?? "");
  return (/\p{Script=Han}/u.test(letters[0] ?? "") ? letters.slice(0, 1) : letters).join("").toUpperCase();
}

const SIZE = { sm: "size-7 text-micro", md: "size-9 text-small", lg: "size-14 text-h2" };

export function Avatar({ name, size = "sm", className }: { name: string | null | undefined; size?: keyof typeof SIZE; className?: string }) {
  return (
    <span
      aria-hidden
      className={cx(
        "inline-flex shrink-0 items-center justify-center rounded-full bg-primary-soft font-semibold text-primary-ink",
        SIZE[size],
        className,
      )}
    >
      {initials(name)}
    </span>
  );
}
