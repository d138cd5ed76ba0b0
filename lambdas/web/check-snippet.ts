import type { Project } from '../domain/people/project.ts'
import type { Check } from '../domain/watching/check.ts'
import { mayOverlap } from '../domain/watching/overlap.ts'
import { type SnippetFacts, type SnippetKind, snippetKinds } from '../domain/snippets/snippet.ts'
import { kindsFor, snippetOf } from '../domain/snippets/snippets.ts'
import type { Form } from './form.ts'
import type { Naming, ShownSnippet } from './pages/check-snippet.ts'
import { NotHere } from './refused.ts'

const MASKED_KEY = 'PING-KEY'

export type SnippetRequest = { readonly kind: SnippetKind; readonly naming: Naming }

/** Which snippet a query asks for; crontab by UUID without any. */
export function snippetAsked(query: Form, kind = query.text('kind')): SnippetRequest {
  const by = query.text('by') === 'slug' ? 'slug' : 'uuid'
  return {
    kind: snippetKinds.find((each) => each === kind) ?? 'crontab',
    naming: { by, showsKey: query.text('key') === 'show' },
  }
}

/** Where pings go: below a URL, and by mail to a domain if there is one. */
type PingedPlaces = {
  readonly pingEndpoint: string
  readonly pingEmailDomain?: string | undefined
}

/** @throws NotHere where there is no such snippet */
export function shownSnippet(
  { pingEndpoint, pingEmailDomain }: PingedPlaces,
  { project, check }: { readonly project: Project; readonly check: Check },
  { kind, naming }: SnippetRequest,
): ShownSnippet {
  const by = check.slug === '' ? 'uuid' : naming.by
  const key = naming.showsKey ? project.pingKey : MASKED_KEY
  const pingUrl = `${pingEndpoint}/${by === 'slug' ? `${key}/${check.slug}` : check.id}`
  const mailbox = by === 'slug' ? `${key}+${check.slug}` : check.id
  const { name, schedule, timeZone } = check
  const facts: SnippetFacts = {
    pingUrl,
    name,
    schedule,
    timeZone,
    runsOverlap: mayOverlap(check),
    ...(pingEmailDomain === undefined ? {} : { mailAddress: `${mailbox}@${pingEmailDomain}` }),
  }
  const snippet = snippetOf(kind, facts)
  if (snippet === undefined) throw new NotHere()
  return {
    project,
    check,
    pingUrl,
    kind,
    kinds: kindsFor(facts),
    naming: { ...naming, by },
    snippet,
  }
}
