import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Logo } from "@/app/Logo";

import { LanguageMenu, ThemeMenu } from "./Preferences";

/** The screens before the console: what Timbre is on one side, the form on the other. */
export function AuthLayout({ children, wide = false }: { children: ReactNode; wide?: boolean }) {
  const { t } = useTranslation("auth");
  return (
    <div className="flex min-h-dvh flex-col lg:flex-row">
      <aside className="relative hidden w-[44%] flex-col justify-between overflow-hidden bg-[#0e1a35] p-12 text-white lg:flex">
        <div className="flex items-center gap-3 text-h2 font-semibold">
          <Logo className="size-9" />
          Timbre
        </div>
        <div className="relative z-10 max-w-lg">
          <p className="text-[32px] leading-[42px] font-semibold tracking-tight whitespace-pre-line">{t("promise")}</p>
          <p className="mt-4 text-h3 text-white/75">{t("promiseBody")}</p>
        </div>
        <Waves />
        <p className="relative z-10 text-small text-white/60">{t("promiseFoot")}</p>
      </aside>
      <main className="flex flex-1 flex-col">
        <div className="flex items-center justify-between p-4 lg:justify-end">
          <div className="flex items-center gap-2.5 text-h3 font-semibold lg:hidden">
            <Logo className="size-8" />
            Timbre
          </div>
          <div className="flex gap-1">
            <LanguageMenu />
            <ThemeMenu />
          </div>
        </div>
        <div className="flex flex-1 items-start justify-center px-5 pt-[4vh] pb-16 lg:items-center lg:pt-0">
          <div className={wide ? "w-full max-w-lg" : "w-full max-w-sm"}>{children}</div>
        </div>
      </main>
    </div>
  );
}

/** The sound of a name: bars whose heights follow three sines. Drawn, not loaded. */
function Waves() {
  return (
    <svg aria-hidden viewBox="0 0 600 240" preserveAspectRatio="none" className="absolute inset-x-0 bottom-24 h-56 w-full opacity-70">
      <defs>
        <linearGradient id="wave" gradientUnits="userSpaceOnUse" x1="0" x2="600" y1="0" y2="0">
          <stop offset="0" stopColor="#2563EB" />
          <stop offset="0.6" stopColor="#7C5CE0" />
          <stop offset="1" stopColor="#0B9384" />
        </linearGradient>
      </defs>
      {Array.from({ length: 60 }, (_, bar) => {
        const height = 14 + 80 * Math.abs(Math.sin(bar / 6.5) * Math.sin(bar / 17 + 1) + 0.28 * Math.sin(bar / 2.1));
        return <rect key={bar} x={bar * 10 + 3} y={120 - height} width="4" height={height * 2} rx="2" fill="url(#wave)" opacity={0.35 + 0.6 * (height / 120)} />;
      })}
    </svg>
  );
}
