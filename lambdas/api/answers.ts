import * as z from 'zod'
import { formOf, kindNames } from '../channels/kinds.ts'
import { occasions } from '../domain/telling/channel.ts'
import { fieldsOfAny } from '../managing/fields/channel-fields.ts'
import { ruleFields } from '../managing/fields/rule-fields.ts'

const text = z.string()
const instant = z.string().meta({ format: 'date-time' })
const count = z.number().meta({ type: 'integer', minimum: 0 })

const managedBy = text
  .optional()
  .describe(
    'Present where not people keep it: apply: and a name for a file, oh-dear: and a monitor for an application, source for a database',
  )

const error = z.object({ error: text })

const check = z.object({
  name: text,
  slug: text,
  tags: text,
  desc: text,
  grace: count,
  timeout: count.optional().describe('Seconds between pings; absent when there is a schedule'),
  schedule: text.optional().describe('A cron or OnCalendar expression, in the time zone tz'),
  tz: text.optional(),
  n_pings: count,
  status: z
    .enum(['new', 'up', 'grace', 'down', 'paused', 'started'])
    .describe('Only version 1 says started'),
  started: z.boolean(),
  last_ping: instant.nullable(),
  next_ping: instant.nullable(),
  last_duration: count.optional(),
  failing: count
    .optional()
    .describe('Failures among the last runs; present where rules.failures tolerates some'),
  snoozed_until: instant.optional().describe('Present while its alerts wait until then'),
  held: text
    .optional()
    .describe('Why its alerts wait, while it is down: snoozed, window, depends on <name>'),
  rules: ruleFields
    .optional()
    .describe('Absent without rules; for read-only keys without escalate and depends_on'),
  state_lost_at: instant
    .optional()
    .describe(
      'Present while the check has lost what its pings had left, and cannot be overdue before the next one',
    ),
  never_pinged: z
    .literal(true)
    .optional()
    .describe(
      'Present while the check was never pinged, though its first period and grace time are over: it may watch nothing',
    ),
  managed_by: managedBy,
  manual_resume: z.boolean(),
  methods: z.enum(['', 'POST']),
  subject: text,
  subject_fail: text,
  start_kw: text,
  success_kw: text,
  failure_kw: text,
  filter_subject: z.boolean(),
  filter_body: z.boolean(),
  filter_http_body: z.boolean(),
  filter_default_fail: z.boolean(),
  badge_url: text,
  unique_key: text.optional().describe('For read-only keys, which see no UUID and no URL'),
  uuid: text.optional(),
  ping_url: text.optional(),
  update_url: text.optional(),
  pause_url: text.optional(),
  resume_url: text.optional(),
  channels: text.optional().describe('UUIDs, separated by commas'),
})

const ping = z.object({
  type: z.enum(['success', 'fail', 'start', 'log', 'ign']),
  date: instant,
  n: count,
  scheme: text,
  remote_addr: text.nullable(),
  method: text,
  ua: text,
  rid: text.nullable(),
  body_url: text.nullable(),
  exit_status: count.optional().describe('Present where the ping brought one'),
  body_bytes: count.optional().describe('How long a body was that has been cut'),
  body_bytes_kept: count.optional().describe('How many of its first bytes are kept'),
  duration: z.number().optional().describe('Seconds from the start of the run to its end'),
})

const flip = z.object({ timestamp: instant, up: z.union([z.literal(0), z.literal(1)]) })

const listedChannel = z.object({ id: text, name: text, kind: z.enum(kindNames()) })
const lastDelivery = z.object({
  at: instant,
  status: z.enum(['sent', 'waiting', 'failed']).describe('Waiting is for a further attempt'),
  error: text
    .nullable()
    .describe('Of what was sent, what to change before that fails; null where there is none'),
})

const channel = listedChannel.extend({
  ...fieldsOfAny(kindNames().map((kind) => formOf(kind).shown())),
  on: z.array(z.enum(occasions)).describe('What the channel is told of'),
  managed_by: managedBy,
  signed: z
    .boolean()
    .optional()
    .describe('Present where requests can be signed: whether they are, by a secret of the channel'),
  signing_secret: text
    .optional()
    .describe('By which requests are signed. Only the answer shows it that tells of its making'),
  last_delivery: lastDelivery.nullable(),
})

const window = z.object({
  id: text,
  name: text,
  tags: text.describe('For checks with any of these; for all checks where there are none'),
  seconds: count,
  start: instant.optional().describe('Of a window that is once'),
  schedule: text.optional().describe('A cron or OnCalendar expression, in the time zone tz'),
  tz: text.optional(),
  managed_by: managedBy,
  next_start: instant.nullable().describe('Of the time that is under way, or comes next'),
  next_end: instant.nullable(),
})

const badgeUrls = z
  .object({ svg: text, svg3: text, json: text, json3: text, shields: text, shields3: text })
  .describe('With three states where the name ends in 3: up, late, down; planned in a window')

const cronCheck = z.object({
  name: text,
  uuid: text,
  type: z.enum(['cron', 'simple']),
  description: text,
  cron_expression: text.nullable(),
  frequency_in_minutes: count.nullable(),
  grace_time_in_minutes: count,
  server_timezone: text,
  ping_url: text,
  created_at: text,
})

/** What the API answers with, by name. */
export const answers = {
  Error: error,
  Check: check,
  Checks: z.object({ checks: z.array(check) }),
  Pings: z.object({ pings: z.array(ping) }).describe('Newest first'),
  Flips: z.object({ flips: z.array(flip) }).describe('Newest first'),
  Channel: channel,
  Channels: z.object({ channels: z.array(listedChannel) }),
  Window: window,
  Windows: z.object({ windows: z.array(window) }),
  Monitor: z.object({ url: text, sort_url: text }),
  CronCheck: cronCheck,
  CronChecks: z.array(cronCheck).describe('In the order in which they were named'),
  Badges: z.object({ badges: z.record(z.string(), badgeUrls) }).describe('By tag; * is all checks'),
} as const satisfies Record<string, z.ZodType>

export type AnswerName = keyof typeof answers
