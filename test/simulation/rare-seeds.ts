/** Seeds with the coincidence that a bug takes, where that is rare. */
export const rareSeeds: Readonly<Record<string, number>> = {
  'a ping answers 200 before a write that fails': 40,
  'the sweep flags whatever has become of a heartbeat': 245,
  'relay drops what the queue refuses, and the sweep sends nothing again': 91,
  'alert takes what the queue refused for sent': 71,
  'deliver sends without a claim': 16,
  'deliver gives up at the first refusal': 7,
  'a digest tells of the first flip only': 71,
  'sync does not follow': 265,
  'the API leaves deleted checks to the stream': 16,
  'pings are limited by their number alone': 8,
  'whoever makes a check does not look who else does': 13,
  'a digest waits three times as long': 99,
  'a webhook that fails is called as often as ever': 7,
  'the sweep takes each canary for good': 41,
  'a hold has hardly an end': 250,
}
