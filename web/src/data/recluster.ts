import { toast } from "@/components/ui/toast-store";
import type { Language } from "@/lib/format";

import { callConsole, toConsoleError } from "./console";

/** Asks for new segments; progress then arrives in `runs/`. True when the job was taken. */
export async function startRecluster(language: Language): Promise<boolean> {
  try {
    await callConsole<{ runId: string }>("recluster.start");
    return true;
  } catch (error) {
    toast({ tone: "bad", title: toConsoleError(error).say(language) });
    return false;
  }
}
