/** A UUID of whatever version, in small letters, as part of a pattern. */
export const uuidPattern = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'

const UUID = new RegExp(`^${uuidPattern}$`)

/** A UUID in the one form in which UUIDs are compared; undefined when the text is no UUID. */
export function parseUuid(text: string): string | undefined {
  const lower = text.toLowerCase()
  return UUID.test(lower) ? lower : undefined
}
