/**
 * Whether an ARN is one of those that are named, as IAM reads them here: an asterisk at the end of
 * one stands for whatever follows.
 */
export function isNamed(arn: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? arn.startsWith(pattern.slice(0, -1)) : arn === pattern,
  )
}
