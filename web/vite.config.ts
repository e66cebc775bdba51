import { fileURLToPath } from "node:url";

import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/**
 * Two builds of one console:
 * `emulator` (web/dist) reads /emulators.json, offers demo sign-in and talks to the local suite;
 * `production` (web/dist-production) reads /__/firebase/init.json and carries no trace of either.
 */
export default defineConfig(({ mode }) => ({
  plugins: [react(), tailwind()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: mode === "production" ? "dist-production" : "dist",
    emptyOutDir: true,
    target: "es2022",
    // The chart library is one lazy file of about 190 KB gzipped; scripts/size.mjs guards the initial script instead.
    chunkSizeWarningLimit: 900,
    manifest: true,
  },
  server: { host: "127.0.0.1", port: 5173 },
  test: {
    environment: "happy-dom",
    // A loaded machine draws a dialog slowly; a test that hangs still ends.
    testTimeout: 30_000,
    include: ["src/**/*.test.{ts,tsx}", "tests/**/*.test.ts"],
    restoreMocks: true,
  },
}));
