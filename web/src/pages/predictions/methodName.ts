import type { TFunction } from "i18next";

/** The name of a method in the reader's language; as the model card has it where it is a new one. */
export const methodName = (t: TFunction<"predictions">, name: string): string => t(`method.${name}`, { defaultValue: name });
