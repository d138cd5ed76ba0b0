import type { Check } from '../../domain/watching/check.ts'
import type { Site } from '../../managing/shown/site.ts'

/**
 * A check as Oh Dear shows it. The package reads the name, and whichever of UUID and ping URL its
 * settings make it ping. It has no `id`, which would have to be a number.
 */
export function cronCheckAnswer(check: Check, { pingEndpoint }: Site): object {
  const { schedule } = check
  const isSimple = schedule.kind === 'simple'
  return {
    name: check.name,
    uuid: check.id,
    type: isSimple ? 'simple' : 'cron',
    description: check.description,
    cron_expression: isSimple ? null : schedule.expression,
    frequency_in_minutes: isSimple ? Math.ceil(schedule.periodSeconds / 60) : null,
    grace_time_in_minutes: Math.ceil(check.graceSeconds / 60),
    server_timezone: check.timeZone,
    ping_url: `${pingEndpoint}/${check.id}`,
    created_at: new Date(check.createdAt).toISOString().slice(0, 19).replace('T', ' '),
  }
}
