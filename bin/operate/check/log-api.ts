import * as z from 'zod'
import { type ProjectApi, shaped } from '../api/project-api.ts'

export type ShownPing = z.output<typeof pingShape>

const pingShape = z.looseObject({
  type: z.string(),
  date: z.string(),
  n: z.number(),
  rid: z.string().nullable(),
  exit_status: z.number().optional(),
  duration: z.number().optional(),
  body_url: z.string().nullable(),
})
const pingsShape = z.object({ pings: z.array(pingShape) })
const flipsShape = z.object({
  flips: z.array(z.object({ timestamp: z.string(), up: z.union([z.literal(0), z.literal(1)]) })),
})

/** How many pings the API lists. */
export const MOST_PINGS = 100

/** The last pings of a check, newest first. */
export async function readPings(client: ProjectApi, uuid: string): Promise<readonly ShownPing[]> {
  return shaped(pingsShape, await client.ask('GET', `checks/${uuid}/pings/`)).pings
}

/** The last change of a check between up and not up, if there is one. */
export async function readLastFlip(client: ProjectApi, id: string) {
  return shaped(flipsShape, await client.ask('GET', `checks/${id}/flips/`)).flips[0]
}

/** What a ping brought along, as text. */
export async function readPingBody(
  client: ProjectApi,
  uuid: string,
  number: number,
): Promise<string> {
  return client.askText(`checks/${uuid}/pings/${number}/body`)
}
