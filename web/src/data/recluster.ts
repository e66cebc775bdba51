import { toast } from "@/components/ui/toast-store";
import type { Language } from "@/lib/format";

import { callConsole, toConsoleError } from "./console";

/**
 * Asks for new segments; progress then arrives in `runs/`. True when the job was taken. With `search` a better grouping is
 * looked for, which comes as a proposal; without, the grouping in force takes in what changed.
 */
export async function startRecluster(language: Language, search = false): Promise<boolean> {
  try {
    await callConsole<{ runId: string }>("recluster.start", search ? { search } : {});
    return true;
  } catch (error) {
    toast({ tone: "bad", title: toConsoleError(error).say(language) });
    return false;
  }
}
