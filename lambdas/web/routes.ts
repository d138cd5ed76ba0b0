import type { AppDeps } from './app.ts'
import { type AuditDeps, auditRoutes } from './audit.ts'
import { type BadgesPageDeps, badgesRoutes } from './badges.ts'
import type { Route } from './route.ts'

/** What the dashboard needs of the world: what its screens do. */
export type WebDeps = AppDeps & AuditDeps & BadgesPageDeps

/** All that the dashboard answers. */
export const routes: readonly Route<WebDeps>[] = [...auditRoutes, ...badgesRoutes]
