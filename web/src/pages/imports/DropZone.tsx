import { FileUp } from "lucide-react";
import { useRef, useState, type DragEvent } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";
import { cx } from "@/lib/cx";

/** Where files are dropped or chosen; several at once. Names decide nothing, so any file may be chosen. */
export function DropZone({ onFiles, small = false }: { onFiles: (files: File[]) => void; small?: boolean }) {
  const { t } = useTranslation("imports");
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length > 0) onFiles(files);
  };
  return (
    <div
      data-testid="drop"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={cx(
        "flex items-center justify-center gap-4 rounded-lg border-2 border-dashed px-6 text-center transition-colors duration-150",
        small ? "flex-wrap py-4" : "flex-col py-12",
        over ? "border-primary bg-primary-soft" : "border-line-strong bg-surface",
      )}
    >
      {!small && (
        <span className="flex size-12 items-center justify-center rounded-full bg-primary-soft text-primary-ink">
          <FileUp className="size-6" aria-hidden />
        </span>
      )}
      <div>
        <p className={cx("font-semibold", small ? "text-body" : "text-h3")}>
          {small ? t("drop.another") : t("drop.title")}
        </p>
        {!small && <p className="text-body text-muted">{t("drop.hint")}</p>}
      </div>
      <Button look={small ? "secondary" : "primary"} onClick={() => input.current?.click()}>
        {t("drop.choose")}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        className="sr-only"
        tabIndex={-1}
        aria-label={t("drop.choose")}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          // The same file may be chosen again after it was taken away.
          event.target.value = "";
          if (files.length > 0) onFiles(files);
        }}
      />
    </div>
  );
}
