import { Globe, Server, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";
import { CopyButton } from "@/components/ui/CopyButton";
import { Dialog } from "@/components/ui/Dialog";
import { Field } from "@/components/ui/Field";
import { Input, Textarea } from "@/components/ui/Input";
import { Select } from "@/components/ui/Select";
import { callConsole, toConsoleError, type ConsoleError } from "@/data/console";
import { channelsOf, ORIGINS_AT_MOST, parseOrigins } from "@/data/keys";
import type { WriteKey } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

/** A key that was just made. It lives in the page until it is left, and is never asked for again. */
export interface Made {
  key: string;
  kind: WriteKey["kind"];
  channel: WriteKey["channel"];
}

interface NewKeyProps {
  /** For a till: a server's key. */
  till: boolean;
  onClose: () => void;
  onMade: (made: Made) => void;
}

/** Asks for the kind and the place, then shows the key and its hash secret once. */
export function NewKey({ till, onClose, onMade }: NewKeyProps) {
  const { t } = useTranslation(["keys", "common"]);
  const format = useFormat();
  const [name, setName] = useState("");
  const [kind, setKind] = useState<WriteKey["kind"]>(till ? "server" : "browser");
  const [channel, setChannel] = useState<WriteKey["channel"]>(till ? "pos" : "website");
  const [origins, setOrigins] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ConsoleError | null>(null);
  const [shown, setShown] = useState<{ key: string; hashSecret: string | null } | null>(null);

  const parsed = parseOrigins(origins);
  const wrongOrigin = parsed.wrong
    ? t("form.wrongOrigin", { line: parsed.wrong })
    : parsed.origins.length > ORIGINS_AT_MOST
      ? t("form.tooMany", { count: ORIGINS_AT_MOST })
      : null;
  const wrong = (field: string) => (problem?.field === field ? problem.say(format.language) : undefined);
  const choose = (next: WriteKey["kind"]) => {
    setKind(next);
    if (!channelsOf(next).includes(channel)) setChannel("website");
  };
  const create = async () => {
    setTried(true);
    if (!name.trim() || (kind === "browser" && wrongOrigin)) return;
    setBusy(true);
    setProblem(null);
    try {
      const answer = await callConsole<{ key: string; hashSecret?: string | null; id: string }>("key.create", {
        name: name.trim(),
        kind,
        channel,
        origins: kind === "browser" ? parsed.origins : [],
      });
      setShown({ key: answer.key, hashSecret: answer.hashSecret ?? null });
      onMade({ key: answer.key, kind, channel });
    } catch (error) {
      setProblem(toConsoleError(error));
    } finally {
      setBusy(false);
    }
  };

  if (shown) {
    return (
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        size="lg"
        title={t("once.title")}
        description={t("once.body")}
        footer={
          <Button look="primary" data-action="done" onClick={onClose}>
            {t("once.done")}
          </Button>
        }
      >
        <div className="flex flex-col gap-4" data-step="once">
          <Once label={t("once.key")} hint={t(kind === "browser" ? "once.publicHint" : "once.keyHint")} value={shown.key} field="key" />
          {shown.hashSecret && <Once label={t("once.hash")} hint={t("once.hashHint")} value={shown.hashSecret} field="hashSecret" secret />}
          <p className="flex items-start gap-2 text-small text-wait">
            <TriangleAlert className="mt-px size-4 shrink-0" aria-hidden />
            {t("once.warning")}
          </p>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="lg"
      title={t("create")}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button look="primary" busy={busy} data-action="create" onClick={() => void create()}>
            {t("form.submit")}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-4"
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        {problem && !["name", "kind", "channel", "origins"].includes(problem.field ?? "") && (
          <p role="alert" className="text-table text-bad">
            {problem.say(format.language)}
          </p>
        )}
        <Field label={t("form.name")} hint={t("form.nameHint")} error={tried && !name.trim() ? t("form.noName") : wrong("name")}>
          {(ids) => <Input {...ids} data-field="name" autoFocus maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <fieldset>
          <legend className="mb-1 text-table font-medium">{t("form.kind")}</legend>
          <div className="grid gap-2 sm:grid-cols-2">
            {(["browser", "server"] as const).map((each) => (
              <label
                key={each}
                className={cx(
                  "flex cursor-pointer items-start gap-3 rounded-md border p-3 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-primary",
                  kind === each ? "border-primary bg-primary-soft" : "border-line-strong hover:bg-subtle",
                )}
              >
                <input type="radio" name="kind" value={each} data-field={`kind-${each}`} checked={kind === each} onChange={() => choose(each)} className="sr-only" />
                {each === "browser" ? <Globe className="mt-0.5 size-4 shrink-0" aria-hidden /> : <Server className="mt-0.5 size-4 shrink-0" aria-hidden />}
                <span>
                  <span className="block text-table font-medium">{t(`kind.${each}`)}</span>
                  <span className="block text-small text-muted">{t(`form.kindHint.${each}`)}</span>
                </span>
              </label>
            ))}
          </div>
        </fieldset>
        <Field label={t("form.channel")} hint={t("form.channelHint")} error={wrong("channel")}>
          {(ids) => (
            <Select
              {...ids}
              className="w-full sm:w-64"
              value={channel}
              onChange={(next) => setChannel(next as WriteKey["channel"])}
              options={channelsOf(kind).map((each) => ({ value: each, label: t(`channel.${each}`) }))}
            />
          )}
        </Field>
        {kind === "browser" && (
          <Field
            label={t("form.origins")}
            optional={t("form.optional")}
            hint={t("form.originsHint")}
            error={tried && wrongOrigin ? wrongOrigin : wrong("origins")}
          >
            {(ids) => (
              <Textarea
                {...ids}
                data-field="origins"
                spellCheck={false}
                placeholder="https://shop.example"
                value={origins}
                onChange={(event) => setOrigins(event.target.value)}
              />
            )}
          </Field>
        )}
      </form>
    </Dialog>
  );
}

function Once({ label, hint, value, field, secret = false }: { label: string; hint: string; value: string; field: string; secret?: boolean }) {
  const { t } = useTranslation("keys");
  return (
    <div>
      <p className="text-table font-medium">{label}</p>
      <div className="mt-1 flex items-stretch gap-2">
        <code className="min-w-0 flex-1 rounded-md border bg-subtle px-3 py-1.5 font-mono text-table break-all select-all" data-secret={field}>
          {value}
        </code>
        <CopyButton text={value} size="md" aria-label={secret ? t("once.copyHash") : t("once.copyKey")} data-action={`copy-${field}`} />
      </div>
      <p className="mt-1 text-small text-faint">{hint}</p>
    </div>
  );
}
