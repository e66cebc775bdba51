import type { TFunction } from "i18next";

import type { useFormat } from "@/lib/useFormat";

/** The Qini coefficient of the discount model, where other models have an error as a share of the mean outcome. */
export const isQini = (model: string): boolean => model === "discount";

/** A model's `error` as it is written everywhere. */
export const errorText = (format: ReturnType<typeof useFormat>, model: string, error: number | null): string =>
  isQini(model) ? format.number(error, { minimumFractionDigits: 3, maximumFractionDigits: 3 }) : format.percent(error);

/** The same with its name. */
export const namedError = (t: TFunction<"predictions">, format: ReturnType<typeof useFormat>, model: string, error: number | null): string =>
  t(isQini(model) ? "metric.qiniIs" : "metric.errorIs", { error: errorText(format, model, error) });
