import { Link } from "@tanstack/react-router";
import { CircleHelp, LogOut, Search } from "lucide-react";
import { useTranslation } from "react-i18next";

import { LanguageMenu, ThemeMenu } from "@/auth/Preferences";
import { useMember } from "@/auth/session";
import { signOut } from "@/auth/signOut";
import { Avatar } from "@/components/ui/Avatar";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { DropdownMenu, MenuItem, MenuSeparator } from "@/components/ui/DropdownMenu";
import { Kbd } from "@/components/ui/Kbd";
import { callConsole } from "@/data/console";

import { Logo } from "./Logo";
import { searchKey } from "./useShortcuts";

/** Search, language, theme and who is signed in. */
export function TopBar({ onSearch, onHelp }: { onSearch: () => void; onHelp: () => void }) {
  const { t } = useTranslation("frame");
  const member = useMember();
  return (
    <header className="sticky top-0 z-30 flex h-14 items-center gap-2 border-b bg-surface/92 px-3 backdrop-blur-md md:px-8">
      <Link to="/" className="flex items-center gap-2 text-h3 font-semibold md:hidden">
        <Logo className="size-8" />
        <span>Timbre</span>
      </Link>
      <button
        type="button"
        onClick={onSearch}
        className="hidden h-9 w-full max-w-md items-center gap-2.5 rounded-md border bg-canvas px-3 text-table text-faint transition-colors duration-150 hover:border-line-strong md:flex"
      >
        <Search className="size-4 shrink-0" aria-hidden />
        <span className="flex-1 truncate text-left">{t("search.open")}</span>
        <Kbd>{searchKey}</Kbd>
      </button>
      <div className="ml-auto flex items-center gap-0.5">
        <Button look="ghost" size="icon" className="hidden md:inline-flex" aria-label={t("help.title")} title={t("help.title")} onClick={onHelp}>
          <CircleHelp aria-hidden />
        </Button>
        <LanguageMenu onChange={(language) => void callConsole("session.language", { language }).catch(() => undefined)} />
        <ThemeMenu />
        <DropdownMenu
          trigger={
            <button type="button" className="ml-1.5 flex items-center gap-2 rounded-full py-0.5 pr-0.5 pl-0.5 hover:bg-subtle md:pr-2.5">
              <Avatar name={member.name} />
              <span className="hidden text-left leading-4 md:block">
                <span className="block max-w-36 truncate text-table font-medium">{member.name}</span>
                <span className="block text-micro text-faint">{t(`common:role.${member.role}`)}</span>
              </span>
              <span className="sr-only">{t("person")}</span>
            </button>
          }
        >
          <div className="px-2.5 pt-2 pb-2.5">
            <p className="text-body font-medium">{member.name}</p>
            <p className="mb-1.5 text-small text-faint">{member.email}</p>
            <Badge tone="primary">{t(`common:role.${member.role}`)}</Badge>
          </div>
          <MenuSeparator />
          <MenuItem icon={<CircleHelp aria-hidden />} onSelect={onHelp}>
            {t("help.title")}
          </MenuItem>
          <MenuItem icon={<LogOut aria-hidden />} onSelect={() => void signOut()}>
            {t("auth:signOut")}
          </MenuItem>
        </DropdownMenu>
      </div>
    </header>
  );
}
