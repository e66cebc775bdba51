import { Logo } from "./Logo";

/** The half second before anything is known. */
export function Splash() {
  return (
    <div className="flex min-h-dvh items-center justify-center" role="status" aria-busy aria-label="Timbre">
      <Logo className="size-10 animate-pulse" />
    </div>
  );
}
