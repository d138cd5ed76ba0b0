import fc from 'fast-check'
import { unacknowledgedFlip } from '../../lambdas/domain/watching/flip.ts'
import { Deliveries } from '../../lambdas/store/telling/deliveries.ts'
import { Heartbeats } from '../../lambdas/store/watching/heartbeats.ts'
import { Journal } from '../../lambdas/store/watching/journal.ts'
import { Lookups } from '../../lambdas/store/registry/lookups.ts'
import { Projects } from '../../lambdas/store/registry/projects.ts'
import { Registry } from '../../lambdas/store/registry/registry.ts'
import { aDelivery, aFlip, aLoggedPing, anAlert } from './alerts.ts'
import { aCheck, aHeartbeat, aMiss, aPing, start } from './builders.ts'
import type { TestEngine } from './engine.ts'

/** The stores on one engine. `scope` keeps the items of one run apart from those of others. */
export type Stores = ReturnType<typeof storesOn> & {
  readonly scope: string
  readonly projectId: string
}
/** Something that the stores can do, with its outcome. */
export type Deed = { readonly name: string; readonly act: (stores: Stores) => Promise<unknown> }

export function storesOn({ database, names }: TestEngine) {
  return {
    heartbeats: new Heartbeats(database, names.Heartbeats),
    registry: new Registry(database, names.Registry),
    projects: new Projects(database, names.Registry),
    lookups: new Lookups(database, names.Lookups),
    journal: new Journal(database, names.Journal),
    deliveries: new Deliveries(database, names.Journal),
  }
}

const which = fc.constantFrom('a', 'b')
const version = fc.integer({ min: 1, max: 4 })
/** A few instants close together, so that older, equal and newer ones all occur. */
const instant = fc.integer({ min: 0, max: 5 }).map((step) => start + step * 1000)
const signal = fc.constantFrom('success', 'start', 'fail', 'log')
const runId = fc.constantFrom(undefined, 'run-a', 'run-b')

const pings = fc.record({
  at: instant,
  signal,
  runId,
  requestId: fc.constantFrom('p', 'q', 'r'),
  method: fc.constantFrom('GET', 'POST'),
})
const ping: fc.Arbitrary<Deed> = fc
  .tuple(which, pings, fc.constantFrom('success', 'ign', undefined))
  .map(([id, fields, said]) => ({
    name: `${fields.signal} ping to ${id}`,
    act: ({ heartbeats, scope }) => {
      const { runId: run, ...rest } = fields
      return heartbeats.recordPing(
        scope + id,
        aPing({ ...rest, ...(run === undefined ? {} : { runId: run }) }),
        () => Promise.resolve(said),
      )
    },
  }))

const rules = fc.record({
  version,
  methods: fc.constantFrom('', 'POST'),
  manualResume: fc.boolean(),
  hasBodyRules: fc.boolean(),
})
const definition: fc.Arbitrary<Deed> = fc.tuple(which, rules).map(([id, fields]) => ({
  name: `definition ${fields.version} of ${id}`,
  act: ({ heartbeats, scope }) => heartbeats.define(scope + id, aHeartbeat(fields)),
}))

const state: fc.Arbitrary<Deed> = fc
  .tuple(
    which,
    instant,
    version,
    fc.constantFrom('pause', 'resume', 'miss', 'acknowledge', 'bury', 'remove', 'isKnown', 'read'),
  )
  .map(([name, at, of, deed]) => ({
    name: `${deed} of ${name}`,
    act: async ({ heartbeats, scope }) => {
      const id = scope + name
      const before = await heartbeats.read(id)
      const flip = before && unacknowledgedFlip(before)
      switch (deed) {
        case 'pause':
          return heartbeats.pause(id, at)
        case 'resume':
          return heartbeats.resume(id, at)
        case 'miss':
          return before && heartbeats.flagMissed(before, aMiss(at), at + 1)
        case 'acknowledge':
          return flip && heartbeats.acknowledge(flip, at)
        case 'bury':
          return heartbeats.bury(id, of, at)
        case 'remove':
          return heartbeats.remove(id, of)
        case 'isKnown':
          return heartbeats.isKnown(id)
        case 'read':
          return [before, await heartbeats.readMany([id, 'none']), await heartbeats.versions([id])]
      }
    },
  }))

