import { clsx, type ClassValue } from "clsx";

/** Class names, falsy ones left out. A component's own classes come first, the caller's last; they are not merged. */
export const cx = (...parts: ClassValue[]): string => clsx(parts);
