import type { AppDeps } from './app.ts'
import type { Route } from './route.ts'

/** What the dashboard needs of the world: what its screens do. */
export type WebDeps = AppDeps

/** All that the dashboard answers. */
export const routes: readonly Route<WebDeps>[] = []
