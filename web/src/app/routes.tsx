import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from "@tanstack/react-router";

import { CrashScreen, NotFoundScreen, PageSkeleton } from "./screens";
import { Shell } from "./Shell";

/*
 * Every page of the console. A page is a file of its own, loaded when it is opened; register it here with one line.
 * Search parameters are passed through: a page reads what it understands (`useSearch({ strict: false })`).
 */
const root = createRootRoute({
  component: () => (
    <Shell>
      <Outlet />
    </Shell>
  ),
  validateSearch: (search: Record<string, unknown>): Record<string, unknown> => search,
  notFoundComponent: NotFoundScreen,
});

const at = <Path extends string>(path: Path, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => root, path, component });

export const routes = [
  at("/", lazyRouteComponent(() => import("@/pages/overview/OverviewPage"), "OverviewPage")),
  at("/segments", lazyRouteComponent(() => import("@/pages/segments/SegmentsPage"), "SegmentsPage")),
  at("/segments/$segmentId", lazyRouteComponent(() => import("@/pages/segments/SegmentPage"), "SegmentPage")),
  at("/customers", lazyRouteComponent(() => import("@/pages/customers/CustomersPage"), "CustomersPage")),
  at("/customers/$customerId", lazyRouteComponent(() => import("@/pages/customer/CustomerPage"), "CustomerPage")),
  at("/care", lazyRouteComponent(() => import("@/pages/care/CarePage"), "CarePage")),
  at("/emotions", lazyRouteComponent(() => import("@/pages/emotions/EmotionsPage"), "EmotionsPage")),
  at("/behaviour", lazyRouteComponent(() => import("@/pages/behaviour/BehaviourPage"), "BehaviourPage")),
  at("/predictions", lazyRouteComponent(() => import("@/pages/predictions/PredictionsPage"), "PredictionsPage")),
  at("/affinity", lazyRouteComponent(() => import("@/pages/affinity/AffinityPage"), "AffinityPage")),
  at("/training", lazyRouteComponent(() => import("@/pages/training/TrainingPage"), "TrainingPage")),
  at("/integrations", lazyRouteComponent(() => import("@/pages/integrations/IntegrationsPage"), "IntegrationsPage")),
  at("/integrations/connect", lazyRouteComponent(() => import("@/pages/integrations/ConnectPage"), "ConnectPage")),
  at("/integrations/return", lazyRouteComponent(() => import("@/pages/integrations/ReturnPage"), "ReturnPage")),
  at("/integrations/keys", lazyRouteComponent(() => import("@/pages/keys/KeysPage"), "KeysPage")),
  at("/integrations/surveys", lazyRouteComponent(() => import("@/pages/surveys/SurveysPage"), "SurveysPage")),
  at("/integrations/$connectionId", lazyRouteComponent(() => import("@/pages/integrations/ConnectionPage"), "ConnectionPage")),
  at("/imports", lazyRouteComponent(() => import("@/pages/imports/ImportsPage"), "ImportsPage")),
  at("/imports/new", lazyRouteComponent(() => import("@/pages/imports/NewImportPage"), "NewImportPage")),
  at("/imports/$importId", lazyRouteComponent(() => import("@/pages/imports/ImportPage"), "ImportPage")),
  at("/runs", lazyRouteComponent(() => import("@/pages/runs/RunsPage"), "RunsPage")),
  at("/members", lazyRouteComponent(() => import("@/pages/members/MembersPage"), "MembersPage")),
] as const;

export const router = createRouter({
  routeTree: root.addChildren([...routes]),
  defaultPreload: "intent",
  defaultPendingComponent: PageSkeleton,
  defaultPendingMs: 150,
  defaultErrorComponent: CrashScreen,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
