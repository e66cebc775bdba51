import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { BOUNDS, changedFields, DEFAULTS, draftOf, effectsOf, numberIn, problems, settingsOf, toSettings, type Settings } from "./training";

interface Leaf {
  minimum?: number;
  maximum?: number;
  type?: string;
}
interface Schema {
  properties: Record<string, Leaf & { anyOf?: Leaf[]; default?: unknown }>;
  $defs: { Block: { properties: Record<string, Leaf> } };
}
const schema = JSON.parse(readFileSync(join(import.meta.dirname, "../../../schema/generated/training.json"), "utf8")) as Schema;

describe("what the backend accepts", () => {
  it.each(Object.entries(BOUNDS))("has the same bounds for %s", (name, bound) => {
    const field = name === "weight" ? schema.$defs.Block.properties["weight"] : schema.properties[name];
    const leaf = field && "anyOf" in field ? (field.anyOf as Leaf[])[0] : field;
    expect([leaf?.minimum, leaf?.maximum, leaf?.type === "integer"]).toEqual([bound.low, bound.high, bound.whole]);
  });

  it("has the same settings with the same defaults", () => {
    const theirs = Object.entries(schema.properties).filter(([name]) => !name.startsWith("updated"));
    expect(Object.fromEntries(theirs.map(([name, field]) => [name, field.default]))).toEqual(DEFAULTS);
  });
});

describe("changed fields", () => {
  it("is nothing for what only went through the form", () => {
    expect(changedFields(DEFAULTS, toSettings(draftOf(DEFAULTS)))).toEqual({ now: {}, before: {} });
  });

  it("holds only what differs, with what it was", () => {
    const wanted: Settings = { ...DEFAULTS, historyDays: 365, riskThreshold: 0.8 };
    expect(changedFields(DEFAULTS, wanted)).toEqual({
      now: { historyDays: 365, riskThreshold: 0.8 },
      before: { historyDays: null, riskThreshold: 0.7 },
    });
  });

  it("saves the blocks as one field", () => {
    const blocks = { ...DEFAULTS.blocks, emotion: { on: false, weight: 1 } };
    expect(changedFields(DEFAULTS, { ...DEFAULTS, blocks })).toEqual({ now: { blocks }, before: { blocks: DEFAULTS.blocks } });
  });

  it("applied and taken back leads to where it began", () => {
    const wanted: Settings = { ...DEFAULTS, kMin: 3, pinnedAlgorithm: "hdbscan", churnDays: 60, schedule: "off" };
    const { now, before } = changedFields(DEFAULTS, wanted);
    expect({ ...DEFAULTS, ...now }).toEqual(wanted);
    expect({ ...wanted, ...before }).toEqual(DEFAULTS);
  });

  it("sees through the way a number was typed", () => {
    expect(changedFields(DEFAULTS, toSettings({ ...draftOf(DEFAULTS), gain: "0.010" })).now).toEqual({});
  });
});

describe("settings of a document", () => {
  it("are the defaults without one, and for fields that it lacks", () => {
    expect(settingsOf(null)).toEqual(DEFAULTS);
    expect(settingsOf({ kMin: 4 })).toEqual({ ...DEFAULTS, kMin: 4 });
  });

  it("leave out who saved them", () => {
    expect(settingsOf({ ...DEFAULTS, updatedAt: null, updatedBy: "a" })).toEqual(DEFAULTS);
  });
});

describe("problems", () => {
  it("has none with the defaults", () => {
    expect(problems(draftOf(DEFAULTS))).toEqual({});
  });

  it.each(["", "abc", "-1", "2.5", "1", "13", "1e1", "Infinity"])("refuses %j as a number of segments", (text) => {
    expect(numberIn(text, BOUNDS.kMin)).toBeNull();
  });

  it("takes the bounds themselves", () => {
    expect([numberIn("2", BOUNDS.kMin), numberIn(" 12 ", BOUNDS.kMin), numberIn(".05", BOUNDS.mostBrier)]).toEqual([2, 12, 0.05]);
  });

  it("names the field as the backend does", () => {
    const draft = draftOf(DEFAULTS);
    expect(problems({ ...draft, historyDays: "5" })).toEqual({ historyDays: "bounds" });
    expect(problems({ ...draft, kMin: "11" })).toEqual({ kMin: "order" });
    expect(problems({ ...draft, blocks: { ...draft.blocks, emotion: { on: true, weight: "9" } } })).toEqual({ "blocks.emotion.weight": "bounds" });
  });

  it("wants one block to take part", () => {
    const [off, empty] = [{ on: false, weight: "1" }, { on: true, weight: "0" }];
    expect(problems({ ...draftOf(DEFAULTS), blocks: { behaviour: off, emotion: empty, personality: off } })).toEqual({ blocks: "noBlock" });
  });
});

describe("effects of a setting", () => {
  it("are its own and those of its parts, not of one that begins alike", () => {
    const effect = (setting: string) => ({ setting, value: "1", effect: { en: setting, zh: setting } });
    const effects = { runId: "r", at: new Date(0) as never, effects: [effect("gain.churn"), effect("gainful"), effect("gain")] };
    expect(effectsOf(effects, "gain").map((each) => each.setting)).toEqual(["gain.churn", "gain"]);
    expect(effectsOf(null, "gain")).toEqual([]);
  });
});
