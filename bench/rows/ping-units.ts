import type { Row } from '../figure.ts'
import { measuredPings } from '../measured-pings.ts'

export const pingUnits: Row = {
  name: 'ping-units',
  help: 'DynamoDB units of a plain ping and of its line in the log: 10,000 pings over 1,000 checks, metered',
  measure: async (progress) => {
    const { ping, record, otherInvocations } = await measuredPings(progress)
    return [
      { name: 'write units a ping', unit: 'units', value: ping.writeUnits, target: { atMost: 1 } },
      { name: 'read units a ping', unit: 'units', value: ping.readUnits, target: { atMost: 0 } },
      {
        name: 'write units more, with the log',
        unit: 'units',
        value: record.writeUnits,
        target: { atMost: 1.05 },
      },
      {
        name: 'read units more, with the log',
        unit: 'units',
        value: record.readUnits,
        target: { atMost: 0 },
      },
      {
        name: 'invocations of further functions',
        unit: 'in all',
        value: otherInvocations,
        target: { atMost: 0 },
      },
    ]
  },
}
