/** Reads what stands under a name once, and again where that failed. */
export function readOnce<Read>(
  read: (name: string) => Promise<Read>,
): (name: string) => Promise<Read> {
  const found = new Map<string, Promise<Read>>()
  return async (name) => {
    const reading = found.get(name) ?? read(name)
    found.set(name, reading)
    try {
      return await reading
    } catch (error) {
      found.delete(name)
      throw error
    }
  }
}
