import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { copyText } from "@/lib/copy";

import { Button, type ButtonProps } from "./Button";
import { toast } from "./toast-store";

export interface CopyButtonProps extends Omit<ButtonProps, "onClick" | "icon" | "children"> {
  text: string;
  /** What is copied, when it is not plain from where the button stands. */
  label?: string;
}

/** Copies and says so in its own place for a moment. */
export function CopyButton({ text, label, size = "sm", ...rest }: CopyButtonProps) {
  const { t } = useTranslation("common");
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button
      {...rest}
      size={size}
      icon={copied ? <Check className="text-good" aria-hidden /> : <Copy aria-hidden />}
      onClick={() =>
        void copyText(text).then((done) => {
          if (done) setCopied(true);
          else toast({ tone: "bad", title: t("copyFailed") });
        })
      }
    >
      <span aria-live="polite">{copied ? t("copied") : (label ?? t("copy"))}</span>
    </Button>
  );
}
