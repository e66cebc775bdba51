import { Check, ChevronDown, X } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Input } from "@/components/ui/Input";
import { Popover } from "@/components/ui/Popover";
import { cx } from "@/lib/cx";

export interface ChipOption {
  value: string;
  label: string;
  icon?: ReactNode;
}

export interface FilterChipProps {
  label: string;
  value: string | null;
  options: readonly ChipOption[];
  onChange: (value: string | null) => void;
  /** What is typed may be asked for too, where the options are only those that the screen happens to know. */
  free?: boolean;
}

/** A filter as a pill: says what is chosen, opens a list with a search box when it is long, and is removed by its cross. */
export function FilterChip({ label, value, options, onChange, free = false }: FilterChipProps) {
  const { t } = useTranslation("customers");
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const chosen = options.find((option) => option.value === value);
  const found = options.filter((option) =>
    `${option.label} ${option.value}`.toLowerCase().includes(typed.trim().toLowerCase()),
  );
  const own = typed.trim();
  if (free && own && !options.some((option) => option.value === own)) found.unshift({ value: own, label: own });
  const change = (next: boolean) => {
    setTyped("");
    setOpen(next);
  };
  const pick = (next: string | null) => {
    change(false);
    onChange(next);
  };
  return (
    <span
      className={cx(
        "inline-flex h-8 max-w-full items-center rounded-full border text-table font-medium transition-colors duration-150",
        value
          ? "border-primary/30 bg-primary-soft text-primary-ink"
          : "border-line-strong bg-surface text-muted hover:text-ink",
      )}
    >
      <Popover
        open={open}
        onOpenChange={change}
        trigger={
          <button
            type="button"
            className={cx(
              "inline-flex h-full min-w-0 items-center gap-1.5 rounded-full pl-3",
              value ? "pr-1" : "pr-2.5",
            )}
          >
            <span className="truncate">
              {label}
              {value && (
                <>
                  {": "}
                  <b className="font-semibold">{chosen?.label ?? value}</b>
                </>
              )}
            </span>
            {!value && <ChevronDown className="size-3.5 shrink-0 text-faint" aria-hidden />}
          </button>
        }
      >
        <div className="-m-2 w-60">
          {(free || options.length > 9) && (
            <Input
              aria-label={t("filter.search", { label })}
              placeholder={t("filter.search", { label })}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter" && found[0]) pick(found[0].value);
              }}
              className="mb-1.5"
            />
          )}
          <ul className="max-h-72 overflow-y-auto" aria-label={label}>
            {found.map((option) => (
              <li key={option.value}>
                <button
                  type="button"
                  aria-pressed={option.value === value}
                  className="flex w-full items-center gap-2 rounded-sm px-2 py-1.5 text-left text-table hover:bg-subtle focus-visible:outline-offset-[-2px]"
                  onClick={() => pick(option.value === value ? null : option.value)}
                >
                  {option.icon}
                  <span className="min-w-0 flex-1 truncate">{option.label}</span>
                  {option.value === value && <Check className="size-4 text-primary-ink" aria-hidden />}
                </button>
              </li>
            ))}
            {found.length === 0 && <li className="px-2 py-3 text-table text-faint">{t("filter.nothing")}</li>}
          </ul>
        </div>
      </Popover>
      {value && (
        <button
          type="button"
          aria-label={t("filter.remove", { label })}
          className="mr-1 flex size-6 items-center justify-center rounded-full hover:bg-primary/15"
          onClick={() => onChange(null)}
        >
          <X className="size-3.5" aria-hidden />
        </button>
      )}
    </span>
  );
}
