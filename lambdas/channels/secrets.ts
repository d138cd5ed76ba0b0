/** A secret as people may see it: its end, where enough of it stays hidden. */
export function ending(secret: string): string {
  return secret.length < 12 ? '…' : `…${secret.slice(-4)}`
}

/**
 * A text without these secrets. Of a URL, what stands behind the host is secret part by part, and
 * so is each of several words.
 */
export function masked(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap(partsOf)
    .toSorted((one, other) => other.length - one.length)
    .reduce((left, part) => left.replaceAll(part, ending(part)), text)
}

const SHORTEST_PART = 8

function partsOf(secret: string): readonly string[] {
  if (!URL.canParse(secret)) return [secret, ...longOf(secret.split(','))]
  const { pathname, search, searchParams } = new URL(secret)
  const asWritten = search.split('&').map((parameter) => parameter.replace(/^[^=]*=/, ''))
  const parts = [...pathname.split('/'), ...searchParams.values(), ...asWritten]
  return longOf([secret, `${pathname}${search}`, pathname, ...parts])
}

function longOf(parts: readonly string[]): readonly string[] {
  return parts.filter((part) => part.length >= SHORTEST_PART)
}
