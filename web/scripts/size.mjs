// Prints how much script a first visit loads, gzipped, and fails over the budget. Run after a build.
//   node scripts/size.mjs [dist|dist-production]
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 250;
const dist = join(import.meta.dirname, "..", process.argv[2] ?? "dist");
const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));

/** Files that a chunk and its static imports load. */
function closure(names) {
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const next of manifest[name].imports ?? []) visit(next);
  };
  names.forEach(visit);
  return [...seen].map((name) => manifest[name].file).filter((file) => file.endsWith(".js"));
}

const kilobytes = (files) => files.reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file))).length, 0) / 1024;
const keys = Object.keys(manifest);
const find = (part) => keys.filter((key) => key.endsWith(part));
const entry = find("index.html");
const visits = {
  "initial script (index.html)": entry,
  "sign-in screen": [...entry, ...find("src/auth/SignInPage.tsx"), ...find("i18n/en/index.ts")],
  "signed in, Overview, without charts": [...entry, ...find("src/app/Console.tsx"), ...find("pages/overview/OverviewPage.tsx"), ...find("i18n/en/index.ts")],
  "charts, when the first is drawn": find("components/charts/echarts.ts"),
};
let over = false;
for (const [name, names] of Object.entries(visits)) {
  const size = kilobytes([...new Set(closure(names))]);
  over ||= name.startsWith("initial") && size > BUDGET_KB;
  console.log(`${name.padEnd(40)} ${size.toFixed(1).padStart(7)} KB gzipped`);
}
if (over) {
  console.error(`The initial script is over ${BUDGET_KB} KB.`);
  process.exit(1);
}
