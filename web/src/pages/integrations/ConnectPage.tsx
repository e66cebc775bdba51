import { useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowRight, LoaderCircle, ShieldCheck } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { Denied } from "@/app/screens";
import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { PageHeader } from "@/components/ui/PageHeader";
import { beginArgs, keyField, looksSecret, safeUrl, type Begun, type Detected } from "@/data/connecting";
import { CONNECTABLE, isConnectable, type Connectable } from "@/data/connections";
import { callConsole, toConsoleError, type ConsoleError } from "@/data/console";
import { useFormat } from "@/lib/useFormat";

import { Needs } from "./Needs";
import { PlatformGlyph } from "./PlatformGlyph";

/** Where every seller of a marketplace goes: known by its name, never looked at. */
const MARKETPLACE = { amazon: "amazon.com", flipkart: "flipkart.com" } as const;

export function ConnectPage() {
  const { t } = useTranslation("integrations");
  return may(useRole(), "connect") ? <Wizard /> : <Denied page={t("connect.title")} permission="connect" />;
}

/** Where nothing says which platform it is, what was typed stays in its field, with the reason beside it. */
type Stage = { at: "ask"; unknown?: Detected } | { at: "needs" | "leaving"; found: Detected; chosen: boolean };

/**
 * One field, then only what is still needed, then off to the platform. Keys are read from the form at the moment they
 * are sent: no state of this page holds one.
 */
export function Wizard() {
  const { t } = useTranslation("integrations");
  const format = useFormat();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as { platform?: unknown; shop?: unknown };
  const hint = isConnectable(search.platform) ? search.platform : null;
  const given = typeof search.shop === "string" ? search.shop : "";
  const [stage, setStage] = useState<Stage>({ at: "ask" });
  const [address, setAddress] = useState(given);
  const [covered, setCovered] = useState(false);
  /** A marketplace has one address for all its sellers: its tile, or a known shop, answers the first question. */
  const known = given || (hint === "amazon" || hint === "flipkart" ? MARKETPLACE[hint] : "");
  const [busy, setBusy] = useState(known !== "");
  const [problem, setProblem] = useState<ConsoleError | { missing: true } | null>(null);
  const input = useRef<HTMLInputElement>(null);
  /** A key that was pasted into the first field, on its way to the field that it is for. */
  const pasted = useRef<{ field: string; value: string } | null>(null);

  const detect = useCallback(
    /** Not `typed`: the page itself gave it, so it fills no field. */
    async (given: string, platform: Connectable | null = null, typed = true) => {
      const text = given.trim();
      if (!text) return setProblem({ missing: true });
      const field = keyField(text);
      // Whatever comes of it, what was typed is not lost; a key stays in its field alone.
      if (!field && typed) setAddress(text);
      setBusy(true);
      setProblem(null);
      try {
        const ask = (as: Connectable | null) => callConsole<Detected>("connection.detect", { input: text, ...(as ? { platform: as } : {}) });
        const answer = await ask(platform);
        // The tile that was pressed counts only where the address says nothing.
        const chosen = answer.platform ? platform : hint;
        const found = answer.platform || !chosen ? answer : await ask(chosen);
        if (!found.platform) return setStage({ at: "ask", unknown: found });
        pasted.current = field ? { field, value: text } : pasted.current;
        if (field) setAddress("");
        setStage({ at: "needs", found, chosen: chosen !== null });
      } catch (error) {
        setProblem(toConsoleError(error));
      } finally {
        setBusy(false);
      }
    },
    [hint],
  );

  const started = useRef(false);
  useEffect(() => {
    if (started.current || !known) return;
    started.current = true;
    void (given ? detect(given) : detect(known, hint, false));
  }, [known, given, hint, detect]);

  const begin = async (values: Record<string, string>) => {
    if (stage.at !== "needs" || !stage.found.platform) return;
    setBusy(true);
    setProblem(null);
    try {
      const answer = await callConsole<Begun>("connection.begin", beginArgs(stage.found.platform, values));
      pasted.current = null;
      if (answer.connectionId) {
        await navigate({ to: "/integrations/return", search: { connection: answer.connectionId } });
        return;
      }
      const url = safeUrl(answer.url ?? "");
      if (!url) throw new Error("not a web address");
      setStage({ ...stage, at: "leaving" });
      window.location.assign(url);
    } catch (error) {
      setProblem(toConsoleError(error));
      setBusy(false);
    }
  };

  const again = () => {
    pasted.current = null;
    setBusy(false);
    setProblem(null);
    setCovered(false);
    setStage({ at: "ask" });
  };

  const unknown = stage.at === "ask" ? stage.unknown : undefined;
  const wrong = problem ? ("missing" in problem ? t("connect.missing") : problem.say(format.language)) : unknown && format.text(unknown.why);
  return (
    <>
      <PageHeader title={t("connect.title")} description={t("connect.description")} trail={[{ label: t("title"), to: "/integrations" }]} />
      <div className="flex max-w-3xl flex-col gap-4">
        {stage.at === "ask" ? (
          <>
            <Card data-step="ask">
              <form
                noValidate
                autoComplete="off"
                onSubmit={(event) => {
                  event.preventDefault();
                  void detect(input.current?.value ?? "");
                }}
              >
                <Field label={t("connect.input")} hint={t(hint ? `connect.example.${hint}` : "connect.inputHint")} error={wrong || undefined}>
                  {(ids) => (
                    <Input
                      {...ids}
                      ref={input}
                      data-field="input"
                      type={covered ? "password" : "text"}
                      defaultValue={address}
                      autoFocus
                      autoComplete="off"
                      autoCapitalize="none"
                      spellCheck={false}
                      inputMode="url"
                      placeholder={t("connect.placeholder")}
                      onChange={(event) => setCovered(looksSecret(event.target.value))}
                    />
                  )}
                </Field>
                <div className="mt-4 flex flex-wrap items-center justify-between gap-3">
                  <p className="flex items-start gap-2 text-small text-faint">
                    <ShieldCheck className="mt-px size-4 shrink-0" aria-hidden />
                    {t("connect.safe")}
                  </p>
                  <Button type="submit" look="primary" busy={busy} data-action="detect" className="ml-auto">
                    {t("connect.next")}
                  </Button>
                </div>
              </form>
            </Card>
            {unknown && (
              <Recognised
                found={unknown}
                chosen={false}
                leaving={false}
                busy={busy}
                choose={(platform) => void detect(input.current?.value || platform, platform)}
              />
            )}
          </>
        ) : (
          <>
            <Recognised
              found={stage.found}
              chosen={stage.chosen}
              again={again}
              leaving={stage.at === "leaving"}
              busy={busy}
              choose={(platform) => void detect(address || pasted.current?.value || platform, platform)}
            />
            {stage.at === "needs" ? (
              <Needs
                key={stage.found.platform}
                found={stage.found}
                address={address}
                pasted={pasted}
                busy={busy}
                problem={problem && "code" in problem ? problem : null}
                onBegin={begin}
              />
            ) : (
              <p className="flex items-center gap-2 text-body text-muted" role="status" data-state="leaving">
                <LoaderCircle className="size-4 animate-spin" aria-hidden />
                {t("connect.leaving", { platform: t(`platform.${stage.found.platform ?? "csv"}`) })}
                <ArrowRight className="size-4" aria-hidden />
              </p>
            )}
          </>
        )}
      </div>
    </>
  );
}

