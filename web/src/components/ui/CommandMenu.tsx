import { CornerDownLeft, Search } from "lucide-react";
import { Dialog } from "radix-ui";
import { useEffect, useId, useRef, useState, type ReactNode } from "react";

import { cx } from "@/lib/cx";

import { Skeleton } from "./Skeleton";

export interface Command {
  id: string;
  label: ReactNode;
  hint?: ReactNode;
  icon?: ReactNode;
  run: () => void;
}

export interface CommandGroup {
  id: string;
  title: string;
  commands: readonly Command[];
}

export interface CommandMenuProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  label: string;
  placeholder: string;
  query: string;
  onQuery: (query: string) => void;
  groups: readonly CommandGroup[];
  /** More may come: shown as a line at the end, the list stays usable. */
  searching?: boolean;
  empty: ReactNode;
  footer?: ReactNode;
}

/** A search box over everything: arrows choose, Enter runs, Escape closes. The caller decides what matches. */
export function CommandMenu({ open, onOpenChange, label, placeholder, query, onQuery, groups, searching, empty, footer }: CommandMenuProps) {
  const list = useId();
  const flat = groups.flatMap((group) => group.commands);
  const [chosen, setChosen] = useState<string | null>(null);
  const active = flat.find((command) => command.id === chosen) ?? flat[0];
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [active?.id]);
  const step = (by: number) => {
    const at = flat.findIndex((command) => command.id === active?.id);
    setChosen(flat[(at + by + flat.length) % flat.length]?.id ?? null);
  };
  const run = (command: Command | undefined) => {
    if (!command) return;
    onOpenChange(false);
    command.run();
  };
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fade-in fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          className="pop fixed inset-x-3 top-3 z-50 flex max-h-[min(560px,calc(100dvh-24px))] flex-col overflow-hidden rounded-lg border bg-raised shadow-float sm:inset-x-auto sm:top-[14vh] sm:left-1/2 sm:w-[620px] sm:-translate-x-1/2"
          onKeyDown={(event) => {
            // An input method that is composing Chinese owns Enter and the arrows.
            if (event.nativeEvent.isComposing) return;
            if (event.key === "ArrowDown") step(1);
            else if (event.key === "ArrowUp") step(-1);
            else if (event.key === "Enter") run(active);
            else return;
            event.preventDefault();
          }}
        >
          <Dialog.Title className="sr-only">{label}</Dialog.Title>
          <div className="flex items-center gap-3 border-b px-4">
            <Search className="size-[18px] shrink-0 text-faint" aria-hidden />
            <input
              autoFocus
              role="combobox"
              aria-expanded
              aria-controls={list}
              aria-activedescendant={active ? `${list}-${active.id}` : undefined}
              aria-label={label}
              className="h-13 w-full bg-transparent text-h3 outline-none placeholder:text-faint"
              placeholder={placeholder}
              value={query}
              onChange={(event) => onQuery(event.target.value)}
            />
          </div>
          <div ref={box} id={list} role="listbox" aria-label={label} className="min-h-0 flex-1 overflow-y-auto p-2">
            {groups.map((group) =>
              group.commands.length === 0 ? null : (
                <div key={group.id} role="group" aria-label={group.title} className="mb-1">
                  <p className="px-2.5 pt-2 pb-1 text-small font-medium text-faint">{group.title}</p>
                  {group.commands.map((command) => (
                    <div
                      key={command.id}
                      id={`${list}-${command.id}`}
                      role="option"
                      aria-selected={command.id === active?.id}
                      onMouseMove={() => setChosen(command.id)}
                      onClick={() => run(command)}
                      className={cx(
                        "flex cursor-pointer items-center gap-3 rounded-md px-2.5 py-2 text-body [&_svg]:size-4 [&_svg]:shrink-0",
                        command.id === active?.id && "bg-primary-soft",
                      )}
                    >
                      <span className="flex size-6 shrink-0 items-center justify-center text-muted">{command.icon}</span>
                      <span className="min-w-0 flex-1 truncate">{command.label}</span>
                      {command.hint && <span className="shrink-0 truncate text-small text-faint">{command.hint}</span>}
                      {command.id === active?.id && <CornerDownLeft className="text-faint" aria-hidden />}
                    </div>
                  ))}
                </div>
              ),
            )}
            {searching && (
              <div className="flex items-center gap-3 px-2.5 py-2" role="status">
                <Skeleton className="size-6 rounded-full" />
                <Skeleton className="h-3.5 w-48" />
              </div>
            )}
            {flat.length === 0 && !searching && <div className="px-3 py-8 text-center text-body text-muted">{empty}</div>}
          </div>
          {footer && <div className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t px-4 py-2 text-small text-faint">{footer}</div>}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
