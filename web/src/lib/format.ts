/**
 * Numbers, money and times in the viewer's locale. Pure functions; components use `useFormat()`, which binds the language,
 * the shop's currency and its time zone.
 */

export type Language = "en" | "zh";

/** A moment: a Date, or a Firestore Timestamp. */
export type When = Date | { toDate: () => Date };

export const toDate = (at: When): Date => (at instanceof Date ? at : at.toDate());

const LOCALE: Record<Language, string> = { en: "en-GB", zh: "zh-CN" };

// Making an Intl formatter costs about 50 µs, formatting about 1 µs: tables format thousands.
const cache = new Map<string, unknown>();
function cached<T>(key: string, make: () => T): T {
  if (!cache.has(key)) cache.set(key, make());
  return cache.get(key) as T;
}

/** Decimal digits of an ISO 4217 currency: 2 for USD, 0 for JPY, 3 for KWD; 2 for a code nobody knows. */
export function currencyDigits(currency: string): number {
  return cached(`digits ${currency}`, () => {
    try {
      return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
    } catch {
      return 2;
    }
  });
}

/** Minor units (cents, yen, fils) to major units. */
export const toMajor = (minor: number, currency: string): number => minor / 10 ** currencyDigits(currency);

export interface MoneyOptions {
  /** "$12.3K" instead of "$12,345.67": for axes and tight places. */
  compact?: boolean;
  /** Whole units only. */
  whole?: boolean;
}

/** Money from minor units and an ISO currency: `money(123456, "USD", "en")` is "US$1,234.56"; a dash for null. */
export function money(minor: number | null | undefined, currency: string, language: Language, { compact, whole }: MoneyOptions = {}): string {
  if (minor === null || minor === undefined) return "—";
  const digits = whole ? 0 : currencyDigits(currency);
  const formatter = cached(`money ${language} ${currency} ${compact} ${whole}`, () => {
    const options: Intl.NumberFormatOptions = compact
      ? { notation: "compact", maximumFractionDigits: 1 }
      : { minimumFractionDigits: digits, maximumFractionDigits: digits };
    try {
      return new Intl.NumberFormat(LOCALE[language], { style: "currency", currency, currencyDisplay: "narrowSymbol", ...options });
    } catch {
      return new Intl.NumberFormat(LOCALE[language], options);
    }
  });
  return formatter.format(toMajor(minor, currency));
}

export function number(value: number | null | undefined, language: Language, options: Intl.NumberFormatOptions = {}): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "—";
  return cached(`number ${language} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(LOCALE[language], options)).format(value);
}

/** A share of 1 as a percentage: `percent(0.123, "en")` is "12.3%". */
export const percent = (share: number | null | undefined, language: Language, digits = 1): string =>
  number(share, language, { style: "percent", maximumFractionDigits: digits });

/** A relative change with its sign: "+12%". */
export const change = (share: number | null | undefined, language: Language): string =>
  number(share, language, { style: "percent", maximumFractionDigits: Math.abs(share ?? 0) < 0.1 ? 1 : 0, signDisplay: "exceptZero" });

/** A calendar day in the given zone: "30 Jun 1998". */
export function date(at: When | null | undefined, language: Language, zone: string): string {
  return at ? dateFormat("date", language, zone, { day: "numeric", month: "short", year: "numeric" }).format(toDate(at)) : "—";
}

/** Day, time and zone, for tooltips and audit. */
export function dateTime(at: When | null | undefined, language: Language, zone: string): string {
  if (!at) return "—";
  return dateFormat("dateTime", language, zone, {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(toDate(at));
}

export function time(at: When | null | undefined, language: Language, zone: string): string {
  return at ? dateFormat("time", language, zone, { hour: "2-digit", minute: "2-digit" }).format(toDate(at)) : "—";
}

/** "Jun 1998" from a `YYYY-MM` key, in no zone: a month key already is in the shop's zone. */
export function month(key: string, language: Language, length: "short" | "long" = "short"): string {
  return dateFormat(`month ${length}`, language, "UTC", { month: length, year: "numeric" }).format(new Date(`${key}-01T12:00:00Z`));
}

function dateFormat(kind: string, language: Language, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return cached(`${kind} ${language} ${zone}`, () => {
    try {
      return new Intl.DateTimeFormat(LOCALE[language], { ...options, timeZone: zone });
    } catch {
      return new Intl.DateTimeFormat(LOCALE[language], { ...options, timeZone: "UTC" });
    }
  });
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["week", 7 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 days ago", "in 2 hours", "now" (under a minute). */
export function relative(at: When, language: Language, now: Date = new Date()): string {
  const seconds = (toDate(at).getTime() - now.getTime()) / 1000;
  const formatter = cached(`relative ${language}`, () => new Intl.RelativeTimeFormat(LOCALE[language], { numeric: "auto" }));
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return formatter.format(Math.trunc(seconds / size), unit);
  }
  return formatter.format(0, "second");
}

/** "4 min 12 s" between two moments. */
export function duration(milliseconds: number, language: Language): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const unit = (value: number, name: string) => number(value, language, { style: "unit", unit: name, unitDisplay: "short" });
  if (seconds < 60) return unit(seconds, "second");
  if (seconds < 3600) return `${unit(Math.floor(seconds / 60), "minute")} ${unit(seconds % 60, "second")}`;
  return `${unit(Math.floor(seconds / 3600), "hour")} ${unit(Math.floor((seconds % 3600) / 60), "minute")}`;
}

/** "1.4 MB". */
export function bytes(value: number, language: Language): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = Math.min(units.length - 1, value > 0 ? Math.floor(Math.log10(value) / 3) : 0);
  return number(value / 1000 ** step, language, { style: "unit", unit: units[step] as string, unitDisplay: "short", maximumFractionDigits: 1 });
}
