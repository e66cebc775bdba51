import { Annoyed, Frown, Laugh, Meh, Smile, Star, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";

import { choices, type SurveyDraft } from "@/data/surveys";
import { cx } from "@/lib/cx";

const FACE: Record<string, LucideIcon> = { awful: Frown, poor: Annoyed, fair: Meh, good: Smile, great: Laugh };

/** What the shopper sees, in the language they read; a picture, nothing to press. */
export function SurveyPreview({ draft, language }: { draft: SurveyDraft; language: "en" | "zh" }) {
  const { t: read } = useTranslation("surveys");
  const { i18n } = useTranslation();
  // The page speaks the shopper's language, whatever the console speaks: its few words are in the texts twice.
  const word = (key: "say" | "low" | "high") => read(`page.${language}.${key}`);
  const { kind } = draft;
  return (
    <div
      lang={language}
      aria-label={read("form.preview")}
      role="img"
      data-preview={kind}
      className={cx("rounded-lg border bg-canvas px-4 py-6 text-center", i18n.language !== language && "[font-feature-settings:normal]")}
    >
      <p className="text-h3 font-semibold break-words">{draft.question[language] || "…"}</p>
      <div className={cx("mt-4 flex flex-wrap justify-center", kind === "nps" ? "gap-1" : "gap-1.5")}>
        {choices(kind).map((choice) => {
          const Face = kind === "stars" ? Star : FACE[choice];
          return (
            <span
              key={choice}
              className={cx(
                "flex items-center justify-center rounded-md border bg-surface",
                kind === "nps" ? "tabular size-8 text-small font-medium" : "size-10",
              )}
            >
              {Face ? <Face className={cx("size-6", kind === "stars" ? "text-wait" : "text-primary-ink")} strokeWidth={1.75} aria-hidden /> : choice}
            </span>
          );
        })}
      </div>
      {kind === "nps" && (
        <p className="mt-1.5 flex justify-between text-micro text-faint">
          <span>{word("low")}</span>
          <span>{word("high")}</span>
        </p>
      )}
      {draft.askText && <p className="mt-4 rounded-md border border-line-strong bg-surface px-3 py-2 text-left text-small text-faint">{word("say")}</p>}
      <p className="mt-4 border-t pt-3 text-small text-muted">{draft.thanks[language] || "…"}</p>
    </div>
  );
}
