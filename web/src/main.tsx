import "@fontsource-variable/inter";
import "./tokens.css";

import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { router } from "./app/routes";
import { StartFailed } from "./app/StartFailed";
import { SessionProvider } from "./auth/session";
import { Toaster } from "./components/ui/Toast";
import { TooltipProvider } from "./components/ui/Tooltip";
import { connect } from "./firebase";
import { startI18n } from "./i18n";

const place = document.getElementById("root");
if (!place) throw new Error("index.html has no #root");
const root = createRoot(place);

try {
  await Promise.all([connect(), startI18n()]);
  root.render(
    <StrictMode>
      <TooltipProvider delayDuration={250}>
        <SessionProvider>
          <RouterProvider router={router} />
        </SessionProvider>
        <Toaster />
      </TooltipProvider>
    </StrictMode>,
  );
} catch (error) {
  console.error(error);
  root.render(<StartFailed />);
}
