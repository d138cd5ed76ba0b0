import { dollarsOf, dollarsOfLogLine } from '../cost-model.ts'
import type { Row } from '../figure.ts'
import { measuredPings } from '../measured-pings.ts'
import { pingUses } from '../ping-uses.ts'

const MILLION = 1e6
/** 1000 checks, every five minutes, and a hundred times that. */
const QUIET = 1000 / 300
const BUSY = 100_000 / 300

export const pingCost: Row = {
  name: 'ping-cost',
  help: 'dollars per million pings: metered calls, bytes logged, time on a processor as 256 MB have it, at the prices of bench/prices.json',
  measure: async (progress) => {
    const measured = await measuredPings(progress)
    const uses = pingUses(measured)
    const ping = MILLION * dollarsOf(uses.ping)
    const logged = (pingsPerSecond: number) =>
      ping + MILLION * dollarsOfLogLine(uses, pingsPerSecond)
    const unit = '$ a million'
    return [
      { name: 'without the log', unit, value: ping, target: { atMost: 0.9 } },
      { name: 'with the log, 333 pings/s', unit, value: logged(BUSY), target: { atMost: 1.6 } },
      { name: 'with the log, 3.3 pings/s', unit, value: logged(QUIET), target: { atMost: 1.6 } },
      {
        name: 'logged for pings that succeed',
        unit: 'bytes',
        value: measured.loggedBytes,
        target: { atMost: 0 },
      },
      { name: 'CPU of a ping of a whole processor', unit: 'ms', value: measured.cpuMs.ping },
      {
        name: 'CPU of a line in the log, among many of a whole processor',
        unit: 'ms',
        value: measured.cpuMs.line,
      },
    ]
  },
}
