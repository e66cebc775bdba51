import type { Role } from "@/generated/documents";

/**
 * What a role may do, for hiding what would be refused. This decides nothing: `firestore.rules` and the backend do.
 */
const MAY = {
  readCustomers: ["owner", "admin", "marketer", "support"],
  readContact: ["owner", "admin", "marketer"],
  editCustomers: ["owner", "admin", "marketer"],
  lookUp: ["owner", "admin", "marketer", "support"],
  readWords: ["owner", "admin", "marketer", "support"],
  import: ["owner", "admin", "marketer"],
  attest: ["owner", "admin"],
  removeSample: ["owner", "admin"],
  recluster: ["owner", "admin", "marketer"],
  renameSegments: ["owner", "admin", "marketer"],
  manageMembers: ["owner", "admin"],
  readAudit: ["owner", "admin"],
  replayParked: ["owner", "admin"],
  runJobs: ["owner", "admin"],
  editShop: ["owner", "admin"],
  connect: ["owner", "admin"],
  readCleaning: ["owner", "admin", "marketer", "analyst"],
  readSetAside: ["owner", "admin", "marketer"],
  manageKeys: ["owner", "admin"],
  editSurveys: ["owner", "admin", "marketer"],
  judgeInsights: ["owner", "admin", "marketer"],
  askEvidence: ["owner", "admin", "marketer", "support"],
  decideProposals: ["owner", "admin", "marketer"],
  workCases: ["owner", "admin", "marketer", "support"],
  train: ["owner", "admin"],
  pinSegments: ["owner", "admin", "marketer"],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof MAY;

export const may = (role: Role, permission: Permission): boolean => (MAY[permission] as readonly Role[]).includes(role);

/** Who may, for the sentence on a page that this role may not read. */
export const whoMay = (permission: Permission): readonly Role[] => MAY[permission];