interface RecognisedProps {
  found: Detected;
  /** The person said which platform it is. */
  chosen: boolean;
  /** Absent where the first question still stands above. */
  again?: () => void;
  leaving: boolean;
  busy: boolean;
  choose: (platform: Connectable) => void;
}

/** Which platform it is, and why we think so; where that is a guess or unknown, the person says. */
function Recognised({ found, chosen, again, leaving, busy, choose }: RecognisedProps) {
  const { t } = useTranslation("integrations");
  const format = useFormat();
  const { platform } = found;
  const unsure = !leaving && (!platform || !found.sure);
  return (
    <Card data-step="recognised" data-platform={platform ?? "unknown"}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        {isConnectable(platform) && <PlatformGlyph platform={platform} />}
        <div className="min-w-0 flex-1 basis-56" role="status">
          <h2 className="text-h3 font-semibold">
            {platform
              ? t(chosen ? "connect.chosen" : found.sure ? "connect.is" : "connect.probably", { platform: t(`platform.${platform}`) })
              : t("connect.unknown")}
          </h2>
          {platform && !chosen && <p className="text-table break-words text-muted">{format.text(found.why)}</p>}
        </div>
        {!leaving && again && (
          <Button size="sm" onClick={again} data-action="change">
            {t("connect.change")}
          </Button>
        )}
      </div>
      {unsure && (
        <div className="mt-4 border-t pt-4">
          <p className="mb-2 text-table font-medium" id="choose-platform">
            {t("connect.choose")}
          </p>
          <div className="grid grid-cols-2 gap-2 sm:grid-cols-4" role="group" aria-labelledby="choose-platform">
            {CONNECTABLE.map((each) => (
              <Button
                key={each}
                disabled={busy}
                aria-pressed={each === platform}
                data-action={`choose-${each}`}
                className={each === platform ? "border-primary bg-primary-soft text-primary-ink" : undefined}
                onClick={() => choose(each)}
              >
                {t(`platform.${each}`)}
              </Button>
            ))}
          </div>
        </div>
      )}
    </Card>
  );
}
