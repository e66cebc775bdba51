import { FirebaseError } from "firebase/app";
import { describe, expect, it } from "vitest";

import { ConsoleError, toConsoleError } from "./console";

const thrown = (code: string, details?: unknown) => Object.assign(new FirebaseError(`functions/${code}`, code), { details });

describe("an action that did not happen", () => {
  it("keeps the server's code, field and sentences", () => {
    const error = toConsoleError(thrown("invalid-argument", { code: "email.invalid", field: "email", en: "Not an address.", zh: "不是邮箱。" }));
    expect(error).toMatchObject({ code: "email.invalid", field: "email" });
    expect([error.say("en"), error.say("zh")]).toEqual(["Not an address.", "不是邮箱。"]);
  });
  it("says in both languages what never reached the server", () => {
    for (const code of ["internal", "unavailable", "deadline-exceeded", "unauthenticated", "permission-denied", "made-up"]) {
      const error = toConsoleError(thrown(code));
      expect(error.say("en")).toMatch(/^[A-Z].*\.$/);
      expect(error.say("zh")).toMatch(/[\u4e00-\u9fff]/);
    }
    expect(toConsoleError(thrown("internal")).code).toBe("unavailable");
    expect(toConsoleError(new Error("x"))).toBeInstanceOf(ConsoleError);
  });
});
