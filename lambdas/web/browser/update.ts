import { morph } from './morph.ts'
import { say } from './say.ts'
import { tellNumberDown } from './tab.ts'
import { showZone } from './zones.ts'

const MOST_TOLD = 3
const TOLD_FOR_MS = 10_000

/** A row whose status is another than before. */
type Changed = { readonly row: string; readonly name: string; readonly status: string }

/** Rows whose status has changed since the page was loaded. */
const changedRows = new Set<string>()

/** Puts fresh content into its places. */
export function update(region: HTMLElement, content: DocumentFragment): readonly Changed[] {
  const changed: Changed[] = []
  for (const kind of ['row', 'part'] as const) {
    const places = named(region, kind)
    for (const [name, fresh] of named(content, kind)) {
      const old = places.get(name)
      if (old === undefined) continue
      const { status, name: called = name } = fresh.dataset
      if (status !== undefined && status !== old.dataset['status'])
        changed.push({ row: name, name: called, status })
      morph(old, fresh)
    }
  }
  tellNumberDown()
  showZone()
  return changed
}

function named(within: ParentNode, kind: 'row' | 'part'): ReadonlyMap<string, HTMLElement> {
  return new Map(
    [...within.querySelectorAll<HTMLElement>(`[data-${kind}]`)].map((each) => [
      each.dataset[kind] ?? '',
      each,
    ]),
  )
}

/** Rows stay where they are: how many would move is said beside them. */
export function showChanges(region: HTMLElement, changed: readonly Changed[]): void {
  if (changed.length === 0) return
  for (const { row } of changed) changedRows.add(row)
  const words = changed.slice(0, MOST_TOLD).map(({ name, status }) => `${name} is ${status}`)
  const more = changed.length - words.length
  say(`${words.join(', ')}${more > 0 ? `, and ${more} more changed` : ''}`, TOLD_FOR_MS)
  const link = region.querySelector<HTMLElement>('[data-changed]')
  if (link === null) return
  link.textContent = `${changedRows.size} changed, sort again`
  link.hidden = false
}
