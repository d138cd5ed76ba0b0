import type { z } from 'zod'
import type { Access } from '../domain/people/project.ts'
import type { AnswerName } from './answers.ts'
import { flipsQuery, listQuery } from './schemas.ts'

/** One thing that can be asked of the API, as its description tells it. */
export type Operation = {
  readonly method: 'get' | 'post' | 'delete'
  /** As it is served, with parameters in braces; all versions of the API serve the same. */
  readonly path: string
  readonly summary: string
  /** The least API key that it takes; none for what is open. */
  readonly key?: Access | `${Access} bearer`
  readonly query?: z.ZodObject
  readonly body?:
    | 'CheckFields'
    | 'CronCheckFields'
    | 'SyncFields'
    | 'SnoozeFields'
    | 'ChannelFields'
    | 'TestFields'
    | 'WindowFields'
    | 'Nothing'
  readonly answers: Readonly<Record<number, AnswerDescription>>
}

/**
 * A JSON answer by the name of its schema, or another type of content; nothing for an empty one.
 */
export type AnswerDescription = {
  readonly text: string
  readonly json?: AnswerName
  readonly types?: readonly string[]
}

const root = '/api/{version}'
const check = `${root}/checks/{id}`
const channel = `${root}/channels/{id}`
const window = `${root}/windows/{id}`
const verification = '/api/v3/verify/{project}/{channel}/{token}'
const oneCheck: AnswerDescription = { text: 'The check', json: 'Check' }
const oneChannel: AnswerDescription = { text: 'The channel', json: 'Channel' }
const oneWindow: AnswerDescription = { text: 'The window', json: 'Window' }
const badge: AnswerDescription = { text: 'The badge', types: ['image/svg+xml', 'application/json'] }
const gauges: AnswerDescription = {
  text: 'Gauges in the text format of Prometheus',
  types: ['text/plain'],
}

const verificationAnswers = {
  200: { text: 'A page', types: ['text/html'] },
  404: { text: 'A page: the link is not good, or no longer', types: ['text/html'] },
} as const
const busyBadge: AnswerDescription = {
  text: 'Its checks are being counted; try again',
  json: 'Error',
}
const noBadge: AnswerDescription = { text: 'No such badge, or not signed', json: 'Error' }
const badGaugesKey = {
  400: { text: 'Not a key', json: 'Error' },
  403: { text: 'Not a read-only key', json: 'Error' },
} as const

const badSync = {
  403: { text: 'The project is full', json: 'Error' },
  422: { text: 'A check that is not valid; nothing has changed', json: 'Error' },
  503: { text: 'Others are changing the same checks; try again', json: 'Error' },
} as const

