import { PenLine } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { whoMay, may } from "@/auth/may";
import { useMember } from "@/auth/session";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { Checkbox } from "@/components/ui/Checkbox";
import { Field } from "@/components/ui/Field";
import { Textarea } from "@/components/ui/Input";
import { toast } from "@/components/ui/toast-store";
import { callConsole, toConsoleError } from "@/data/console";
import { listed } from "@/data/customers-names";
import { ATTESTABLE, SOURCE_LENGTH } from "@/data/imports";
import type { Row } from "@/data/live";
import type { Channel, Import } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** A file without a consent column: nobody in it is contacted until somebody answers for where consent came from. */
export function Attest({ item }: { item: Row<Import> }) {
  const { t } = useTranslation(["imports", "common"]);
  const format = useFormat();
  const member = useMember();
  const [channels, setChannels] = useState<readonly Channel[]>([]);
  const [source, setSource] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);

  if (item.attestation) {
    const { byName, at, channels: signed, source: told } = item.attestation;
    return (
      <Card title={t("attest.signedTitle")}>
        <p className="text-body">
          {t("attest.signed", {
            name: byName,
            time: format.dateTime(at.toDate()),
            channels: listed(
              signed.map((channel) => t(`common:channel.${channel}`)),
              format.language,
            ),
          })}
        </p>
        <blockquote className="mt-2 border-l-2 border-line-strong pl-3 text-body text-muted">{told}</blockquote>
      </Card>
    );
  }
  if (!may(member.role, "attest")) {
    return (
      <Card title={t("attest.title")}>
        <p className="text-body text-muted">
          {t("attest.others", {
            roles: listed(
              whoMay("attest").map((role) => t(`common:role.${role}`)),
              format.language,
              "disjunction",
            ),
          })}
        </p>
      </Card>
    );
  }
  const noChannel = channels.length === 0;
  const tooShort = source.trim().length < SOURCE_LENGTH.least;
  const sign = async () => {
    setTried(true);
    if (noChannel || tooShort) return;
    setBusy(true);
    try {
      await callConsole("import.attest", { importId: item.id, channels: [...channels], source: source.trim() });
      toast({ tone: "good", title: t("attest.thanks") });
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card title={t("attest.title")} hint={t("attest.hint")}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void sign();
        }}
      >
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 text-table font-medium">{t("attest.channels")}</legend>
          <div className="flex flex-wrap gap-x-6 gap-y-2">
            {ATTESTABLE.map((channel) => (
              <Checkbox
                key={channel}
                label={t(`common:channel.${channel}`)}
                checked={channels.includes(channel)}
                onChange={(checked) =>
                  setChannels(ATTESTABLE.filter((known) => (known === channel ? checked : channels.includes(known))))
                }
              />
            ))}
          </div>
          {tried && noChannel && (
            <p role="alert" className="text-small text-bad">
              {t("attest.noChannel")}
            </p>
          )}
        </fieldset>
        <Field
          label={t("attest.source")}
          hint={t("attest.sourceHint", { count: SOURCE_LENGTH.least })}
          error={
            tried && tooShort ? t("attest.tooShort", { left: SOURCE_LENGTH.least - source.trim().length }) : undefined
          }
        >
          {(ids) => (
            <Textarea
              {...ids}
              value={source}
              maxLength={SOURCE_LENGTH.most}
              placeholder={t("attest.placeholder")}
              onChange={(event) => setSource(event.target.value)}
            />
          )}
        </Field>
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="text-small text-faint">{t("attest.asWho", { name: member.name })}</p>
          <Button type="submit" look="primary" busy={busy} icon={<PenLine aria-hidden />}>
            {t("attest.sign")}
          </Button>
        </div>
      </form>
    </Card>
  );
}
