import { ExternalLink, ShieldCheck } from "lucide-react";
import { useEffect, useRef, useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";

import { Banner } from "@/components/ui/Banner";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { knownShop, lacking, REST_KEYS, type Detected, type Need } from "@/data/connecting";
import type { ConsoleError } from "@/data/console";
import { useFormat } from "@/lib/useFormat";

import { Gives } from "./Gives";

interface NeedsProps {
  found: Detected;
  /** What was typed first, when it was an address. */
  address: string;
  pasted: RefObject<{ field: string; value: string } | null>;
  busy: boolean;
  problem: ConsoleError | null;
  onBegin: (values: Record<string, string>) => Promise<void>;
}

/** The platform's own words are asked for by the backend; a pair of REST keys is this page's own question. */
const restKey = (field: (typeof REST_KEYS)[number]): Need => ({
  field,
  label: { en: "", zh: "" },
  secret: field === "consumerSecret",
  help: null,
});

/** What the platform still wants, and before anything is allowed: what will be read and what it does not give. */
export function Needs({ found, address, pasted, busy, problem, onBegin }: NeedsProps) {
  const { t } = useTranslation("integrations");
  const format = useFormat();
  const form = useRef<HTMLFormElement>(null);
  const [missing, setMissing] = useState<readonly string[]>([]);
  const woo = found.platform === "woocommerce";
  const [byKeys, setByKeys] = useState(() => woo && REST_KEYS.some((field) => field === pasted.current?.field));
  const name = t(`platform.${found.platform ?? "csv"}`);
  const needs: Need[] = byKeys ? [...found.needs, ...REST_KEYS.map(restKey)] : found.needs;
  /** Nothing but the shop, and that is known: there is only to agree. */
  const known = needs.every((need) => need.field === "shop") && knownShop(found, address) !== "";
  const asked = needs.some((need) => need.field === problem?.field);
  useEffect(() => {
    // What was typed is filled in already: the first thing to do is the first empty field, or to go.
    const inputs = [...(form.current?.querySelectorAll<HTMLInputElement>("input[data-field]") ?? [])];
    const next = inputs.find((input) => !input.value) ?? form.current?.querySelector<HTMLElement>("[data-action=begin]");
    next?.focus({ preventScroll: true });
  }, [byKeys]);
  const submit = () => {
    if (!form.current) return;
    const values = Object.fromEntries(
      [...new FormData(form.current)].map(([field, value]) => [field, typeof value === "string" ? value : ""]),
    );
    const empty = lacking(needs, values);
    setMissing(empty);
    if (empty.length > 0) {
      form.current.querySelector<HTMLInputElement>(`[name="${empty[0]}"]`)?.focus();
      return;
    }
    void onBegin(values);
  };
  return (
    <form
      ref={form}
      noValidate
      autoComplete="off"
      data-step="needs"
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {problem && !asked && (
        <Banner tone="bad">
          <span data-problem={problem.code}>{problem.say(format.language)}</span>
        </Banner>
      )}
      {needs.length > 0 && (
        <Card
          title={t(known ? "connect.checkTitle" : "connect.needsTitle")}
          hint={t(found.needs.some((need) => need.field === "clientId") ? "connect.needsApp" : known ? "connect.checkHint" : "connect.needsKeys", { platform: name })}
        >
          <div className="flex flex-col gap-4">
            {needs.map((need) => (
              <Field
                key={need.field}
                label={format.text(need.label) || t(`connect.rest.${need.field}`)}
                optional={need.optional ? t("connect.optional") : undefined}
                hint={format.text(need.help) || undefined}
                error={
                  missing.includes(need.field)
                    ? t("connect.required")
                    : problem?.field === need.field
                      ? problem.say(format.language)
                      : undefined
                }
              >
                {(ids) => (
                  <Input
                    {...ids}
                    name={need.field}
                    data-field={need.field}
                    type={need.secret ? "password" : "text"}
                    autoComplete={need.secret ? "new-password" : "off"}
                    autoCapitalize="none"
                    spellCheck={false}
                    data-1p-ignore
                    data-lpignore="true"
                    className={need.secret ? "font-mono" : undefined}
                    ref={(node) => {
                      // A key that was pasted first goes into its own field, once, past any state.
                      if (node && !node.value && pasted.current?.field === need.field) node.value = pasted.current.value;
                      if (node && !node.value && need.field === "shop") node.value = knownShop(found, address);
                    }}
                  />
                )}
              </Field>
            ))}
            {woo && (
              <Button look="link" className="self-start text-table" data-action="rest-keys" onClick={() => setByKeys(!byKeys)}>
                {t(byKeys ? "connect.byPage" : "connect.byKeys")}
              </Button>
            )}
          </div>
        </Card>
      )}
      <Card title={t("connect.readTitle")} hint={t("connect.readHint")}>
        <Gives gives={found.gives} />
      </Card>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="flex max-w-md items-start gap-2 text-small text-faint">
          <ShieldCheck className="mt-px size-4 shrink-0" aria-hidden />
          {t(found.oauth && !byKeys ? "connect.oauthNote" : "connect.keyNote", { platform: name })}
        </p>
        <Button
          type="submit"
          look="primary"
          busy={busy}
          data-action="begin"
          className="ml-auto"
          icon={found.oauth && !byKeys ? <ExternalLink aria-hidden /> : undefined}
        >
          {found.oauth && !byKeys ? t("connect.goTo", { platform: name }) : t("connect.begin")}
        </Button>
      </div>
    </form>
  );
}
