import type { ReactNode } from "react";

import { useSession } from "@/auth/session";

import { ShopProvider } from "./shop";

export function Shell({ children }: { children: ReactNode }) {
  const session = useSession();
  return session.state === "member" ? <ShopProvider><main className="p-6">{children}</main></ShopProvider> : null;
}
