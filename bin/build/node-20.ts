/*
 * What the package uses that Node 20 lacks. It stands before everything else in each bundle; a
 * checkout runs on a newer one.
 */
if (!('groupBy' in Map)) Object.assign(Map, { groupBy: grouped })
if (!('parse' in URL)) Object.assign(URL, { parse: parsed })

function grouped<K, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  let index = 0
  for (const item of items) {
    const key = keyOf(item, index++)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

function parsed(url: string, base?: string): URL | null {
  return URL.canParse(url, base) ? new URL(url, base) : null
}
