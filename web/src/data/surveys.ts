/** A survey's question as it is being written, and what is still missing. */

import type { Survey } from "@/generated/documents";

export const SURVEY_KINDS = ["smileys", "stars", "nps"] as const satisfies readonly Survey["kind"][];
export const QUESTION_LENGTH = 200;

export interface SurveyDraft {
  name: string;
  kind: Survey["kind"];
  askText: boolean;
  question: { en: string; zh: string };
  thanks: { en: string; zh: string };
}

export const EMPTY_SURVEY: SurveyDraft = {
  name: "",
  kind: "smileys",
  askText: true,
  question: { en: "How was your order?", zh: "您对这次购物满意吗？" },
  thanks: { en: "Thank you. It helps us more than you think.", zh: "谢谢您！您的意见对我们非常重要。" },
};

export const draftOf = ({ name, kind, askText, question, thanks }: Survey): SurveyDraft => ({
  name,
  kind,
  askText,
  question: { ...question },
  thanks: { ...thanks },
});

export type SurveyField = "name" | "question.en" | "question.zh" | "thanks.en" | "thanks.zh";

/** Fields that are still empty: a shopper reads one of the two languages, so neither may be missing. */
export function emptyFields(draft: SurveyDraft): SurveyField[] {
  const texts: [SurveyField, string][] = [
    ["name", draft.name],
    ["question.en", draft.question.en],
    ["question.zh", draft.question.zh],
    ["thanks.en", draft.thanks.en],
    ["thanks.zh", draft.thanks.zh],
  ];
  return texts.filter(([, text]) => !text.trim()).map(([field]) => field);
}

/** Answers that one tap can give, in order. */
export function choices(kind: Survey["kind"]): string[] {
  if (kind === "stars") return ["1", "2", "3", "4", "5"];
  if (kind === "nps") return Array.from({ length: 11 }, (_, score) => String(score));
  return ["awful", "poor", "fair", "good", "great"];
}
