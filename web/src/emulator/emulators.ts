import type { Role } from "@/generated/documents";

export interface DemoAccount {
  email: string;
  password: string;
  role: Role;
  name: string;
}

export interface Emulators {
  projectId: string;
  region: string;
  /** URL of the Auth emulator. */
  auth: string;
  firestore: { host: string; port: number };
  functions: { host: string; port: number };
  demo: DemoAccount[];
}

let loaded: Promise<Emulators> | undefined;

/** What `scripts/firebase` wrote beside the build; asked for once. */
export function loadEmulators(): Promise<Emulators> {
  loaded ??= fetch("/emulators.json").then((response) => {
    if (!response.ok) throw new Error(`emulators.json: ${response.status}`);
    return response.json() as Promise<Emulators>;
  });
  return loaded;
}
