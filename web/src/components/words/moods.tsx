import { Angry, CircleQuestionMark, Frown, type LucideIcon, Meh, Smile, Sparkles } from "lucide-react";

import type { GroupName } from "@/generated/documents";

/** In the order in which they stand in every strip and table. */
export const MOODS = ["delighted", "surprised", "neutral", "worried", "disappointed", "frustrated"] as const satisfies readonly GroupName[];

export const MOOD_ICON: Record<GroupName, LucideIcon> = {
  delighted: Smile,
  surprised: Sparkles,
  neutral: Meh,
  worried: CircleQuestionMark,
  disappointed: Frown,
  frustrated: Angry,
};

/** A colour of the palette that survives colour blindness, and a pattern that needs no colour at all. */
export const MOOD_LOOK: Record<GroupName, { color: string; pattern?: string }> = {
  delighted: { color: "var(--cat-3)" },
  surprised: { color: "var(--cat-8)", pattern: "radial-gradient(circle at 2px 2px, var(--surface) 1px, transparent 1.2px)" },
  neutral: { color: "var(--line-strong)" },
  worried: { color: "var(--cat-2)", pattern: "repeating-linear-gradient(90deg, var(--surface) 0 1px, transparent 1px 5px)" },
  disappointed: { color: "var(--cat-5)", pattern: "repeating-linear-gradient(45deg, var(--surface) 0 1px, transparent 1px 5px)" },
  frustrated: { color: "var(--cat-7)", pattern: "repeating-linear-gradient(135deg, var(--surface) 0 1.5px, transparent 1.5px 4px)" },
};

/** A mood's icon in its colour. */
export function MoodIcon({ mood, className = "size-4" }: { mood: GroupName; className?: string }) {
  const Icon = MOOD_ICON[mood];
  return <Icon className={className} style={{ color: mood === "neutral" ? "var(--muted)" : MOOD_LOOK[mood].color }} aria-hidden />;
}
