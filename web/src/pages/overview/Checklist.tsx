import { useNavigate } from "@tanstack/react-router";
import { Check, ChevronRight, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { Progress } from "@/components/ui/Progress";
import { callConsole } from "@/data/console";
import { readFirst } from "@/data/live";
import type { Customer, Shop } from "@/generated/documents";
import { cx } from "@/lib/cx";

import { BehindIt } from "./BehindIt";

const STEPS = ["moved", "sentence", "customer", "own"] as const;
type Step = (typeof STEPS)[number];

const HIDDEN = "timbre.checklist";

/** First steps of a new shop; a click does the step and ticks it for everybody. Gone when all are done, or put away. */
export function Checklist({ shop }: { shop: Shop }) {
  const { t } = useTranslation("overview");
  const role = useRole();
  const navigate = useNavigate();
  const [reading, setReading] = useState(false);
  const [hidden, setHidden] = useState(() => localStorage.getItem(HIDDEN) === "hidden");
  const [ticked, setTicked] = useState<readonly Step[]>([]);
  const steps = STEPS.filter((step) =>
    step === "sentence" ? may(role, "readWords") : step === "customer" ? may(role, "readCustomers") : step === "own" ? may(role, "import") : true,
  );
  const done = (step: Step) => shop.onboarding[step] === true || ticked.includes(step);
  const count = steps.filter(done).length;
  const next = steps.find((step) => !done(step));

  const act: Record<Step, () => void> = {
    moved: () => void navigate({ to: "/segments", hash: "moved" }),
    sentence: () => setReading(true),
    customer: () =>
      void readFirst<Customer>({ collection: "customers", orderBy: [["stats.revenue", "desc"]], limit: 1 }).then((best) =>
        navigate(best ? { to: "/customers/$customerId", params: { customerId: best.id } } : { to: "/customers" }),
      ),
    own: () => void navigate({ to: "/imports/new" }),
  };
  const take = (step: Step) => {
    if (!done(step)) {
      setTicked((old) => [...old, step]);
      // A tick that could not be kept is asked for again next time; it is no reason to stop anybody.
      void callConsole("onboarding.done", { step }).catch(() => undefined);
    }
    act[step]();
  };

  return (
    <>
      {!hidden && next && (
        <Card
          title={t("first.title")}
          hint={t("first.hint", { done: count, all: steps.length })}
          actions={
            <Button
              look="ghost"
              size="icon-sm"
              aria-label={t("first.hide")}
              title={t("first.hide")}
              onClick={() => {
                localStorage.setItem(HIDDEN, "hidden");
                setHidden(true);
              }}
            >
              <X aria-hidden />
            </Button>
          }
        >
          <Progress value={count / steps.length} label={t("first.title")} className="mb-3" />
          <ol className="grid gap-2 md:grid-cols-2 xl:grid-cols-4">
            {steps.map((step, index) => (
              <li key={step}>
                <button
                  type="button"
                  onClick={() => take(step)}
                  className={cx(
                    "group flex size-full items-start gap-3 rounded-md border p-3 text-left transition-colors duration-150 hover:border-primary hover:bg-primary-soft",
                    step === next && "border-primary/50 bg-primary-soft/60",
                  )}
                >
                  <span
                    className={cx(
                      "flex size-6 shrink-0 items-center justify-center rounded-full text-small font-semibold",
                      done(step) ? "bg-good-soft text-good" : step === next ? "bg-primary text-white" : "bg-subtle text-muted",
                    )}
                  >
                    {done(step) ? <Check className="size-4" aria-label={t("common:done")} /> : index + 1}
                  </span>
                  <span className="min-w-0 flex-1">
                    <span className={cx("block text-table font-medium", done(step) && "text-muted")}>{t(`first.${step}.title`)}</span>
                    <span className="block text-small text-muted">{t(`first.${step}.body`)}</span>
                  </span>
                  <ChevronRight className="mt-1 size-4 shrink-0 text-faint" aria-hidden />
                </button>
              </li>
            ))}
          </ol>
        </Card>
      )}
      <BehindIt open={reading} onOpenChange={setReading} />
    </>
  );
}
