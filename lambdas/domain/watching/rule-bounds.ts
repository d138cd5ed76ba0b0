/** The bounds of rules, wherever a check comes from. */
export const ruleBounds = {
  runtimeSeconds: { least: 1, most: 31_536_000 },
  earlySeconds: { least: 1, most: 86_400 },
  ends: { least: 1, most: 100 },
  endsSeconds: { least: 60, most: 604_800 },
  runs: { least: 1, most: 20 },
  repeatSeconds: { least: 300, most: 2_592_000 },
  escalationSeconds: { least: 60, most: 2_592_000 },
  mostEscalations: 5,
  /** Each read of the check reads them all. */
  mostChannelsTold: 20,
  mostParents: 10,
} as const
