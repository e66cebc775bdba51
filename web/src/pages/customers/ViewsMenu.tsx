import { Bookmark, Columns3, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { DropdownMenu, MenuCheck, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/DropdownMenu";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { toast } from "@/components/ui/toast-store";
import { COLUMNS, type Column } from "@/data/customers";
import { deleteView, saveView, type View } from "@/data/customers-views";

/** Which columns the table shows; kept for this person. */
export function ColumnsMenu({ shown, onChange }: { shown: readonly Column[]; onChange: (columns: Column[]) => void }) {
  const { t } = useTranslation("customers");
  return (
    <DropdownMenu
      trigger={
        <Button size="sm" icon={<Columns3 aria-hidden />}>
          {t("columns")}
        </Button>
      }
    >
      {COLUMNS.map((column) => (
        <MenuCheck
          key={column}
          checked={shown.includes(column)}
          onChange={(checked) =>
            onChange(COLUMNS.filter((known) => (known === column ? checked : shown.includes(known))))
          }
        >
          {t(`column.${column}`)}
        </MenuCheck>
      ))}
    </DropdownMenu>
  );
}

export interface ViewsMenuProps {
  uid: string;
  views: readonly View[];
  /** What is on the screen now, to be saved under a name. */
  current: Pick<View, "search" | "columns">;
  onOpen: (view: View) => void;
}

/** Named questions of this person: open, save, remove. */
export function ViewsMenu({ uid, views, current, onOpen }: ViewsMenuProps) {
  const { t } = useTranslation(["customers", "common"]);
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState("");
  const failed = () => toast({ tone: "bad", title: t("views.failed") });
  const save = () => {
    const given = name.trim();
    if (!given) return;
    setNaming(false);
    setName("");
    saveView(uid, { name: given, ...current }).then(
      () => toast({ tone: "good", title: t("views.saved", { name: given }) }),
      failed,
    );
  };
  return (
    <>
      <DropdownMenu
        trigger={
          <Button size="sm" icon={<Bookmark aria-hidden />}>
            {t("views.title")}
          </Button>
        }
      >
        {views.length > 0 && <MenuLabel>{t("views.open")}</MenuLabel>}
        {views.map((view) => (
          <MenuItem key={view.id} onSelect={() => onOpen(view)}>
            <span className="max-w-56 truncate">{view.name}</span>
          </MenuItem>
        ))}
        {views.length > 0 && <MenuSeparator />}
        <MenuItem icon={<Plus aria-hidden />} onSelect={() => setNaming(true)}>
          {t("views.save")}
        </MenuItem>
        {views.length > 0 && <MenuSeparator />}
        {views.map((view) => (
          <MenuItem
            key={view.id}
            icon={<Trash2 aria-hidden />}
            danger
            onSelect={() => {
              deleteView(uid, view.id).then(
                () =>
                  toast({
                    tone: "plain",
                    title: t("views.removed", { name: view.name }),
                    action: { label: t("views.undo"), run: () => void saveView(uid, view).catch(failed) },
                  }),
                failed,
              );
            }}
          >
            {t("views.remove", { name: view.name })}
          </MenuItem>
        ))}
      </DropdownMenu>
      <Dialog
        open={naming}
        onOpenChange={setNaming}
        title={t("views.save")}
        description={t("views.hint")}
        footer={
          <>
            <Button onClick={() => setNaming(false)}>{t("common:cancel")}</Button>
            <Button look="primary" disabled={!name.trim()} onClick={save}>
              {t("common:save")}
            </Button>
          </>
        }
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <Field label={t("views.name")}>
            {(ids) => (
              <Input
                {...ids}
                autoComplete="off"
                value={name}
                maxLength={80}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
        </form>
      </Dialog>
    </>
  );
}
