import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useShop } from "@/app/shop";

import * as format from "./format";

/** The formatters bound to the viewer's language, the shop's reporting currency and its time zone. */
export function useFormat() {
  const { i18n } = useTranslation();
  const shop = useShop();
  const language: format.Language = i18n.language === "zh" ? "zh" : "en";
  const { currency, zone } = shop;
  return useMemo(
    () => ({
      language,
      currency,
      zone,
      /** Minor units of `of` (default: the shop's reporting currency). */
      money: (minor: number | null | undefined, options?: format.MoneyOptions & { of?: string | null }) =>
        format.money(minor, options?.of ?? currency, language, options),
      number: (value: number | null | undefined, options?: Intl.NumberFormatOptions) => format.number(value, language, options),
      percent: (share: number | null | undefined, digits?: number) => format.percent(share, language, digits),
      change: (share: number | null | undefined) => format.change(share, language),
      date: (at: format.When | null | undefined) => format.date(at, language, zone),
      dateTime: (at: format.When | null | undefined) => format.dateTime(at, language, zone),
      time: (at: format.When | null | undefined) => format.time(at, language, zone),
      month: (key: string, length?: "short" | "long") => format.month(key, language, length),
      relative: (at: format.When, now?: Date) => format.relative(at, language, now),
      duration: (milliseconds: number) => format.duration(milliseconds, language),
      bytes: (value: number) => format.bytes(value, language),
      /** The viewer's language of a text that exists in both. */
      text: (localized: { en: string; zh: string } | null | undefined) => localized?.[language] || localized?.en || "",
    }),
    [language, currency, zone],
  );
}
