import { FirebaseError } from "firebase/app";
import { httpsCallable } from "firebase/functions";

import type { Language } from "@/lib/format";
import { backend } from "./db";

/** The actions of the one callable; see docs for arguments and roles. */
export type ConsoleAction =
  | "session.start"
  | "session.language"
  | "import.detect"
  | "import.create"
  | "import.upload"
  | "import.finish"
  | "import.cancel"
  | "import.attest"
  | "import.report"
  | "sample.remove"
  | "recluster.start"
  | "run.cancel"
  | "customer.edit"
  | "customer.lookup"
  | "segment.rename"
  | "segmentation.publish"
  | "segmentation.keep"
  | "insight.dismiss"
  | "insight.restore"
  | "insight.useful"
  | "members.set"
  | "members.remove"
  | "parked.replay"
  | "parked.discard"
  | "shop.edit"
  | "onboarding.done"
  | "connection.detect"
  | "connection.begin"
  | "connection.status"
  | "connection.backfill"
  | "connection.reconcile"
  | "connection.poll"
  | "connection.disconnect"
  | "connection.rename"
  | "setAside.letIn"
  | "setAside.discard"
  | "key.create"
  | "key.disable"
  | "survey.create"
  | "survey.edit"
  | "survey.close"
  | "survey.link"
  | "people.merge"
  | "people.unmerge"
  | "people.dismiss"
  | "people.note"
  | "people.noteEdit"
  | "people.noteDelete"
  | "people.tag"
  | "people.export"
  | "people.history"
  | "case.open"
  | "case.assign"
  | "case.note"
  | "case.done"
  | "case.reopen"
  | "training.save"
  | "model.train"
  | "model.rollback"
  | "model.unpin"
  | "evidence.ask"
  | "job.tick";

interface Details {
  code?: string;
  field?: string;
  en?: string;
  zh?: string;
}

/** Why an action did not happen: a code for programs, the form field it is about, a sentence in both languages. */
export class ConsoleError extends Error {
  readonly code: string;
  readonly field: string | undefined;
  private readonly sentences: { en: string | undefined; zh: string | undefined };

  constructor(code: string, details: Details = {}) {
    super(details.en ?? code);
    this.name = "ConsoleError";
    this.code = details.code ?? code;
    this.field = details.field;
    this.sentences = { en: details.en, zh: details.zh };
  }

  /** The sentence for a person. */
  say(language: Language): string {
    return this.sentences[language] ?? GENERIC[this.code]?.[language] ?? GENERIC["unknown"]?.[language] ?? this.message;
  }
}

// For failures that never reached the server's own sentences.
const GENERIC: Record<string, { en: string; zh: string }> = {
  unavailable: {
    en: "The server did not answer. Nothing was changed; try again in a moment.",
    zh: "服务器没有响应。未做任何更改，请稍后再试。",
  },
  "deadline-exceeded": {
    en: "That took too long. It may still be finishing; look at Runs before trying again.",
    zh: "操作超时，可能仍在进行。重试前请先查看“运行记录”。",
  },
  unauthenticated: { en: "You are signed out. Sign in again.", zh: "您已退出登录，请重新登录。" },
  "permission-denied": { en: "Your role may not do this.", zh: "您的角色没有此权限。" },
  unknown: {
    en: "Something went wrong on our side. Nothing was changed; try again.",
    zh: "系统出了点问题。未做任何更改，请重试。",
  },
};

/** Turns anything thrown by the SDK into a `ConsoleError`. */
export function toConsoleError(error: unknown): ConsoleError {
  if (error instanceof ConsoleError) return error;
  if (error instanceof FirebaseError) {
    const code = error.code.replace(/^functions\//, "");
    const details = (error as FirebaseError & { details?: unknown }).details;
    // The SDK calls a network failure "internal" with the message "internal".
    const kind = code === "internal" && !details ? "unavailable" : code;
    return new ConsoleError(kind, typeof details === "object" && details !== null ? (details as Details) : {});
  }
  return new ConsoleError("unknown");
}

/** Calls the backend. Throws only `ConsoleError`. */
export async function callConsole<Result = Record<string, unknown>>(
  action: ConsoleAction,
  args: Record<string, unknown> = {},
): Promise<Result> {
  try {
    const call = httpsCallable<Record<string, unknown>, Result>(backend(), "console", { timeout: 70_000 });
    return (await call({ action, ...args })).data;
  } catch (error) {
    throw toConsoleError(error);
  }
}
