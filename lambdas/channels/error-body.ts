import type * as z from 'zod'

/** What a service says in a body; undefined where that is not JSON of this shape. */
export function saidIn<Said>(shape: z.ZodType<Said>, body: string): Said | undefined {
  try {
    return shape.safeParse(JSON.parse(body)).data
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
