import type { MessageKeeper } from '../../lib/local/services/queue.ts'
import { KeptFile } from '../../lib/local/data/kept-file.ts'
import { KeptState } from '../../lib/local/data/kept-state.ts'
import { StorageError } from '../../lib/local/data/storage-error.ts'

/** What keeps in memory, and nothing at all while the disk is full. */
export function keeper() {
  const state = new KeptState(KeptFile.inMemory())
  let isFull = false
  const unlessFull = <Args extends readonly unknown[]>(write: (...args: Args) => void) => {
    return (...args: Args) => {
      if (isFull) throw new StorageError('the disk is full')
      write(...args)
    }
  }
  const kept = {
    messagesOf: (queue) => state.messagesOf(queue),
    keepMessage: unlessFull((queue, message) => state.keepMessage(queue, message)),
    forgetMessage: unlessFull((id) => state.forgetMessage(id)),
  } satisfies MessageKeeper
  return { ...kept, state, fill: (full = true) => (isFull = full) }
}
