import {
  Clock,
  Crown,
  Flame,
  Gem,
  Heart,
  Hourglass,
  type LucideIcon,
  Moon,
  PackageOpen,
  Repeat,
  Rocket,
  Search,
  Shield,
  ShoppingBag,
  ShoppingBasket,
  Snowflake,
  Sparkles,
  Sprout,
  Star,
  Sun,
  Tag,
  TrendingUp,
  TriangleAlert,
  UserRound,
  UserRoundCheck,
  UsersRound,
  Wallet,
  Wind,
  Zap,
} from "lucide-react";

import { cx } from "@/lib/cx";

/** The archetypes' icons by lucide name; one that is not here is drawn as a group of people. */
const ICONS: Record<string, LucideIcon> = {
  clock: Clock,
  crown: Crown,
  flame: Flame,
  gem: Gem,
  heart: Heart,
  hourglass: Hourglass,
  moon: Moon,
  "package-open": PackageOpen,
  repeat: Repeat,
  rocket: Rocket,
  search: Search,
  shield: Shield,
  "shopping-bag": ShoppingBag,
  "shopping-basket": ShoppingBasket,
  snowflake: Snowflake,
  sparkles: Sparkles,
  sprout: Sprout,
  star: Star,
  sun: Sun,
  tag: Tag,
  "trending-up": TrendingUp,
  "triangle-alert": TriangleAlert,
  "alert-triangle": TriangleAlert,
  "user-check": UserRoundCheck,
  user: UserRound,
  users: UsersRound,
  wallet: Wallet,
  wind: Wind,
  zap: Zap,
};

/** A segment's icon; `badge` puts it on a soft round ground in the segment's colour (a CSS colour). */
export function SegmentIcon({ name, badge, className }: { name: string; badge?: string; className?: string }) {
  const Icon = ICONS[name] ?? UsersRound;
  if (!badge) return <Icon className={cx("size-4", className)} aria-hidden />;
  return (
    <span
      className={cx("inline-flex size-10 shrink-0 items-center justify-center rounded-full", className)}
      style={{ color: badge, background: `color-mix(in srgb, ${badge} 14%, transparent)` }}
    >
      <Icon className="size-5" strokeWidth={1.75} aria-hidden />
    </span>
  );
}
