import { Languages, Monitor, Moon, Sun } from "lucide-react";
import { useTranslation } from "react-i18next";

import { setTheme, type Theme, useTheme } from "@/app/theme";
import { Button } from "@/components/ui/Button";
import { DropdownMenu, MenuChoice } from "@/components/ui/DropdownMenu";
import { setLanguage } from "@/i18n";
import type { Language } from "@/lib/format";

const THEME_ICON = { light: <Sun aria-hidden />, dark: <Moon aria-hidden />, system: <Monitor aria-hidden /> };

export function ThemeMenu() {
  const { t } = useTranslation("frame");
  const theme = useTheme();
  return (
    <DropdownMenu
      trigger={
        <Button look="ghost" size="icon" aria-label={t("theme.label")} title={t("theme.label")}>
          {THEME_ICON[theme]}
        </Button>
      }
    >
      <MenuChoice<Theme>
        value={theme}
        onChange={setTheme}
        options={(["light", "dark", "system"] as const).map((value) => ({ value, label: t(`theme.${value}`), icon: THEME_ICON[value] }))}
      />
    </DropdownMenu>
  );
}

/** Each language is named in itself, so that it is found from the other. */
export function LanguageMenu({ onChange }: { onChange?: (language: Language) => void }) {
  const { t, i18n } = useTranslation("frame");
  return (
    <DropdownMenu
      trigger={
        <Button look="ghost" size="icon" aria-label={t("language")} title={t("language")}>
          <Languages aria-hidden />
        </Button>
      }
    >
      <MenuChoice<Language>
        value={i18n.language === "zh" ? "zh" : "en"}
        onChange={(language) => {
          void setLanguage(language);
          onChange?.(language);
        }}
        options={[
          { value: "en", label: "English" },
          { value: "zh", label: <span lang="zh">简体中文</span> },
        ]}
      />
    </DropdownMenu>
  );
}
