import { Highlighter, Minus, ThumbsDown, ThumbsUp } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Info } from "@/components/figures/Info";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { Segmented } from "@/components/ui/Tabs";
import { askEvidence } from "@/data/emotions";
import type { Row } from "@/data/live";
import type { Emotion, Feedback, SentimentName } from "@/generated/documents";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/useFormat";

import { contradiction, LOOKED, pieces, wholeOf } from "./evidence";
import { MOOD_ICON } from "./moods";

export interface EvidenceTextProps {
  words: Pick<Row<Feedback>, "id" | "title" | "text" | "language">;
  /** Live, so that evidence shows when it arrives. Undefined while loading, null where the text was not looked at yet. */
  emotion: Row<Emotion> | null | undefined;
  /** With the 28 labels: on a drill-down only. */
  labels?: boolean;
  className?: string;
}

/** After this the answer is said to take longer. */
const PATIENCE = 15_000;
const LABELS = 5;

/** A text with what a model read in it: sentiment, mood, and on demand the words that moved them. */
export function EvidenceText({ words, emotion, labels = false, className }: EvidenceTextProps) {
  const { t } = useTranslation("words");
  const [of, setOf] = useState<"sentiment" | "emotion">("sentiment");
  const evidence = emotion?.status === "scored" ? emotion.evidence : null;
  const whole = wholeOf(words);
  const marked = evidence ? pieces(whole, evidence.spans, evidence.emotion ? of : "sentiment") : null;
  return (
    <div className={cx("min-w-0", className)}>
      {marked ? (
        <p className="text-body break-words whitespace-pre-wrap" lang={words.language ?? undefined}>
          {marked.map((piece, index) =>
            piece.effect === 0 ? (
              <span key={index}>{piece.text}</span>
            ) : (
              <mark
                key={index}
                title={t(piece.effect > 0 ? "for" : "against")}
                className={cx(
                  "rounded-[3px] text-ink underline decoration-infer underline-offset-[3px]",
                  piece.effect > 0 ? "decoration-solid" : "bg-transparent decoration-dotted",
                )}
                style={{
                  textDecorationThickness: piece.effect > 0 && piece.strength > 0.5 ? 3 : 2,
                  ...(piece.effect > 0 ? { background: `color-mix(in srgb, var(--infer) ${Math.round(8 + piece.strength * 18)}%, transparent)` } : {}),
                }}
              >
                {piece.text}
                <span className="sr-only"> ({t(piece.effect > 0 ? "for" : "against")}) </span>
              </mark>
            ),
          )}
        </p>
      ) : (
        <>
          {words.title && (
            <p className="text-body font-medium" lang={words.language ?? undefined}>
              {words.title}
            </p>
          )}
          {words.text && (
            <p className="text-body break-words whitespace-pre-wrap" lang={words.language ?? undefined}>
              {words.text}
            </p>
          )}
        </>
      )}
      <div className="mt-2 flex flex-wrap items-center gap-1.5">
        <Read emotion={emotion} />
        {emotion?.status === "scored" && !evidence && <Ask feedbackId={words.id} />}
        {evidence?.emotion && (
          <Segmented<"sentiment" | "emotion">
            value={of}
            onChange={setOf}
            label={t("show")}
            options={[
              { value: "sentiment", label: t("ofSentiment") },
              { value: "emotion", label: t("ofMood") },
            ]}
          />
        )}
      </div>
      {emotion?.status === "scored" && <Contradiction emotion={emotion} />}
      {evidence && marked && <Legend cut={Array.from(whole).length > LOOKED} what={evidence.emotion && of === "emotion" ? labelName(t, evidence.emotion) : t(`sentiment.${evidence.sentiment}`)} none={marked.every((piece) => piece.effect === 0)} />}
      {labels && emotion?.status === "scored" && <Labels emotion={emotion} />}
    </div>
  );
}

const SENTIMENT: Record<SentimentName, typeof Minus> = { negative: ThumbsDown, neutral: Minus, positive: ThumbsUp };

