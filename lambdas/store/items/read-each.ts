import { nameOf, warn } from '../../runtime/log.ts'

/** Notes an item that can't be read, by its reader's name for it. */
export type NoteUnreadable = (item: string) => void

/**
 * Decodes items one by one. An item that can't be read is named, and hides none of the others. What
 * is decoded as undefined is left out.
 */
export function readEach<Item, Read>(
  items: readonly Item[],
  decode: (item: Item) => Read | undefined,
  unreadable: {
    readonly nameOf: (item: Item) => string
    readonly note?: NoteUnreadable | undefined
  },
): readonly Read[] {
  const read: Read[] = []
  for (const item of items) {
    try {
      const decoded = decode(item)
      if (decoded !== undefined) read.push(decoded)
    } catch (error) {
      const name = unreadable.nameOf(item)
      warn('item-unreadable', { item: name, error: nameOf(error) })
      unreadable.note?.(name)
    }
  }
  return read
}
