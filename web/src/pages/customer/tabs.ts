/** The parts of the page that share its middle; `about` and `figures` are columns of their own on a wide screen. */
export const TABS = ["timeline", "orders", "carts", "browsing", "words", "deliveries"] as const;
export const SIDE_TABS = ["about", "figures"] as const;

export type CustomerTab = (typeof TABS)[number] | (typeof SIDE_TABS)[number];