/** What was read, or why nothing was. */
function Read({ emotion }: { emotion: Row<Emotion> | null | undefined }) {
  const { t } = useTranslation("words");
  const format = useFormat();
  if (emotion === undefined) return null;
  if (emotion === null) return <Badge>{t("notYet")}</Badge>;
  if (emotion.status !== "scored") {
    const language = emotion.status === "not supported" ? languageName(emotion.language, format.language) : null;
    return (
      <Badge>
        {language
          ? t("status.notSupported", { language })
          : emotion.status === "too short"
            ? t("status.tooShort", { count: emotion.words })
            : emotion.status === "opted out"
              ? t("status.optedOut")
              : emotion.status === "no words"
                ? t("status.noWords")
                : t("status.unknownLanguage")}
      </Badge>
    );
  }
  const made = t("made", { model: emotion.model ?? "", at: format.dateTime(emotion.scoredAt) });
  const Mark = emotion.sentiment ? SENTIMENT[emotion.sentiment.label] : Minus;
  const Mood = emotion.top ? MOOD_ICON[emotion.top] : null;
  return (
    <>
      {emotion.sentiment && (
        <span title={made}>
          <Badge tone="infer" icon={<Mark aria-hidden />}>
            {t("share", { mood: t(`sentiment.${emotion.sentiment.label}`), share: format.percent(emotion.sentiment[emotion.sentiment.label], 0) })}
          </Badge>
        </span>
      )}
      {emotion.top && Mood && (
        <span title={made}>
          <Badge tone="infer" icon={<Mood aria-hidden />}>
            {emotion.groups ? t("share", { mood: t(`mood.${emotion.top}`), share: format.percent(emotion.groups[emotion.top], 0) }) : t(`mood.${emotion.top}`)}
          </Badge>
        </span>
      )}
    </>
  );
}

function Ask({ feedbackId }: { feedbackId: string }) {
  const { t } = useTranslation("words");
  const format = useFormat();
  const role = useRole();
  const [state, setState] = useState<"idle" | "asked" | "slow">("idle");
  useEffect(() => {
    if (state !== "asked") return undefined;
    const timer = setTimeout(() => setState("slow"), PATIENCE);
    return () => clearTimeout(timer);
  }, [state]);
  if (!may(role, "askEvidence")) return null;
  const ask = async () => {
    setState("asked");
    if (!(await askEvidence(feedbackId, format.language))) setState("idle");
  };
  return (
    <>
      <Button size="sm" look="ghost" className="h-6 px-2 text-small" busy={state === "asked"} icon={<Highlighter aria-hidden />} onClick={() => void ask()}>
        {t(state === "asked" ? "asked" : "ask")}
      </Button>
      {state === "slow" && <span className="text-small text-faint">{t("slow")}</span>}
    </>
  );
}

/** Stars against words: irony, or the wrong star; nobody here can tell which. */
function Contradiction({ emotion }: { emotion: Row<Emotion> }) {
  const { t } = useTranslation("words");
  const kinder = contradiction(emotion);
  if (kinder === null) return null;
  return (
    <p className="mt-1.5 flex flex-wrap items-center gap-1 text-small text-muted">
      {t("disagree")}
      {kinder === "words" && <Info about={t("disagree")}>{t("disagreeMade")}</Info>}
    </p>
  );
}

function Legend({ what, none, cut }: { what: string; none: boolean; cut: boolean }) {
  const { t } = useTranslation("words");
  const format = useFormat();
  return (
    <p className="mt-1.5 text-small text-faint">
      {none ? (
        t("nothingAlone", { what })
      ) : (
        <>
          <span className="underline decoration-infer decoration-2 underline-offset-[3px]">{t("for")}</span> {t("means", { what })}{" "}
          <span className="underline decoration-infer decoration-dotted decoration-2 underline-offset-[3px]">{t("against")}</span>. {t("method")}
        </>
      )}
      {cut && <> {t("looked", { characters: format.number(LOOKED) })}</>}
    </p>
  );
}

/** The finer labels: English words only, so they stand behind a drill-down. */
function Labels({ emotion }: { emotion: Row<Emotion> }) {
  const { t } = useTranslation("words");
  const format = useFormat();
  const found = Object.entries(emotion.emotions)
    .sort((a, b) => b[1] - a[1])
    .slice(0, LABELS);
  if (found.length === 0) return null;
  const over = new Set(emotion.emotionLabels);
  return (
    <p className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-0.5 text-small text-muted">
      <Badge>{t("englishOnly")}</Badge>
      {found.map(([label, share]) => (
        <span key={label} className={cx("tabular", over.has(label) && "font-semibold text-infer")} title={over.has(label) ? t("overThreshold") : undefined}>
          {labelName(t, label)} {format.percent(share, 0)}
          {over.has(label) && <span className="sr-only"> ({t("overThreshold")})</span>}
        </span>
      ))}
    </p>
  );
}

function labelName(t: (key: string, options: { defaultValue: string }) => string, label: string): string {
  return t(`label.${label}`, { defaultValue: t(`mood.${label}`, { defaultValue: label }) });
}

/** The name of a language by its tag; null where the tag says that it is not known. */
function languageName(tag: string, language: "en" | "zh"): string | null {
  if (tag === "und") return null;
  try {
    return new Intl.DisplayNames(language === "zh" ? "zh-CN" : "en-GB", { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
