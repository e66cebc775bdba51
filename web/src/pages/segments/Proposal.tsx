import { ArrowRight, GitPullRequestArrow } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { may, whoMay } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { decideProposal, sizeChanges } from "@/data/segments";
import type { Localized, Segmentation } from "@/generated/documents";
import { useFormat } from "@/lib/useFormat";

import { MoversLink } from "./MoversLink";

export interface ProposalProps {
  proposal: Segmentation;
  now: Segmentation | null;
  names: ReadonlyMap<string, Localized>;
}

const MOVES = 6;

/** A recluster that changes too much to be put in force by itself: before and after, who moves, Publish or Keep. */
export function Proposal({ proposal, now, names }: ProposalProps) {
  const { t, i18n } = useTranslation("segments");
  const format = useFormat();
  const role = useRole();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState<"publish" | "keep" | null>(null);
  const decide = async (decision: "publish" | "keep") => {
    setBusy(decision);
    await decideProposal(proposal.version, decision, format.language, t(`proposal.done.${decision}`));
    setBusy(null);
  };
  const changes = sizeChanges(now, proposal, names);
  const gone = changes.filter((change) => change.after === null).map((change) => format.text(change.name));
  const list = (words: readonly string[]) => new Intl.ListFormat(i18n.language, { type: "conjunction" }).format(words);
  const known = new Map([...(now?.sizes ?? []), ...proposal.sizes].map((size) => [size.segmentId, names.get(size.segmentId) ?? size.name]));
  const nameOf = (id: string | null) => (id === null ? t("moved.new") : format.text(known.get(id)) || id);
  const moves = proposal.movements.filter((move) => move.from !== move.to).sort((a, b) => b.count - a.count);
  const share = proposal.eligible > 0 ? proposal.moved / proposal.eligible : null;
  const roles = new Intl.ListFormat(i18n.language, { type: "disjunction" }).format(whoMay("decideProposals").map((each) => t(`common:role.${each}`)));
  return (
    <section aria-label={t("proposal.title")} className="rounded-lg border border-wait-line bg-wait-soft p-5">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-80">
          <h2 className="flex items-center gap-2 text-h3 font-semibold">
            <GitPullRequestArrow className="size-4 shrink-0 text-wait" aria-hidden />
            {t("proposal.title")}
          </h2>
          {proposal.proposal && <p className="mt-1 text-table">{format.text(proposal.proposal)}</p>}
          <p className="mt-0.5 text-small text-muted">
            {t("proposal.moves", { count: proposal.moved, number: format.number(proposal.moved), share: format.percent(share, 0), date: format.date(proposal.createdAt) })}
          </p>
        </div>
        {may(role, "decideProposals") ? (
          <div className="flex flex-wrap gap-2">
            <Button busy={busy === "keep"} disabled={busy !== null} onClick={() => void decide("keep")}>
              {t("proposal.keep")}
            </Button>
            <Button look="primary" busy={busy === "publish"} disabled={busy !== null} onClick={() => setAsking(true)}>
              {t("proposal.publish")}
            </Button>
            <ConfirmDialog
              open={asking}
              onOpenChange={setAsking}
              title={t("proposal.ask")}
              description={[
                t("proposal.askMoves", { count: proposal.moved, number: format.number(proposal.moved) }),
                gone.length > 0 && t("proposal.askGone", { count: gone.length, names: list(gone) }),
                t("proposal.askBack"),
              ]
                .filter(Boolean)
                .join(" ")}
              confirmLabel={t("proposal.publish")}
              danger={false}
              onConfirm={() => decide("publish")}
            />
          </div>
        ) : (
          <p className="text-small text-muted">{t("proposal.who", { roles })}</p>
        )}
      </div>
      <div className="mt-4 grid gap-x-8 gap-y-4 rounded-md border border-wait-line bg-surface p-4 lg:grid-cols-2">
        <table className="tabular h-fit w-full text-table">
          <caption className="pb-1 text-left text-small text-muted">{t("proposal.sizes")}</caption>
          <thead>
            <tr className="border-b text-small text-muted">
              <th scope="col" className="py-1 text-left font-medium">
                {t("sizes.segment")}
              </th>
              <th scope="col" className="py-1 pl-3 text-right font-medium">
                {t("proposal.before")}
              </th>
              <th scope="col" className="py-1 pl-3 text-right font-medium">
                {t("proposal.after")}
              </th>
              <th scope="col" className="py-1 pl-3 text-right font-medium">
                <span className="sr-only">{t("proposal.change")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {changes.map((change) => (
              <tr key={change.id} className="border-b last:border-0">
                <th scope="row" className="py-1.5 text-left font-medium">
                  {format.text(change.name)}
                </th>
                <td className="py-1.5 pl-3 text-right text-muted">{change.before === null ? "–" : format.number(change.before)}</td>
                <td className="py-1.5 pl-3 text-right font-semibold">{change.after === null ? "–" : format.number(change.after)}</td>
                <td className="py-1.5 pl-3 text-right">
                  {change.before === null ? (
                    <Badge tone="good">{t("proposal.appears")}</Badge>
                  ) : change.after === null ? (
                    <Badge tone="bad">{t("proposal.vanishes")}</Badge>
                  ) : (
                    <span className="text-small text-muted">{format.number(change.after - change.before, { signDisplay: "exceptZero" })}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <div>
          <p className="pb-1 text-small text-muted">{t("proposal.whoMoves")}</p>
          <ul className="border-t text-table">
            {moves.slice(0, MOVES).map((move) => (
              <li key={`${move.from} ${move.to}`} className="flex items-center justify-between gap-3 border-b py-1.5 last:border-0">
                <span className="flex min-w-0 flex-wrap items-center gap-x-1.5">
                  {nameOf(move.from)}
                  <ArrowRight className="size-3.5 shrink-0 text-faint" aria-label={t("moved.to")} />
                  <span className="font-medium">{move.to === null ? t("moved.gone") : nameOf(move.to)}</span>
                </span>
                <span className="tabular shrink-0">
                  <MoversLink move={move} version={proposal.version} />
                </span>
              </li>
            ))}
          </ul>
          {moves.length > MOVES && <p className="mt-1 text-small text-faint">{t("proposal.rest", { count: moves.length - MOVES })}</p>}
        </div>
      </div>
    </section>
  );
}
