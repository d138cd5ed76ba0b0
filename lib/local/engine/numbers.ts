import { invalid } from './failures.ts'

/** `coefficient` × 10 to the power of `exponent`. */
type Decimal = { readonly coefficient: bigint; readonly exponent: number }

const LONGEST_SMALL = 15
const MOST_DIGITS = 38
const LARGEST_MAGNITUDE = 125
const SMALLEST_MAGNITUDE = -130

/**
 * A number in the form in which DynamoDB answers with it: without exponent, plus sign or needless
 * zeros.
 * @throws as DynamoDB does when the text is no number, or one with too many digits
 */
export function canonicalNumber(text: string): string {
  return isPlainInteger(text) ? text : textOf(decimalOf(text))
}

/** The sum of two canonical numbers. */
export function sumOf(one: string, other: string): string {
  const sum = small(one) + small(other)
  return Number.isNaN(sum) ? textOf(added(decimalOf(one), decimalOf(other))) : sum.toString()
}

/** The difference of two canonical numbers. */
export function differenceOf(one: string, other: string): string {
  const difference = small(one) - small(other)
  return Number.isNaN(difference) ? sumOf(one, negated(other)) : difference.toString()
}

/** Compares two canonical numbers: below zero when the first is less. */
export function compareNumbers(one: string, other: string): number {
  return Number(differenceSign(one, other))
}

function differenceSign(one: string, other: string): number | bigint {
  const difference = small(one) - small(other)
  return Number.isNaN(difference)
    ? added(decimalOf(one), decimalOf(negated(other))).coefficient
    : difference
}

/** A whole number that JavaScript adds exactly; else NaN, which makes each sum with it NaN. */
function small(text: string): number {
  if (text.length > LONGEST_SMALL) return NaN
  const number = Number(text)
  return Number.isInteger(number) ? number : NaN
}

function isPlainInteger(text: string): boolean {
  return text.length <= LONGEST_SMALL && /^(?:0|-?[1-9]\d*)$/.test(text)
}

function negated(text: string): string {
  return text.startsWith('-') ? text.slice(1) : `-${text}`
}

function decimalOf(text: string): Decimal {
  const [match, sign, whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  if (match === undefined || whole + fraction === '') {
    throw invalid(
      `The parameter cannot be converted to a numeric value${text === '' ? '' : `: ${text}`}`,
    )
  }
  const digits = (whole + fraction).replace(/^0+/, '')
  const kept = digits.replace(/0+$/, '')
  return {
    coefficient: BigInt(`${sign === '-' ? '-' : ''}${kept === '' ? '0' : kept}`),
    exponent: kept === '' ? 0 : Number(exponent) - fraction.length + digits.length - kept.length,
  }
}

function added(one: Decimal, other: Decimal): Decimal {
  const exponent = Math.min(one.exponent, other.exponent)
  return { coefficient: scaled(one, exponent) + scaled(other, exponent), exponent }
}

function scaled({ coefficient, exponent }: Decimal, to: number): bigint {
  return coefficient * 10n ** BigInt(exponent - to)
}

function textOf({ coefficient, exponent }: Decimal): string {
  if (coefficient === 0n) return '0'
  const sign = coefficient < 0n ? '-' : ''
  const all = (coefficient < 0n ? -coefficient : coefficient).toString()
  const digits = all.replace(/0+$/, '')
  const scale = exponent + all.length - digits.length
  checkRange(digits.length, digits.length + scale - 1)
  if (scale >= 0) return `${sign}${digits}${'0'.repeat(scale)}`
  const padded = digits.padStart(1 - scale, '0')
  return `${sign}${padded.slice(0, scale)}.${padded.slice(scale)}`
}

function checkRange(digits: number, magnitude: number): void {
  const attempt = (size: string) =>
    `Attempting to store a number with magnitude ${size} than supported range`
  if (magnitude > LARGEST_MAGNITUDE) throw invalid(`Number overflow. ${attempt('larger')}`)
  if (magnitude < SMALLEST_MAGNITUDE) throw invalid(`Number underflow. ${attempt('smaller')}`)
  if (digits > MOST_DIGITS)
    throw invalid(`Attempting to store more than ${MOST_DIGITS} significant digits in a Number`)
}
