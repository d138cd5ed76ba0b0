/** `make` with its last `limit` results kept; the oldest goes first. */
export function memoized<Key, Value>(
  limit: number,
  make: (key: Key) => Value,
): (key: Key) => Value {
  const kept = new Map<Key, { readonly value: Value }>()
  return (key) => {
    const known = kept.get(key)
    if (known !== undefined) return known.value
    const value = make(key)
    for (const oldest of kept.keys()) {
      if (kept.size < limit) break
      kept.delete(oldest)
    }
    kept.set(key, { value })
    return value
  }
}
