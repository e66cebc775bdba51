/** Names of countries and languages in the viewer's language, by the browser. */

const made = new Map<string, Intl.DisplayNames>();

function name(type: "region" | "language", code: string, language: string): string {
  const key = type + language;
  let names = made.get(key);
  if (!names) {
    names = new Intl.DisplayNames([language === "zh" ? "zh-CN" : "en-GB"], { type });
    made.set(key, names);
  }
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

export const countryName = (code: string, language: string): string => name("region", code, language);
export const languageName = (code: string, language: string): string => name("language", code, language);

/** "a, b and c" in the viewer's language. */
export const listed = (
  items: readonly string[],
  language: string,
  type: "conjunction" | "disjunction" = "conjunction",
): string => new Intl.ListFormat(language === "zh" ? "zh-CN" : "en-GB", { type }).format(items);

/** ISO 3166-1, for choosing a country that the rows on the screen do not show. */
export const COUNTRIES = (
  "AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU " +
  "CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GI GL GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN IQ " +
  "IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MR MT MU MV MW " +
  "MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PR PS PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS " +
  "ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VN VU WS XK YE ZA ZM ZW"
).split(" ");

export const LANGUAGES =
  "en zh es fr de it pt nl sv da nb fi pl cs sk hu ro bg hr sl sr uk ru el tr ar he fa hi bn ur ta te th vi id ms ja ko et lv lt".split(
    " ",
  );
