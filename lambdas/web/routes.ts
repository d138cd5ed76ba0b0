import { type AccountDeps, accountRoutes } from './account.ts'
import type { AppDeps } from './app.ts'
import { type AuditDeps, auditRoutes } from './audit.ts'
import { type BadgesPageDeps, badgesRoutes } from './badges.ts'
import { channelRoutes } from './channels/channel.ts'
import { channelsRoutes } from './channels/channels.ts'
import type { ChannelPagesDeps } from './channels/one-channel.ts'
import { type CheckActionsDeps, checkActionRoutes } from './check-actions.ts'
import { type CheckPageDeps, checkRoutes } from './check.ts'
import { type KeysPageDeps, keysRoutes } from './keys.ts'
import { type ChecksPageDeps, checksRoutes } from './checks.ts'
import { type EventsPageDeps, eventsRoutes } from './events.ts'
import { type ProjectsPageDeps, projectsRoutes } from './projects.ts'
import { type CheckFormDeps, checkFormRoutes } from './check-form.ts'
import { previewRoutes } from './preview.ts'
import type { Route } from './route.ts'
import { type SettingsDeps, settingsRoutes } from './settings.ts'
import { type SignInDeps, signInRoutes } from './sign-in.ts'

/** What the dashboard needs of the world: what its screens do. */
export type WebDeps = AppDeps &
  AccountDeps &
  SignInDeps &
  BadgesPageDeps &
  CheckPageDeps &
  CheckActionsDeps &
  CheckFormDeps &
  ChannelPagesDeps &
  SettingsDeps &
  KeysPageDeps &
  AuditDeps &
  ChecksPageDeps &
  EventsPageDeps &
  ProjectsPageDeps

/** All that the dashboard answers. */
export const routes: readonly Route<WebDeps>[] = [
  ...signInRoutes,
  ...accountRoutes,
  ...badgesRoutes,
  ...checkFormRoutes,
  ...previewRoutes,
  ...checkRoutes,
  ...checkActionRoutes,
  ...channelsRoutes,
  ...channelRoutes,
  ...settingsRoutes,
  ...keysRoutes,
  ...auditRoutes,
  ...projectsRoutes,
  ...checksRoutes,
  ...eventsRoutes,
]
