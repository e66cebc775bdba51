import { Link } from "@tanstack/react-router";
import { Plus, Wand2, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { Input } from "@/components/ui/Input";
import { toast } from "@/components/ui/toast-store";
import { Tooltip } from "@/components/ui/Tooltip";
import { callConsole, toConsoleError } from "@/data/console";
import { splitTags } from "@/data/customers-one";
import type { Row } from "@/data/live";
import type { AutoTag, Customer } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

/** Tags by who gave them: members (to add and remove), models and rules with their reasons, and sources. */
export function TagsCard({ customer }: { customer: Row<Customer> }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const edits = may(useRole(), "editCustomers") && !customer.mergedInto;
  const [adding, setAdding] = useState(false);
  const { manual, source = [], auto } = customer.tags;
  // Rows of before there were models have no such field.
  const { modelTags = [] } = customer;
  const model = customer.profiling === "opted out" ? [] : modelTags;
  const change = async (add: string[], remove: string[], quiet = false): Promise<void> => {
    try {
      await callConsole("people.tag", { customerIds: [customer.id], add, remove });
      const gone = remove[0];
      if (gone && !quiet) {
        toast({
          tone: "plain",
          title: t("tags.removed", { tag: gone }),
          action: { label: t("undo"), run: () => void change([gone], [], true) },
        });
      }
    } catch (error) {
      toast({ tone: "bad", title: toConsoleError(error).say(format.language) });
    }
  };
  return (
    <Card
      title={t("tags.title")}
      actions={
        edits && (
          <Button look="ghost" size="icon-sm" aria-label={t("tags.add")} onClick={() => setAdding(true)}>
            <Plus aria-hidden />
          </Button>
        )
      }
    >
      {adding && (
        <AddTag
          onAdd={(tags) => {
            setAdding(false);
            if (tags.length > 0) void change(tags, []);
          }}
          onClose={() => setAdding(false)}
        />
      )}
      {manual.length > 0 && (
        <Group label={t("tags.manual")}>
          {manual.map((tag) => (
            <Badge key={tag} tone="primary" className="max-w-full">
              <span className="truncate">{tag}</span>
              {edits && (
                <button
                  type="button"
                  aria-label={t("tags.remove", { tag })}
                  className="-mr-1 flex size-4 items-center justify-center rounded-full hover:bg-primary/15"
                  onClick={() => void change([], [tag])}
                >
                  <X aria-hidden />
                </button>
              )}
            </Badge>
          ))}
        </Group>
      )}
      {model.length > 0 && (
        <div className="mt-3 first:mt-0">
          <h3 className="mb-1.5 text-small font-medium text-muted">{t("tags.model")}</h3>
          <ul className="flex flex-col gap-2">
            {model.map((tag) => (
              <ByModel key={tag.tag} tag={tag} customerId={customer.id} />
            ))}
          </ul>
        </div>
      )}
      {auto.length > 0 && (
        <Group label={t("tags.auto")}>
          {auto.map((tag) => (
            <ByRule key={typeof tag === "string" ? tag : tag.tag} tag={tag} />
          ))}
        </Group>
      )}
      {source.length > 0 && (
        <Group label={t("tags.source")}>
          {source.map((tag) => (
            <Badge key={tag} className="max-w-full">
              <span className="truncate">{tag}</span>
            </Badge>
          ))}
        </Group>
      )}
      {manual.length + auto.length + source.length + model.length === 0 && !adding && (
        <p className="text-table text-muted">{t(edits ? "tags.none" : "tags.noneYet")}</p>
      )}
    </Card>
  );
}

function Group({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="mt-3 first:mt-0">
      <h3 className="mb-1.5 text-small font-medium text-muted">{label}</h3>
      <div className="flex flex-wrap gap-1.5">{children}</div>
    </div>
  );
}

/** A tag that a rule gave; its reason comes on hover, on focus and to screen readers. */
function ByRule({ tag }: { tag: AutoTag }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  const name = t(`autoTag.${tag.tag}`, { defaultValue: tag.tag });
  return (
    <Tooltip content={format.text(tag.reason)}>
      <span tabIndex={0} className="rounded-full">
        <Badge tone={tag.model ? "infer" : "neutral"} icon={<Wand2 aria-hidden />}>
          {name}
        </Badge>
        <span className="sr-only">: {format.text(tag.reason)}</span>
      </span>
    </Tooltip>
  );
}

/** A tag that was inferred: why, until when, and the way to the words it rests on. */
function ByModel({ tag, customerId }: { tag: AutoTag; customerId: string }) {
  const { t } = useTranslation("customer");
  const format = useFormat();
  return (
    <li className="text-small text-muted">
      <Badge tone="infer" className="max-w-full">
        <span className="truncate">{t(`modelTag.${tag.tag}`, { defaultValue: tag.tag })}</span>
        <span className="sr-only"> ({t("inferred")})</span>
      </Badge>
      <p className="mt-0.5 break-words">{format.text(tag.reason)}</p>
      <p className="flex flex-wrap gap-x-2 text-faint">
        {tag.until && <span>{t("tags.until", { date: format.date(tag.until) })}</span>}
        {tag.evidence && (
          <Link
            to="/customers/$customerId"
            params={{ customerId }}
            search={{ tab: "words" }}
            resetScroll={false}
            className="rounded-sm text-primary-ink underline"
          >
            {t("tags.toWords")}
          </Link>
        )}
      </p>
    </li>
  );
}

function AddTag({ onAdd, onClose }: { onAdd: (tags: string[]) => void; onClose: () => void }) {
  const { t } = useTranslation("customer");
  const [text, setText] = useState("");
  return (
    <form
      className="mb-3"
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(splitTags(text));
      }}
    >
      <Input
        autoFocus
        autoComplete="off"
        aria-label={t("tags.add")}
        placeholder={t("tags.placeholder")}
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onClose()}
        onBlur={() => (text.trim() ? onAdd(splitTags(text)) : onClose())}
      />
    </form>
  );
}
