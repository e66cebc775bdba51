import { createContext, type ReactNode, use, useMemo } from "react";

import { useDoc } from "@/data/live";
import type { ActiveSegmentation, Shop } from "@/generated/documents";

export interface ShopState {
  /** Null while loading and for a shop that was never set up. */
  shop: Shop | null;
  loaded: boolean;
  /** The reporting currency; USD until the shop is known. */
  currency: string;
  /** IANA zone; UTC until the shop is known. */
  zone: string;
  /** Version of the segmentation that counts; null before the first one. */
  active: number | null;
  /** A later version was begun: customers may be written for it, and count where they were before. */
  pending: boolean;
}

const UNSAID = { name: "", rates: {}, onboarding: {}, sample: false, real: false };

const Context = createContext<ShopState>({ shop: null, loaded: false, currency: "USD", zone: "UTC", active: null, pending: false });

/** The shop and the pointer to its segmentation, live for every page below. Two documents. */
export function ShopProvider({ children }: { children: ReactNode }) {
  const { state, data: shop } = useDoc<Shop>("settings/shop");
  const { data: segmentation } = useDoc<ActiveSegmentation>("config/segmentation");
  const value = useMemo<ShopState>(
    () => ({
      // The first mark on a shop may come before its settings: what is not said yet is nothing, not an error.
      shop: shop ? { ...UNSAID, ...shop } : null,
      loaded: state !== "loading",
      currency: shop?.currency ?? "USD",
      zone: shop?.zone ?? "UTC",
      active: segmentation?.active || null,
      pending: !!segmentation && segmentation.nextVersion > segmentation.active + 1,
    }),
    [state, shop, segmentation],
  );
  return <Context value={value}>{children}</Context>;
}

export const useShop = (): ShopState => use(Context);
