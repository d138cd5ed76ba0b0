import { type AccountDeps, accountRoutes } from './account.ts'
import type { AppDeps } from './app.ts'
import { type AuditDeps, auditRoutes } from './audit.ts'
import { type BadgesPageDeps, badgesRoutes } from './badges.ts'
import type { Route } from './route.ts'
import { type SignInDeps, signInRoutes } from './sign-in.ts'

/** What the dashboard needs of the world: what its screens do. */
export type WebDeps = AppDeps & AccountDeps & SignInDeps & AuditDeps & BadgesPageDeps

/** All that the dashboard answers. */
export const routes: readonly Route<WebDeps>[] = [
  ...signInRoutes,
  ...accountRoutes,
  ...auditRoutes,
  ...badgesRoutes,
]
