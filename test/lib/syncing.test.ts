import { describe, expect, it } from 'vitest'
import { registryKeys, type RegistryKey } from '../../lambdas/store/keys.ts'
import { fitsPattern } from '../../lib/local/feeds/event-pattern.ts'
import { deployment } from './deployment.ts'

const { FilterCriteria } = deployment().properties('Syncing/Stream/Mapping') as {
  readonly FilterCriteria: { readonly Filters: readonly { readonly Pattern: string }[] }
}
const project = '00000000-0000-4000-8000-000000000001'
const user = '00000000-0000-4000-8000-000000000002'

describe('the stream of the registry brings sync', () => {
  it.each([
    ['checks', registryKeys.check(project, 'a'.repeat(40))],
    ['projects, whose ping key may change', registryKeys.project(project)],
    ['windows', registryKeys.windows(project)],
    ['ping keys', registryKeys.pingKey('k'.repeat(22))],
  ])('%s', (_what, key) => {
    expect(passes(key)).toBe(true)
  })
})

describe('the stream of the registry runs nothing for', () => {
  it.each([
    ['users', registryKeys.user(user)],
    ['the list of users', registryKeys.userEntry(user)],
    ['addresses of users', registryKeys.userEmail('ana@example.com')],
    ['roles', registryKeys.membership(user, project)],
    ['members', registryKeys.member(project, user)],
    ['the number of owners', registryKeys.owners(project)],
    ['API keys', registryKeys.apiKey('k'.repeat(32))],
    ['API keys of projects', registryKeys.ownApiKey(project, 'f'.repeat(64))],
    ['the list of projects', registryKeys.directory(project)],
    ['channels', registryKeys.channel(project, user)],
  ])('%s', (_what, key) => {
    expect(passes(key)).toBe(false)
  })
})

function passes({ pk, sk }: RegistryKey): boolean {
  const event = { dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } } } }
  return FilterCriteria.Filters.some(({ Pattern }) => fitsPattern(JSON.parse(Pattern), event))
}
