/** What a language is called; null where it was not recognised. */
export function languageName(tag: string, language: "en" | "zh"): string | null {
  if (tag === "und") return null;
  try {
    return new Intl.DisplayNames(language === "zh" ? "zh-CN" : "en-GB", { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
