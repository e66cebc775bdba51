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
  it("stand in every snippet of theirs, with the address of this deployment", () => {
    for (const snippet of snippets("tb_pub_1", "https://timbre.example")) {
      expect(snippet.text).toContain("tb_pub_1");
      expect(snippet.text).toContain("https://timbre.example");
      expect(snippet.text).not.toContain(NO_KEY);
    }
    expect(new Set(snippets(NO_KEY, "https://x.example").map(({ id }) => id)).size).toBe(4);
  });
  it("gives a till that is valid JSON and a script that is valid JavaScript", () => {
    const of = (id: string) => snippets("k", "https://x.example").find((each) => each.id === id)?.text ?? "";
    const body = /-d '([\s\S]+)'$/.exec(of("till"))?.[1] ?? "";
    expect(JSON.parse(body)).toMatchObject({ event: "Order Completed", context: { traits: { member: "M-20731" } } });
    const script = /<script>([\s\S]+)<\/script>/.exec(of("small"))?.[1] ?? "";
    expect(() => new Function(script)).not.toThrow();
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
