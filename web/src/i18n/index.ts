import i18next from "i18next";
import { initReactI18next } from "react-i18next";

import type { Language } from "@/lib/format";

const KEY = "timbre.language";

// One file a language in the bundle; a file per page area in the source. A new area is only two new JSON files.
const LOAD: Record<Language, () => Promise<{ default: Record<string, unknown> }>> = {
  en: () => import("./en"),
  zh: () => import("./zh"),
};

/** The language chosen on this device; null when none was. */
export function chosenLanguage(): Language | null {
  const stored = localStorage.getItem(KEY);
  return stored === "en" || stored === "zh" ? stored : null;
}

function deviceLanguage(): Language {
  return chosenLanguage() ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
}

async function load(language: Language): Promise<void> {
  const areas = (await LOAD[language]()).default;
  for (const [area, texts] of Object.entries(areas)) i18next.addResourceBundle(language, area, texts, true, true);
  document.documentElement.lang = language;
}

/** Loads the texts before the first render. */
export async function startI18n(language: Language = deviceLanguage()): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    // No fallback between languages: a test holds both files to the same keys, and a mixed screen would hide a hole.
    fallbackLng: false,
    defaultNS: "common",
    ns: ["common"],
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await load(language);
  await i18next.changeLanguage(language);
}

/** Switches the screen at once; `remember` keeps the choice on this device. */
export async function setLanguage(language: Language, remember = true): Promise<void> {
  if (remember) localStorage.setItem(KEY, language);
  await load(language);
  await i18next.changeLanguage(language);
}
