/**
 * What a process used: time on a processor for one piece of work, and memory, at most so far and
 * now.
 */
export type Used = { readonly cpuMs: number; readonly peakBytes: number; readonly rssBytes: number }

/** What this process uses for some work. */
export async function usedBy(work: () => Promise<unknown>): Promise<Used> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return {
    cpuMs: (user + system) / 1000,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    rssBytes: process.memoryUsage().rss,
  }
}
