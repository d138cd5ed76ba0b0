import type { Context, Hono } from 'hono'
import { uuidPattern } from '../domain/wire/uuid.ts'
import * as z from 'zod'
import { answers } from './answers.ts'
import { channelFields, testFields } from '../managing/fields/channel-fields.ts'
import { type AnswerDescription, type Operation, operations } from './operations.ts'
import { cronCheckFields, syncFields } from './oh-dear/cron-check-fields.ts'
import { serveOpenly } from './resource.ts'
import { checkFields } from '../managing/fields/check-shape.ts'
import { snoozeFields } from '../managing/fields/snooze-fields.ts'
import { windowFields } from '../managing/fields/window-fields.ts'

/** The description of the API (OpenAPI 3.1), open to all. */
export function serveOpenApi(app: Hono): void {
  serveOpenly(app, '/api/:version{v[123]}/openapi.json', {
    GET: (context) => context.json(served(context)),
  })
}

/** Says where the API is, so that who keeps the description can still tell. */
function served({ req }: Context) {
  return { ...(description ??= describe()), servers: [{ url: new URL(req.url).origin }] }
}

let description: ReturnType<typeof describe> | undefined

type Json = Readonly<Record<string, unknown>>

/** Made of the schemas that requests are validated with. */
export function describe() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Overdue',
      version: '3',
      description: 'Watches scheduled jobs. The API is that of Healthchecks.',
    },
    paths: pathsOf(operations),
    components: {
      schemas: schemas(),
      securitySchemes: {
        key: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
        bearer: { type: 'http', scheme: 'bearer', description: 'A key of the API' },
      },
    },
  }
}

function pathsOf(all: readonly Operation[]): Readonly<Record<string, Json>> {
  const byPath = Map.groupBy(all, ({ path }) => path)
  return Object.fromEntries(
    [...byPath].map(([path, some]) => [
      path,
      {
        parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) =>
          pathParameter(path, name),
        ),
        ...Object.fromEntries(some.map((operation) => [operation.method, operationOf(operation)])),
      },
    ]),
  )
}

const patterns: Readonly<Record<string, string>> = {
  id: `^(${uuidPattern}|[0-9a-f]{40})$`,
  project: `^${uuidPattern}$`,
  channel: `^${uuidPattern}$`,
  token: '^[A-Za-z0-9_-]{43}$',
  number: '^[0-9]{1,12}$',
  states: '^[0-9]+$',
  key: '^[-a-zA-Z0-9_]+$',
}

/** Checks have a second name, their unique key; what else has an id has no other. */
function pathParameter(path: string, name: string): Json {
  const pattern = patterns[name === 'id' && !path.includes('/checks/') ? 'channel' : name]
  const schema =
    name === 'version' ? { enum: ['v1', 'v2', 'v3'] } : pattern === undefined ? {} : { pattern }
  return { name, in: 'path', required: true, schema: { type: 'string', ...schema } }
}

function operationOf(operation: Operation): Json {
  const { summary, key, query, body } = operation
  return {
    summary: key?.startsWith('read-write') ? `${summary} (read-write key)` : summary,
    security: key === undefined ? [] : [{ [key.endsWith('bearer') ? 'bearer' : 'key']: [] }],
    ...(query === undefined ? {} : { parameters: queryParameters(query) }),
    ...(body === undefined ? {} : { requestBody: { content: jsonContent(body) } }),
    responses: Object.fromEntries(
      Object.entries({ ...refusals(operation), ...operation.answers }).map(([status, each]) => [
        status,
        response(each),
      ]),
    ),
  }
}

/** What goes wrong alike with all operations of a kind. */
function refusals({ path, key, body }: Operation): Readonly<Record<number, AnswerDescription>> {
  const is = (text: string): AnswerDescription => ({ text, json: 'Error' })
  return {
    ...(body === undefined
      ? {}
      : { 400: is('A body or a field that is not valid'), 413: is('A body that is too large') }),
    406: is('No coding that the client takes, or an answer too large for those'),
    ...(key === undefined ? {} : { 401: is('A key that is missing or wrong') }),
    ...(path.includes('/checks/{id}')
      ? { 403: is('Of another project'), 404: is('Not found') }
      : {}),
    ...(/\/(channels|windows)\/\{id\}/.test(path) ? { 404: is('Not found') } : {}),
  }
}

function response({ text, json, types = [] }: AnswerDescription): Json {
  const others = Object.fromEntries(types.map((type) => [type, {}]))
  return {
    description: text,
    ...(json === undefined && types.length === 0
      ? {}
      : { content: json ? jsonContent(json) : others }),
  }
}

function jsonContent(name: string): Json {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } }
}

function queryParameters(query: z.ZodObject): readonly Json[] {
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' })
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }))
}

const apiKey = z.string().optional().describe('Instead of the X-Api-Key header')

function schemas(): Readonly<Record<string, Json>> {
  const named = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(answers)) named.add(schema, { id })
  named.add(checkFields.extend({ api_key: apiKey }), { id: 'CheckFields' })
  named.add(snoozeFields.extend({ api_key: apiKey }), { id: 'SnoozeFields' })
  named.add(channelFields().extend({ api_key: apiKey }), { id: 'ChannelFields' })
  named.add(testFields().extend({ api_key: apiKey }), { id: 'TestFields' })
  named.add(cronCheckFields, { id: 'CronCheckFields' })
  named.add(syncFields, { id: 'SyncFields' })
  named.add(windowFields.extend({ api_key: apiKey }), { id: 'WindowFields' })
  named.add(z.object({ api_key: apiKey }), { id: 'Nothing' })
  const made = z.toJSONSchema(named, { io: 'input', uri: (id) => `#/components/schemas/${id}` })
  return Object.fromEntries(
    Object.entries(made.schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]),
  )
}
