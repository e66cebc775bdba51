import { useRouterState } from "@tanstack/react-router";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useRole } from "@/auth/session";
import { Banner } from "@/components/ui/Banner";
import { useConnectionLost } from "@/data/connection";

import { BottomBar } from "./BottomBar";
import { Rail } from "./Rail";
import { SampleRibbon } from "./SampleRibbon";
import { SearchMenu } from "./SearchMenu";
import { ShopProvider } from "./shop";
import { ShortcutHelp } from "./ShortcutHelp";
import { TopBar } from "./TopBar";
import { useShortcuts } from "./useShortcuts";

const RAIL_KEY = "timbre.rail";

/** The frame around every page: rail, top bar, search, and on a phone the bottom bar. */
export function Shell({ children }: { children: ReactNode }) {
  const { t } = useTranslation("frame");
  const role = useRole();
  const lost = useConnectionLost();
  const [searching, setSearching] = useState(false);
  const [helping, setHelping] = useState(false);
  const [narrow, setNarrow] = useState(() => localStorage.getItem(RAIL_KEY) === "narrow");
  const path = useRouterState({ select: (state) => state.location.pathname });
  const toggleRail = useCallback(() => {
    setNarrow((now) => {
      localStorage.setItem(RAIL_KEY, now ? "wide" : "narrow");
      return !now;
    });
  }, []);
  useShortcuts({ role, search: () => setSearching(true), help: () => setHelping(true), rail: toggleRail });
  useEffect(() => {
    // A new page is read from its top: screen readers and the keyboard start there too.
    document.getElementById("main")?.focus({ preventScroll: true });
  }, [path]);
  return (
    <ShopProvider>
      <a
        href="#main"
        className="fixed top-2 left-2 z-[70] -translate-y-16 rounded-md bg-primary px-4 py-2 font-medium text-white transition-transform focus:translate-y-0"
      >
        {t("skip")}
      </a>
      <div className="flex min-h-dvh">
        <Rail narrow={narrow} onToggle={toggleRail} />
        <div className="flex min-w-0 flex-1 flex-col">
          <SampleRibbon />
          <TopBar onSearch={() => setSearching(true)} onHelp={() => setHelping(true)} />
          {lost && (
            <Banner tone="wait" className="mx-4 mt-3 md:mx-8">
              {t("common:offline")}
            </Banner>
          )}
          <main id="main" tabIndex={-1} className="mx-auto w-full max-w-[1360px] flex-1 px-4 pt-5 pb-24 outline-none md:px-8 md:pt-7 md:pb-12">
            {children}
          </main>
        </div>
      </div>
      <BottomBar onSearch={() => setSearching(true)} />
      {searching && <SearchMenu onClose={() => setSearching(false)} />}
      <ShortcutHelp open={helping} onOpenChange={setHelping} />
    </ShopProvider>
  );
}
