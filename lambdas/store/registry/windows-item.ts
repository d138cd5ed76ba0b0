import * as z from 'zod'
import { isManagedBy, type ManagedBy } from '../../domain/watching/managed-by.ts'
import type { ProjectWindows, Window, WindowTimes } from '../../domain/watching/window.ts'
import type { Item } from '../../runtime/database.ts'

const timesShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('once'), startAt: z.number() }),
  z.object({
    kind: z.literal('recurring'),
    schedule: z.object({ kind: z.enum(['cron', 'oncalendar']), expression: z.string() }),
    timeZone: z.string(),
  }),
]) satisfies z.ZodType<WindowTimes>

export const windowShape = z.object({
  id: z.string(),
  number: z.number(),
  since: z.number(),
  name: z.string(),
  tags: z.string(),
  lengthSeconds: z.number(),
  times: timesShape,
  managedBy: z.custom<ManagedBy>(isManagedBy).exactOptional(),
}) satisfies z.ZodType<Window>

const projectWindowsShape = z.object({
  revision: z.number(),
  windows: z.array(windowShape),
}) satisfies z.ZodType<ProjectWindows>

/** The windows of a project in their item. @throws when it can't be read. */
export function projectWindowsOf(item: Item): ProjectWindows {
  return projectWindowsShape.parse(item)
}
