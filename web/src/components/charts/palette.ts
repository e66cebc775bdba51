/** The chart colours of the shown theme, read from the tokens. */
export interface Palette {
  categories: string[];
  ink: string;
  muted: string;
  faint: string;
  line: string;
  surface: string;
  raised: string;
  primary: string;
  font: string;
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return {
    categories: Array.from({ length: 10 }, (_, index) => value(`--cat-${index + 1}`)),
    ink: value("--ink"),
    muted: value("--muted"),
    faint: value("--faint"),
    line: value("--line"),
    surface: value("--surface"),
    raised: value("--raised"),
    primary: value("--primary"),
    font: getComputedStyle(document.body).fontFamily,
  };
}

/** The n-th of ten as a CSS variable, for anything that is not on a canvas. */
export const category = (index: number): string => `var(--cat-${(index % 10) + 1})`;
