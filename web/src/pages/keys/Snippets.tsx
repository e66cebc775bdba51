import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Card } from "@/components/ui/Card";
import { CopyButton } from "@/components/ui/CopyButton";
import { Tabs } from "@/components/ui/Tabs";
import { trackAddress } from "@/data/db";
import { NO_KEY, snippets, type Snippet } from "@/data/keys";

import type { Made } from "./NewKey";

/** What to paste into the shop: with the key that was just made filled in where it is of the right kind. */
export function Snippets({ made }: { made: Made | null }) {
  const { t } = useTranslation("keys");
  const [chosen, setChosen] = useState<Snippet["id"] | null>(null);
  const fitting = made?.kind === "server" ? (made.channel === "pos" ? "till" : "server") : "small";
  const base = { page: trackAddress(), server: window.location.origin };
  const ids = snippets(NO_KEY, base).map(({ id }) => id);
  return (
    <Card title={t("snippet.title")} hint={t("snippet.hint")} data-section="snippets">
      <Tabs<Snippet["id"]>
        label={t("snippet.title")}
        value={chosen ?? fitting}
        onChange={setChosen}
        tabs={ids.map((id) => {
          const plain = snippets(NO_KEY, base).find((each) => each.id === id) as Snippet;
          const filled = made && made.kind === plain.kind;
          const { text, kind } = filled ? (snippets(made.key, base).find((each) => each.id === id) as Snippet) : plain;
          return {
            value: id,
            label: t(`snippet.tab.${id}`),
            content: (
              <div data-snippet={id}>
                <p className="mb-2 text-table text-muted">{t(`snippet.what.${id}`)}</p>
                <div className="relative">
                  <pre className="overflow-x-auto rounded-md border bg-subtle p-3 font-mono text-small" tabIndex={0} aria-label={t(`snippet.tab.${id}`)}>
                    {text}
                  </pre>
                </div>
                <div className="mt-2 flex flex-wrap items-center justify-between gap-2">
                  <p className="text-small text-faint">{filled ? t("snippet.filled") : t("snippet.unfilled", { word: NO_KEY, kind: t(`kind.${kind}`) })}</p>
                  <CopyButton text={text} data-action={`copy-${id}`} />
                </div>
              </div>
            ),
          };
        })}
      />
      <p className="mt-4 border-t pt-3 text-small text-faint">{t("snippet.privacy")}</p>
    </Card>
  );
}
