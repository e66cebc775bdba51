import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { channelsOf, NO_KEY, parseOrigins, snippets } from "./keys";
import { choices, draftOf, EMPTY_SURVEY, emptyFields } from "./surveys";

describe("origins", () => {
  it("are read one a line, completed and each once", () => {
    expect(parseOrigins("https://Shop.example/\nwww.shop.example, https://shop.example\n")).toEqual({
      origins: ["https://shop.example", "https://www.shop.example"],
      wrong: null,
    });
    expect(parseOrigins("http://localhost:3000").origins).toEqual(["http://localhost:3000"]);
    expect(parseOrigins("  ")).toEqual({ origins: [], wrong: null });
  });
  it("name the line that is none", () => {
    expect(parseOrigins("https://a.example\nshop").wrong).toBe("shop");
    expect(parseOrigins("https://").wrong).toBe("https://");
  });
});

describe("keys", () => {
  it("of a browser are never a till's", () => {
    expect(channelsOf("browser")).not.toContain("pos");
    expect(channelsOf("server")).toContain("pos");
  });
  const at = { page: "https://us-central1-x.cloudfunctions.net/track", server: "https://timbre.example" };
  const of = (id: string) => snippets("tb_pub_1", at).find((each) => each.id === id)?.text ?? "";
  it("stand in every snippet of theirs, with the address that fits", () => {
    for (const { id, kind, text } of snippets("tb_pub_1", at)) {
      expect(text, id).toContain("tb_pub_1");
      expect(text, id).toContain(kind === "browser" ? at.page : at.server);
      expect(text, id).not.toContain(NO_KEY);
    }
  });
  it("gives a till that is valid JSON", () => {
    const body = /-d '([\s\S]+)'$/.exec(of("till"))?.[1] ?? "";
    expect(JSON.parse(body)).toMatchObject({ event: "Order Completed", context: { traits: { member: "M-20731" } } });
  });
  it("gives the very script that the documentation gives and tests", () => {
    const documented = /```html\n(<script>[\s\S]+?<\/script>)\n```/.exec(readFileSync(join(import.meta.dirname, "../../../docs/tracking.md"), "utf8"))?.[1];
    expect(of("small")).toBe(documented?.replace("'URL'", `'${at.page}'`).replace("'KEY'", "'tb_pub_1'"));
    expect(() => new Function(of("small").replace(/<\/?script>/g, ""))).not.toThrow();
  });
});

describe("surveys", () => {
  it("want both languages", () => {
    expect(emptyFields(EMPTY_SURVEY)).toEqual(["name"]);
    expect(emptyFields({ ...EMPTY_SURVEY, name: "x", question: { en: "How?", zh: " " } })).toEqual(["question.zh"]);
  });
  it("are edited as a copy", () => {
    const survey = { ...EMPTY_SURVEY, name: "x", closed: false, answers: 0 } as Parameters<typeof draftOf>[0];
    const draft = draftOf(survey);
    draft.question.en = "other";
    expect(survey.question.en).toBe(EMPTY_SURVEY.question.en);
  });
  it("have as many answers as their kind", () => {
    expect([choices("smileys").length, choices("stars").length, choices("nps").length]).toEqual([5, 5, 11]);
  });
});
