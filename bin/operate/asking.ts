import type { Ask } from './command-answer.ts'

type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean }
type Output = NodeJS.WritableStream & { readonly isTTY?: boolean }

/** Asks on a terminal; undefined where there is none at one of the two ends. */
export function makeAsk(input: Input, output: Output): Ask | undefined {
  if (input.isTTY !== true || output.isTTY !== true) return undefined
  return async (prompt, { isHidden }) => {
    const { createInterface } = await import('node:readline')
    output.write(prompt)
    const lines = createInterface({ input, terminal: true, ...(isHidden ? {} : { output }) })
    try {
      return await new Promise((resolve, reject) => {
        lines.once('line', resolve)
        lines.once('close', () => reject(new Error('nothing was entered, and nothing is done')))
      })
    } finally {
      lines.close()
      if (isHidden) output.write('\n')
    }
  }
}
