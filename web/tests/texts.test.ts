import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

const SRC = join(import.meta.dirname, "../src");
const LANGUAGES = ["en", "zh"] as const;

type Texts = { [key: string]: string | Texts };

function flat(texts: Texts, prefix = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === "string") found.set(prefix + key, value);
    else for (const [inner, text] of flat(value, `${prefix}${key}.`)) found.set(inner, text);
  }
  return found;
}

const areas = (language: string) =>
  readdirSync(join(SRC, "i18n", language))
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -5))
    .sort();

const load = (language: string, area: string) =>
  flat(JSON.parse(readFileSync(join(SRC, "i18n", language, `${area}.json`), "utf8")) as Texts);

/** English counts one and other, Chinese only other: a plural is one key. */
const withoutPlural = (key: string) => key.replace(/_(one|other|zero|two|few|many)$/, "");

const placeholders = (text: string) => [...new Set(text.match(/\{\{\s*\w+/g) ?? [])].map((each) => each.replace(/\W/g, "")).sort();

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter(
  (file) => /\.tsx?$/.test(file) && !file.includes(".test.") && !file.startsWith("generated"),
);

describe("texts", () => {
  it("has the same areas in both languages", () => {
    expect(areas("zh")).toEqual(areas("en"));
  });

  it.each(areas("en"))("%s: same keys, same placeholders, nothing empty", (area) => {
    const [en, zh] = LANGUAGES.map((language) => load(language, area)) as [Map<string, string>, Map<string, string>];
    const keys = (texts: Map<string, string>) => [...new Set([...texts.keys()].map(withoutPlural))].sort();
    expect(keys(zh)).toEqual(keys(en));
    for (const texts of [en, zh]) for (const [key, text] of texts) expect(text.trim(), `${area}:${key}`).not.toBe("");
    for (const [key, text] of zh) {
      const other = en.get(key) ?? en.get(`${withoutPlural(key)}_other`);
      if (other !== undefined) expect(placeholders(text), `${area}:${key}`).toEqual(placeholders(other));
    }
  });

  it("has every key that the code asks for", () => {
    const known = new Map(areas("en").map((area) => [area, [...load("en", area).keys()]]));
    const has = (area: string, key: string) => known.get(area)?.some((each) => each === key || withoutPlural(each) === key) ?? false;
    const missing: string[] = [];
    for (const file of files) {
      // Comments quote keys that belong to their readers.
      const code = readFileSync(join(SRC, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
      const uses = new Set([...code.matchAll(/useTranslation\(\s*\[?\s*"(\w+)"/g)].map((match) => match[1] as string));
      const names = [...code.matchAll(/const \{[^}]*\bt\b(?::\s*(\w+))?[^}]*\}\s*=\s*useTranslation\(\s*\[?\s*"(\w+)"/g)];
      const byName = (name: string) => {
        const own = names.filter((match) => (match[1] ?? "t") === name).map((match) => match[2] as string);
        return own.length > 0 ? own : [...uses];
      };
      // t("key"), t("area:key") and the fixed beginning of t(`key.${value}`).
      for (const match of code.matchAll(/(?<![\w.])(t|t[A-Z]\w*)\(\s*("([^"]+)"|`([^`]*)`)/g)) {
        const literal = match[3];
        const start = match[4]?.split("${")[0];
        const text = literal ?? start ?? "";
        const [area, key] = text.includes(":") ? (text.split(":", 2) as [string, string]) : [null, text];
        const among = area ? [area] : byName(match[1] as string);
        if (among.length === 0) continue;
        const found = literal
          ? among.some((each) => has(each, key))
          : key !== "" && among.some((each) => known.get(each)?.some((one) => one.startsWith(key)));
        if (!found && !(literal === undefined && key === "")) missing.push(`${file}: ${text}`);
      }
    }
    expect(missing).toEqual([]);
  });
});
