/** Names in a user agent and what they mean. The first that fits counts: most pose as others. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|Chromium|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]

const systems: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\b(iPhone|iPad|iPod)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

/**
 * A browser by its user agent, as in `Firefox on Linux`. Only known names: what a stranger sends
 * must not become words in a mail to somebody else.
 */
export function browserInWords(userAgent: string): string {
  const named = (names: typeof browsers) => names.find(([form]) => form.test(userAgent))?.[1]
  const browser = named(browsers) ?? 'an unknown browser'
  const system = named(systems)
  return system === undefined ? browser : `${browser} on ${system}`
}