const limits = fc.record({
  limit: fc.integer({ min: 1, max: 2 }),
  revision: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
})
const check: fc.Arbitrary<Deed> = fc
  .tuple(
    which,
    limits,
    version,
    fc.constantFrom('create', 'update', 'delete', 'deleteAll', 'list', 'close', 'remove'),
  )
  .map(([id, { limit, revision }, of, deed]) => ({
    name: `${deed} of check ${id}`,
    act: async ({ registry, projects, projectId, scope }) => {
      const stored = aCheck({
        id: `${scope}${id}`,
        badgeKey: `${scope}badge-${id}`,
        projectId,
        version: of,
      })
      switch (deed) {
        case 'create':
          return registry.createCheck(stored, {
            limit,
            ...(revision === undefined ? {} : { revision }),
          })
        case 'update':
          return registry.updateCheck(stored, {
            ...stored,
            version: of + 1,
            name: `named by ${of}`,
          })
        case 'delete':
          return registry.deleteCheck(stored)
        case 'deleteAll':
          return projects.deleteChecks(projectId, await registry.checks(projectId))
        case 'list':
          return [
            await registry.checks(projectId),
            await registry.census(projectId),
            await registry.existing([stored.id]),
          ]
        case 'close':
          return projects.close(projectId)
        case 'remove':
          return projects.remove(projectId)
      }
    },
  }))

const slug = fc.constantFrom('one', 'two', undefined)
const lookup: fc.Arbitrary<Deed> = fc
  .tuple(which, version, slug, fc.constantFrom('define', 'bury', 'find'))
  .map(([id, of, name, deed]) => ({
    name: `${deed} of lookup ${id}`,
    act: async ({ lookups, scope }) => {
      const checkId = `00000000-0000-4000-8000-${scope.padStart(11, '0')}${id}`
      const alias = { pingKey: scope, slug: name ?? 'one' }
      if (deed === 'define')
        return lookups.define(checkId, { version: of, ...(name === undefined ? {} : { alias }) })
      if (deed === 'bury') return lookups.bury(checkId, of, start)
      return [
        (await lookups.checksBehind(alias)).toSorted(),
        await lookups.bodyRules(checkId),
        await lookups.readMany([checkId]),
      ]
    },
  }))

const delivery: fc.Arbitrary<Deed> = fc
  .tuple(which, instant, fc.constantFrom('claim', 'release', 'markSent', 'markFailed', 'outcome'))
  .map(([claimant, now, deed]) => ({
    name: `${deed} by ${claimant}`,
    act: ({ deliveries, scope }) => {
      const notice = aDelivery({ alert: anAlert({ flip: { checkId: scope } }) })
      if (deed === 'claim')
        return deliveries.claim(notice, {
          claimant,
          now,
          leaseUntil: now + 2000,
          expiresAt: 2_000_000_000,
        })
      if (deed === 'release')
        return deliveries.release(notice, { claimant, at: now, error: 'busy' })
      if (deed === 'markSent') return deliveries.markSent(notice, now)
      return deed === 'markFailed'
        ? deliveries.markFailed(notice, { claimant, at: now, error: 'gone' })
        : deliveries.lastOutcome(notice.channel.id)
    },
  }))

const log: fc.Arbitrary<Deed> = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.constantFrom('put', 'read'))
  .map(([number, deed]) => ({
    name: `${deed} ${number} of the log`,
    act: async ({ journal, scope }) => {
      const entries = Array.from({ length: number }, (_, index) => ({
        checkId: scope,
        ping: aLoggedPing({ number: index + 1 }),
      }))
      const flips = [{ checkId: scope, flip: aFlip({ checkId: scope, at: start + number }) }]
      if (deed === 'put') return journal.put([...entries, ...flips], 2_000_000_000)
      return [
        await journal.pings({ id: scope }, number, start),
        await journal.flips({ id: scope }, { to: start + number, limit: 3 }, start),
      ]
    },
  }))

/** What may happen to the items of one run, in any order. */
export const deeds = fc.array(
  fc.oneof(ping, ping, definition, state, check, lookup, delivery, log),
  { minLength: 1, maxLength: 25 },
)