/** Everything that the API can be asked. A test holds it against the routes. */
export const operations: readonly Operation[] = [
  {
    method: 'get',
    path: `${root}/checks/`,
    summary: 'List checks, oldest first',
    key: 'read-only',
    query: listQuery,
    answers: { 200: { text: 'The checks', json: 'Checks' } },
  },
  {
    method: 'post',
    path: `${root}/checks/`,
    summary: 'Create a check, or update the one that unique names',
    key: 'read-write',
    body: 'CheckFields',
    answers: { 200: oneCheck, 201: oneCheck, 403: { text: 'The project is full', json: 'Error' } },
  },
  {
    method: 'get',
    path: check,
    summary: 'Read a check',
    key: 'read-only',
    answers: { 200: oneCheck },
  },
  {
    method: 'post',
    path: check,
    summary: 'Update a check',
    key: 'read-write',
    body: 'CheckFields',
    answers: { 200: oneCheck },
  },
  {
    method: 'delete',
    path: check,
    summary: 'Delete a check',
    key: 'read-write',
    answers: { 200: oneCheck },
  },
  {
    method: 'post',
    path: `${check}/pause`,
    summary: 'Pause a check',
    key: 'read-write',
    body: 'Nothing',
    answers: { 200: oneCheck },
  },
  {
    method: 'post',
    path: `${check}/resume`,
    summary: 'Resume a paused check',
    key: 'read-write',
    body: 'Nothing',
    answers: { 200: oneCheck, 409: { text: 'It is not paused', types: ['text/plain'] } },
  },
  {
    method: 'post',
    path: `${check}/snooze`,
    summary: 'Have the alerts of a check wait, instead of any earlier snooze',
    key: 'read-write',
    body: 'SnoozeFields',
    answers: { 200: oneCheck },
  },
  {
    method: 'delete',
    path: `${check}/snooze`,
    summary: 'End a snooze, if there is one',
    key: 'read-write',
    answers: { 200: oneCheck },
  },
  {
    method: 'get',
    path: `${check}/pings/`,
    summary: 'List the last pings of a check',
    key: 'read-write',
    answers: { 200: { text: 'The pings', json: 'Pings' } },
  },
  {
    method: 'get',
    path: `${check}/pings/{number}/body`,
    summary: 'Read the body of a ping',
    key: 'read-write',
    answers: {
      200: {
        text: 'The bytes as they came, cut to the limit; Ping-Body-Bytes says how many there were',
        types: ['text/plain'],
      },
    },
  },
  {
    method: 'get',
    path: `${check}/flips/`,
    summary: 'List the changes of status of a check',
    key: 'read-only',
    query: flipsQuery,
    answers: {
      200: { text: 'The flips', json: 'Flips' },
      400: { text: 'Not a range', json: 'Error' },
    },
  },
  {
    method: 'get',
    path: `${root}/channels/`,
    summary: 'List channels',
    key: 'read-write',
    answers: { 200: { text: 'The channels', json: 'Channels' } },
  },
  {
    method: 'post',
    path: `${root}/channels/`,
    summary: 'Create a channel; the address of one of kind email is mailed a link that verifies it',
    key: 'read-write',
    body: 'ChannelFields',
    answers: {
      201: oneChannel,
      403: { text: 'The project is full', json: 'Error' },
      405: { text: 'No kind is named', json: 'Error' },
    },
  },
  {
    method: 'get',
    path: channel,
    summary: 'Read a channel',
    key: 'read-write',
    answers: { 200: oneChannel },
  },
  {
    method: 'post',
    path: channel,
    summary:
      'Update a channel; to name an address that is not verified, or is suppressed, asks for a link',
    key: 'read-write',
    body: 'ChannelFields',
    answers: {
      200: oneChannel,
      409: { text: 'It was changed at the same time', json: 'Error' },
      429: { text: 'A link was mailed a short while ago', json: 'Error' },
    },
  },
  {
    method: 'delete',
    path: channel,
    summary: 'Delete a channel',
    key: 'read-write',
    answers: { 200: oneChannel },
  },
  {
    method: 'post',
    path: `${channel}/test`,
    summary: 'Send a test to a channel',
    key: 'read-write',
    body: 'TestFields',
    answers: { 202: oneChannel, 409: { text: 'It is not verified', json: 'Error' } },
  },
  {
    method: 'post',
    path: `${channel}/secret`,
    summary: 'Make a new secret that signs requests; the old one signs as well for a day',
    key: 'read-write',
    body: 'Nothing',
    answers: {
      200: oneChannel,
      400: { text: 'Nothing is signed for channels of its kind', json: 'Error' },
      409: { text: 'It was changed at the same time', json: 'Error' },
    },
  },
  {
    method: 'get',
    path: `${root}/windows/`,
    summary: 'List maintenance windows',
    key: 'read-only',
    answers: { 200: { text: 'The windows', json: 'Windows' } },
  },
  {
    method: 'post',
    path: `${root}/windows/`,
    summary: 'Create a maintenance window, once at a start or again by a schedule',
    key: 'read-write',
    body: 'WindowFields',
    answers: { 201: oneWindow, 403: { text: 'The project is full', json: 'Error' } },
  },
  {
    method: 'get',
    path: window,
    summary: 'Read a maintenance window',
    key: 'read-only',
    answers: { 200: oneWindow },
  },
  {
    method: 'post',
    path: window,
    summary: 'Update a maintenance window',
    key: 'read-write',
    body: 'WindowFields',
    answers: { 200: oneWindow },
  },
  {
    method: 'delete',
    path: window,
    summary: 'Delete a maintenance window',
    key: 'read-write',
    answers: { 200: oneWindow },
  },
  {
    method: 'get',
    path: verification,
    summary: 'Show the button that verifies an address',
    answers: verificationAnswers,
  },
  {
    method: 'post',
    path: verification,
    summary: 'Verify the address of a channel',
    answers: verificationAnswers,
  },
  {
    method: 'get',
    path: `${root}/badges/`,
    summary: 'List the URLs of badges',
    key: 'read-only',
    answers: { 200: { text: 'URLs by tag', json: 'Badges' } },
  },
  {
    method: 'get',
    path: `${root}/status/`,
    summary: 'Look whether the service works',
    answers: { 200: { text: 'OK', types: ['text/plain'] } },
  },
  {
    method: 'get',
    path: `${root}/metrics/`,
    summary: 'Refused',
    answers: { 403: { text: 'Always', json: 'Error' } },
  },
  {
    method: 'post',
    path: `${root}/notifications/{id}/status`,
    summary: 'Report what became of a notification',
    answers: { 200: { text: 'Taken, and left at that' } },
  },
  {
    method: 'get',
    path: `${root}/openapi.json`,
    summary: 'Read this description',
    answers: { 200: { text: 'OpenAPI 3.1', types: ['application/json'] } },
  },
  {
    method: 'get',
    path: '/badge/{project}/{file}',
    summary: 'Show all checks as a badge',
    answers: { 200: badge, 404: noBadge, 503: busyBadge },
  },
  {
    method: 'get',
    path: '/badge/{project}/{signature}/{file}',
    summary: 'Show the checks of a tag as a badge',
    answers: { 200: badge, 404: noBadge, 503: busyBadge },
  },
  {
    method: 'get',
    path: '/b/{states}/{file}',
    summary: 'Show a check as a badge',
    answers: { 200: badge, 404: noBadge },
  },
  {
    method: 'get',
    path: '/projects/{project}/metrics/',
    summary: 'Watch all checks by Prometheus',
    key: 'read-only bearer',
    answers: { 200: gauges, ...badGaugesKey },
  },
  {
    method: 'get',
    path: '/projects/{project}/metrics/{key}',
    summary: 'Watch all checks by Prometheus, with the key in the path',
    answers: { 200: gauges, ...badGaugesKey },
  },
  {
    method: 'get',
    path: '/projects/{project}/checks/metrics/{key}',
    summary: 'The same, at an older path',
    answers: { 200: gauges, ...badGaugesKey },
  },
  {
    method: 'get',
    path: '/monitors/{monitor}',
    summary: "In Oh Dear's words: say where the API is",
    key: 'read-only bearer',
    answers: { 200: { text: 'A monitor', json: 'Monitor' } },
  },
  {
    method: 'post',
    path: '/monitors/{monitor}/cron-checks',
    summary: "In Oh Dear's words: make or update a check by its name",
    key: 'read-write bearer',
    body: 'CronCheckFields',
    answers: { 200: { text: 'The check', json: 'CronCheck' }, ...badSync },
  },
  {
    method: 'post',
    path: '/monitors/{monitor}/cron-checks/sync',
    summary:
      "In Oh Dear's words: make and update checks by their names, and delete those of the monitor that are not named",
    key: 'read-write bearer',
    body: 'SyncFields',
    answers: { 200: { text: 'The checks', json: 'CronChecks' }, ...badSync },
  },
]
